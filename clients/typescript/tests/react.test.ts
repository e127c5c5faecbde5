// @vitest-environment happy-dom
import {act, createElement} from 'react';
import {createRoot} from 'react-dom/client';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {createClient, type ListedRender} from '../src/index.ts';
import {type UseRender, type UseRenderOptions, type UseRenders, useRender, useRenders} from '../src/react.ts';
import {render} from './server.ts';

type Asked = {method: string; url: string; key: string | null};
type Answer = () => Response | Promise<Response>;

let asked: Asked[];

const ok =
	(body: object, status = 200) =>
	() =>
		new Response(JSON.stringify(body), {status});
const never = () => new Promise<never>(() => {});
const lost = () => Promise.reject(new Error('lost'));

/** A client whose API answers by what is asked, the last answer again and again. */
function clientWith(answers: Record<string, Answer[]>) {
	const fetch = async (url: unknown, init?: RequestInit) => {
		const method = init?.method ?? 'GET';
		asked.push({method, url: String(url), key: new Headers(init?.headers).get('idempotency-key')});
		const turns = answers[`${method} ${url}`] ?? [];
		const answer = turns.length > 1 ? turns.shift() : turns[0];
		return answer ? answer() : lost();
	};
	return createClient({url: '', token: 'jwt', fetch: fetch as typeof globalThis.fetch, retries: 0});
}

function Probe({hook}: {hook: () => void}) {
	hook();
	return null;
}

/** Mounts a hook; `current` is what it gives. */
function mounted<T>(hook: () => T) {
	const root = createRoot(document.createElement('div'));
	const seen = {current: undefined as T};
	const noted = () => {
		seen.current = hook();
	};
	act(() => root.render(createElement(Probe, {hook: noted})));
	return {seen, unmount: () => act(() => root.unmount())};
}

const sleep = setTimeout;

/** Lets time pass, much faster than it does, until something holds. */
async function until(holds: () => boolean) {
	for (let turn = 0; turn < 200 && !holds(); turn++) {
		await act(async () => {
			await vi.advanceTimersByTimeAsync(100);
			await new Promise((next) => sleep(next, 1));
		});
	}
	expect(holds()).toBe(true);
}

beforeEach(() => {
	asked = [];
	vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	sessionStorage.clear();
});

const ID = '1pwhfhh11z';
const STARTED = {renderId: ID, bucketName: 'b'};
const URL = 'https://b.example/out.mp4?X-Amz-Expires=900';

function rendering(client: ReturnType<typeof clientWith>, options?: UseRenderOptions) {
	return mounted<UseRender>(() => useRender(client, options));
}

test('a start is followed until it is done', async () => {
	const client = clientWith({
		'POST render': [ok(STARTED)],
		[`GET render/${ID}`]: [ok(render('rendering', {progress: 0.5})), lost, ok(render('done', {progress: 1, outputUrl: URL}))],
	});
	const {seen, unmount} = rendering(client);
	expect(seen.current).toMatchObject({renderId: null, render: null, progress: 0, url: null, isStarting: false, error: null});
	act(() => {
		void seen.current.start({composition: 'MyVideo'});
		// A double click.
		void seen.current.start({composition: 'MyVideo'});
	});
	expect(seen.current.isStarting).toBe(true);
	await until(() => seen.current.progress === 0.5);
	await until(() => seen.current.error !== null);
	await until(() => seen.current.url === URL);
	expect(seen.current).toMatchObject({renderId: ID, progress: 1, isStarting: false, error: null});
	expect(asked.filter(({method}) => method === 'POST')).toHaveLength(1);
	unmount();
});

test('a refusal is an error, and the next start clears it', async () => {
	const refused = {code: 'quota_spent', detail: 'Tomorrow.', status: 429};
	const client = clientWith({
		'POST render': [ok(refused, 429), ok(STARTED)],
		[`GET render/${ID}`]: [ok(render('done'))],
	});
	const {seen, unmount} = rendering(client);
	await act(() => seen.current.start({}));
	expect(seen.current.error).toMatchObject({code: 'quota_spent'});
	await act(() => seen.current.start({}));
	await until(() => seen.current.render?.status === 'done');
	expect(seen.current.error).toBeNull();
	unmount();
});

