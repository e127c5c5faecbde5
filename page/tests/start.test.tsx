import {afterEach, beforeEach, expect, test} from 'vitest';
import {bodyOf, EMPTY} from '../src/draft';
import {keep, recall} from '../src/kept';
import {texts} from '../src/texts';
import {apiWith, json, named, never, OPENED, pass, press, stubDocument, type} from './dom';
import {listed, pageOf, stateOf} from './workspace';

const STARTED = {renderId: '1pwhfhh11z', bucketName: 'b'};
const UNKEPT = {'GET render': () => json({code: 'renders_table_not_configured', detail: 'No table.'}, 404)};
const {problem, form} = texts;

let restore: () => Promise<void>;
beforeEach(() => {
	restore = stubDocument();
});
afterEach(() => restore());

const alerts = () => [...document.querySelectorAll('form [role="alert"]')].map(({textContent}) => textContent);
const said = () => document.querySelector('.dock [role="status"]')?.textContent;

test('whoever looks at the account during a start finds it again, and it is not sent twice', async () => {
	let answer = (_: Response) => {};
	const answered = new Promise<Response>((resolve) => {
		answer = resolve;
	});
	const api = apiWith({...OPENED, 'POST render': () => answered, 'GET render/1pwhfhh11z': never});
	await pageOf(api).open();
	await press(form.start);
	await press(texts.account.title);
	await press(texts.account.close);
	expect(named('button', form.start)[0]?.getAttribute('aria-busy')).toBe('true');
	await press(form.start);
	answer(json(STARTED, 201));
	await pass();
	expect(api.askedFor('POST render')).toHaveLength(1);
	expect(location.hash).toBe('#/renders/1pwhfhh11z');
	expect(recall('start')).toBeNull();
});

test('a start that is answered leads nobody away from what they have gone to', async () => {
	let answer = (_: Response) => {};
	const api = apiWith({
		...OPENED,
		'POST render': () =>
			new Promise<Response>((resolve) => {
				answer = resolve;
			}),
	});
	await pageOf(api).open();
	await press(form.start);
	await press(texts.account.title);
	const before = api.askedFor('GET usage').length;
	answer(json(STARTED, 201));
	await pass();
	expect(location.hash).toBe('#/account');
	// What is left of the quota is told there, too.
	expect(api.askedFor('GET usage').length).toBe(before + 1);
	await press(texts.account.close);
	expect(location.hash).toBe('#/');

	await press(form.start);
	await press(texts.signOut);
	answer(json(STARTED, 201));
	await pass();
	expect(location.hash).toBe('#/');
	expect(sessionStorage.length).toBe(0);
});

test('nor does a render that is made again', async () => {
	let answer = (_: Response) => {};
	const api = apiWith({
		...OPENED,
		'GET render': () => json({renders: [listed('r1')], cursor: null}),
		'GET render/r1': () => json(stateOf('r1', {options: {composition: 'MyVideo'}, inputProps: {}})),
		'POST render': () =>
			new Promise<Response>((resolve) => {
				answer = resolve;
			}),
	});
	await pageOf(api).open();
	await press(texts.list.menu);
	await press(texts.render.again);
	await press(texts.account.title);
	answer(json(STARTED, 201));
	await pass();
	expect(api.askedFor('POST render')).toHaveLength(1);
	expect(location.hash).toBe('#/account');
});

test('a start that the end of the session has interrupted goes on with the same key', async () => {
	let turn = 0;
	const api = apiWith({
		...OPENED,
		'POST render': (_, signal) =>
			turn++ > 0
				? json(STARTED, 201)
				: new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
		'GET render/1pwhfhh11z': never,
	});
	const {open} = pageOf(api);
	const close = await open();
	await press(form.start);
	close();
	await pass();
	await open();
	const starts = api.askedFor('POST render');
	expect(starts).toHaveLength(2);
	expect(starts[1]).toEqual(starts[0]);
	expect(location.hash).toBe('#/renders/1pwhfhh11z');
});

test('an interrupted start does not go on where no key keeps it from becoming two', async () => {
	const api = apiWith({...OPENED, ...UNKEPT});
	keep('start', {body: '{}', draft: {...EMPTY, composition: 'MyVideo'}});
	await pageOf(api).open();
	expect(api.askedFor('POST render')).toHaveLength(0);
	expect(alerts()).toEqual([problem.startUnreachableWithoutKey]);
	expect(recall('start')).toBeNull();
});

test('retrying a lost start sends what was sent, whatever has been typed since', async () => {
	let lost = true;
	const api = apiWith({
		...OPENED,
		'POST render': () => (lost ? Promise.reject(new Error('lost')) : json(STARTED, 201)),
		'GET render/1pwhfhh11z': never,
	});
	await pageOf(api).open();
	await press(form.start);
	expect(said()).toBe(form.phases.connection);
	await pass(60_000);
	expect(alerts()).toEqual([problem.startUnreachable]);
	await type(form.name, 'Another');
	lost = false;
	await press(texts.retry);
	const starts = api.askedFor('POST render');
	expect(starts.length).toBeGreaterThan(1);
	expect(new Set(starts.map(({body, key}) => `${key} ${body}`)).size).toBe(1);
	expect(location.hash).toBe('#/renders/1pwhfhh11z');
});

test('nothing is promised of a lost start without a key', async () => {
	const api = apiWith({
		...OPENED,
		...UNKEPT,
		'POST render': ({key}) =>
			key ? json({code: 'idempotency_unavailable', detail: 'No table.'}, 404) : Promise.reject(new Error('lost')),
	});
	await pageOf(api).open();
	await press(form.start);
	expect(alerts()).toEqual([problem.startUnreachableWithoutKey]);
	expect(named('button', texts.retry)).toEqual([]);
});

test('a start that waits for room does not say that the connection was lost', async () => {
	const refused = {code: 'capacity_spent', detail: 'No room.'};
	const api = apiWith({...OPENED, 'POST render': () => json(refused, 429, {'retry-after': '5'})});
	await pageOf(api).open();
	await press(form.start);
	expect(said()).toBe(form.phases.room);
});

test('a reload keeps what was sent apart from what is typed then', async () => {
	const draft = {...EMPTY, composition: 'MyVideo', props: {MyVideo: '{"title": "Ada"}'}};
	const api = apiWith({...OPENED, 'POST render': () => json(STARTED, 201), 'GET render/1pwhfhh11z': never});
	keep('draft', {...draft, name: 'Later'});
	keep('start', {body: bodyOf(draft), draft});
	await pageOf(api).open();
	expect(api.askedFor('POST render').map(({body}) => body)).toEqual([bodyOf(draft)]);
	expect(named('.row-open .name', 'Ada')).toHaveLength(1);
});

test('the list is asked for again where a render may have started', async () => {
	const unknown = {code: 'idempotency_outcome_unknown', detail: 'Nobody knows.'};
	const api = apiWith({...OPENED, 'POST render': () => json(unknown, 409)});
	await pageOf(api).open();
	expect(api.askedFor('GET render')).toHaveLength(1);
	await press(form.start);
	expect(alerts()).toEqual([problem.outcomeUnknown]);
	expect(api.askedFor('GET render')).toHaveLength(2);
});
