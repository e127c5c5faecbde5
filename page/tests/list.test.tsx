import type {ListedRender} from 'remotion-render-api-client';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {useStates} from '../src/hooks/useStates';
import {texts} from '../src/texts';
import {apiWith, fieldOf, json, never, OPENED, pass, press, shown, stubDocument, type} from './dom';
import {BATCH, listed, Page, stateOf} from './workspace';

const words = texts.list;

let restore: () => Promise<void>;
beforeEach(() => {
	restore = stubDocument();
});
afterEach(() => restore());

const ignore = () => {};

function Followed({client, list}: Pick<ReturnType<typeof apiWith>, 'client'> & {list: ListedRender[]}) {
	useStates(client, list, null, ignore);
	return null;
}

async function choose(status: string) {
	const select = fieldOf(words.filter);
	select.value = status;
	select.dispatchEvent(new Event('change', {bubbles: true}));
	await pass();
}

const inList = (selector: string) => [...document.querySelectorAll(`.list ${selector}`)];

test('the list of a batch is asked for until its renders are there', async () => {
	let made: ListedRender[] = [];
	const api = apiWith({
		...OPENED,
		'GET render': () => json({renders: made, cursor: null}),
		'GET batches/b1': () => json(BATCH),
	});
	location.hash = '#/batches/b1';
	await shown(<Page {...api} />);
	expect(document.body.textContent).not.toContain(words.empty);
	made = [listed('r1')];
	await pass(5_000);
	expect(inList('.row')).toHaveLength(1);
	made = [listed('r1'), listed('r2')];
	await pass(5_000);
	expect(inList('.row')).toHaveLength(2);
	const before = api.askedFor('GET render').length;
	await pass(20_000);
	expect(api.askedFor('GET render')).toHaveLength(before);
	expect(api.askedFor('GET batches/b1').length).toBeGreaterThan(3);
});

test('the list of a batch is not asked for again and again with a filter', async () => {
	const api = apiWith({
		...OPENED,
		'GET render': () => json({renders: [listed('r1')], cursor: null}),
		'GET batches/b1': () => json({...BATCH, total: 5_000}),
	});
	location.hash = '#/batches/b1';
	await shown(<Page {...api} />);
	await choose('done');
	const before = api.askedFor('GET render').length;
	await pass(20_000);
	expect(api.askedFor('GET render')).toHaveLength(before);
	expect(api.askedFor('GET batches/b1').length).toBeGreaterThan(3);
});

test('what a filter does not find is told at the end of the list', async () => {
	let filtered = {renders: [] as ListedRender[], cursor: 'older' as string | null};
	const api = apiWith(OPENED);
	const list = async (query: object) => {
		if ('cursor' in query) return never();
		return 'status' in query ? filtered : {renders: [listed('r1')], cursor: null};
	};
	const client = {...api.client, list} as typeof api.client;
	await shown(<Page client={client} />);
	await choose('failed');
	expect(document.body.textContent).not.toContain(words.noneFound);
	filtered = {renders: [], cursor: null};
	await choose('cancelled');
	expect(document.body.textContent).toContain(words.noneFound);
});

test('why a batch is not cancelled stays to be read', async () => {
	const api = apiWith({
		...OPENED,
		'GET batches/b1': () => json(BATCH),
		'POST batches/b1/cancel': () => json({code: 'role_forbids', detail: 'You may not.'}, 403),
	});
	location.hash = '#/batches/b1';
	await shown(<Page {...api} />);
	await press(texts.batch.cancel);
	await pass(15_000);
	expect([...document.querySelectorAll('[role="alert"]')].map(({textContent}) => textContent)).toEqual(['You may not.']);
});

test('the newest link of a render is the one that its row has', async () => {
	let row = listed('r1', {status: 'started'});
	const api = apiWith({
		...OPENED,
		'GET render': () => json({renders: [row], cursor: null}),
		'GET render/r1': () => json(stateOf('r1', {outputUrl: 'https://b.example/old.mp4'})),
	});
	await shown(<Page {...api} />);
	await press(words.menu);
	const link = () => inList('.row-actions a').map((one) => one.getAttribute('href'));
	expect(link()).toEqual(['https://b.example/old.mp4']);
	row = listed('r1', {outputUrl: 'https://b.example/new.mp4'});
	await press(words.refresh);
	expect(link()).toEqual(['https://b.example/new.mp4']);
});

test('a search begins when nobody has typed for a moment', async () => {
	const api = apiWith({...OPENED, 'GET render': () => json({renders: [listed('r1')], cursor: 'older'})});
	await shown(<Page {...api} />);
	const before = api.askedFor('GET render').length;
	for (const text of ['not', 'nothing']) {
		await type(words.search, text);
		await pass(200);
		expect(api.askedFor('GET render')).toHaveLength(before);
	}
	await pass(5_000);
	expect(api.askedFor('GET render')).toHaveLength(before + 10);
});

test('a render that waits is asked for every half minute, another one more often', async () => {
	const api = apiWith({
		'GET render/waits': () => json(stateOf('waits', {status: 'waiting'})),
		'GET render/runs': () => json(stateOf('runs', {status: 'rendering'})),
	});
	const rows = [listed('waits', {status: 'waiting'}), listed('runs', {status: 'started'})];
	const root = document.createElement('div');
	await shown(<Followed {...api} list={rows} />, root);
	for (let turn = 0; turn < 3; turn++) await pass(9_990);
	expect(api.askedFor('GET render/waits')).toHaveLength(1);
	expect(api.askedFor('GET render/runs')).toHaveLength(3);
	// Another list is no reason to ask for it again.
	await shown(<Followed {...api} list={rows.slice(0, 1)} />, root);
	expect(api.askedFor('GET render/waits')).toHaveLength(1);
	await pass(30_000);
	expect(api.askedFor('GET render/waits')).toHaveLength(2);
});