test('a reload finds the render again, and forgets it when it is told to', async () => {
	const client = clientWith({'POST render': [ok(STARTED)], [`GET render/${ID}`]: [ok(render('rendering'))]});
	const before = rendering(client, {storageKey: 'video'});
	await act(() => before.seen.current.start({}));
	before.unmount();
	const after = rendering(client, {storageKey: 'video'});
	expect(after.seen.current.renderId).toBe(ID);
	await until(() => after.seen.current.render !== null);
	act(() => after.seen.current.reset());
	expect(after.seen.current).toMatchObject({renderId: null, render: null});
	after.unmount();
	const last = rendering(client, {storageKey: 'video'});
	expect(last.seen.current.renderId).toBeNull();
	last.unmount();
});

test('a reload in the middle of a start goes on with it, and does not start another one', async () => {
	const before = rendering(clientWith({'POST render': [never]}), {storageKey: 'video'});
	act(() => void before.seen.current.start({composition: 'MyVideo'}, {respondAsync: true}));
	await until(() => asked.length === 1);
	before.unmount();
	const client = clientWith({'POST render': [ok(STARTED)], [`GET render/${ID}`]: [ok(render('rendering'))]});
	const after = rendering(client, {storageKey: 'video'});
	await until(() => after.seen.current.renderId === ID);
	const keys = asked.filter(({method}) => method === 'POST').map(({key}) => key);
	expect(keys).toHaveLength(2);
	expect(keys[0]).not.toBeNull();
	expect(keys[1]).toBe(keys[0]);
	after.unmount();
});

test('a render that was started elsewhere is followed and cancelled', async () => {
	const over = {code: 'render_over', detail: 'It is over.', status: 409};
	const client = clientWith({
		[`POST render/${ID}/cancel`]: [ok({}, 202), ok(over, 409)],
		[`GET render/${ID}`]: [ok(render('rendering')), ok(render('cancelled'))],
	});
	const {seen, unmount} = rendering(client, {renderId: ID});
	await until(() => seen.current.render?.status === 'rendering');
	await act(() => seen.current.cancel());
	expect(seen.current.error).toBeNull();
	await until(() => seen.current.render?.status === 'cancelled');
	await act(() => seen.current.cancel());
	expect(seen.current.error).toMatchObject({code: 'render_over'});
	unmount();
});

test('a link that is about to end is renewed', async () => {
	const first = render('done', {outputUrl: URL.replace('900', '6')});
	const client = clientWith({[`GET render/${ID}`]: [ok(first), ok(render('done', {outputUrl: URL}))]});
	const {seen, unmount} = rendering(client, {renderId: ID});
	await until(() => seen.current.url === first.outputUrl);
	await act(() => vi.advanceTimersByTimeAsync(5_000));
	await until(() => seen.current.url === URL);
	unmount();
});

test('the list is read page by page, and what is deleted leaves it', async () => {
	const listed = (renderId: string) => ({renderId, status: 'done'}) as ListedRender;
	const client = clientWith({
		'GET render?limit=2': [ok({renders: [listed('a'), listed('b')], cursor: '1.b'})],
		'GET render?limit=2&cursor=1.b': [ok({renders: [listed('b'), listed('c')], cursor: null})],
		'DELETE render/a': [() => new Response(null, {status: 204})],
	});
	const {seen, unmount} = mounted<UseRenders>(() => useRenders(client, {limit: 2}));
	const ids = () => seen.current.renders?.map(({renderId}) => renderId).join('');
	expect(seen.current).toMatchObject({renders: null, isLoading: true});
	await until(() => ids() === 'ab');
	expect(seen.current).toMatchObject({hasMore: true, isLoading: false});
	act(() => seen.current.loadMore());
	await until(() => ids() === 'abc');
	expect(seen.current.hasMore).toBe(false);
	await act(() => seen.current.remove('a'));
	expect(ids()).toBe('bc');
	unmount();
});
