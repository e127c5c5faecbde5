// @vitest-environment happy-dom
import {act, createElement, useEffect} from 'react';
import {hydrateRoot} from 'react-dom/client';
import {renderToString} from 'react-dom/server';
import {afterEach, beforeEach, expect, expectTypeOf, test, vi} from 'vitest';
import type {UseRender, UseRenderOptions} from '../src/react.ts';
import {asked, begin, clientWith, end, held, lost, mounted, never, ok, refusal, reload, useRender} from './hooks.ts';
import {render} from './server.ts';
import {until} from './until.ts';

beforeEach(begin);
afterEach(end);

const ID = '1pwhfhh11z';
const STARTED = {renderId: ID, bucketName: 'b'};
const URL = 'https://b.example/out.mp4?X-Amz-Expires=900';

const posts = () => asked.filter(({method, url}) => method === 'POST' && url === 'render');

function rendering(client: ReturnType<typeof clientWith>, options?: UseRenderOptions, strict?: boolean) {
	return mounted<UseRender>(() => useRender(client, options), strict);
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
	await reload();
	const after = rendering(client, {storageKey: 'video'});
	await until(() => after.seen.current.renderId === ID);
	const keys = posts().map(({key}) => key);
	expect(keys).toHaveLength(2);
	expect(keys[0]).not.toBeNull();
	expect(keys[1]).toBe(keys[0]);
	after.unmount();
});

test('a start that a reload has interrupted is taken up once, whatever clients come', async () => {
	const before = rendering(clientWith({'POST render': [never]}), {storageKey: 'video'});
	act(() => void before.seen.current.start());
	await until(() => asked.length === 1);
	before.unmount();
	const answers = {'POST render': [ok(STARTED)], [`GET render/${ID}`]: [ok(render('rendering'))]};
	let client = clientWith(answers);
	await reload();
	const {seen, repaint, unmount} = mounted<UseRender>(() => useRender(client, {storageKey: 'video'}), true);
	for (let turn = 0; turn < 3; turn++) {
		await until(() => seen.current.render !== null && !seen.current.isStarting);
		client = clientWith(answers);
		repaint();
	}
	expect(posts()).toHaveLength(2);
	unmount();
});

test.each([false, true])('who is mounted during a start joins it, with StrictMode: %s', async (strict) => {
	const {answer, release} = held(ok(STARTED));
	const client = clientWith({'POST render': [answer], [`GET render/${ID}`]: [ok(render('rendering'))]});
	const before = rendering(client, {storageKey: 'video'});
	act(() => void before.seen.current.start());
	await until(() => asked.length === 1);
	before.unmount();
	const after = rendering(client, {storageKey: 'video'}, strict);
	expect(after.seen.current.isStarting).toBe(true);
	await release();
	await until(() => after.seen.current.render !== null);
	expect(after.seen.current).toMatchObject({renderId: ID, isStarting: false});
	expect(posts()).toHaveLength(1);
	after.unmount();
});

test('a start that is taken up is by the same name, and may wait as before', async () => {
	const before = rendering(clientWith({'POST render': [never]}), {storageKey: 'video'});
	act(() => void before.seen.current.start({}, {idempotencyKey: 'order-7', respondAsync: true}));
	await until(() => asked.length === 1);
	before.unmount();
	await reload();
	const after = rendering(clientWith({'POST render': [never]}), {storageKey: 'video'});
	await until(() => asked.length === 2);
	expect(asked[0]).toMatchObject({key: 'order-7', prefer: 'respond-async'});
	expect(asked[1]).toEqual(asked[0]);
	after.unmount();
});

const signedOut = () => {
	throw new Error('Sign in first.');
};

test.each([
	['without an answer', [lost], {}, true],
	['after which it may have been started', [refusal(502, 'render_outcome_unknown')], {}, true],
	['of which only the first attempt may have started it', [lost, refusal(429, 'quota_spent')], {retries: 1}, true],
	['that is refused', [refusal(422, 'invalid_options')], {}, false],
	['that is for later', [refusal(429, 'quota_spent')], {}, false],
	['of nobody', [refusal(401, 'unauthenticated')], {}, false],
	['that has no token', [lost], {token: signedOut}, false],
])('whether a start %s is taken up', async (_, answers, more, isTakenUp) => {
	const before = rendering(clientWith({'POST render': answers}, more), {storageKey: 'video'});
	act(() => void before.seen.current.start());
	await until(() => before.seen.current.error !== null);
	expect(before.seen.current.isStarting).toBe(false);
	before.unmount();
	const sent = posts().length;
	await reload();
	const client = clientWith({'POST render': [ok(STARTED)], [`GET render/${ID}`]: [ok(render('rendering'))]});
	const after = rendering(client, {storageKey: 'video'});
	expect(after.seen.current.isStarting).toBe(isTakenUp);
	await until(() => after.seen.current.renderId === (isTakenUp ? ID : null));
	expect(posts()).toHaveLength(isTakenUp ? sent + 1 : sent);
	expect(new Set(posts().map(({key}) => key)).size).toBe(Math.min(sent, 1));
	after.unmount();
});

test.each([
	['without a connection', lost, {}, true],
	['without a token', ok(STARTED), {token: signedOut}, true],
	['by nobody', refusal(401, 'unauthenticated'), {}, true],
	['at the wrong time', refusal(429, 'quota_spent'), {}, true],
	['after its outcome was lost', refusal(409, 'idempotency_outcome_unknown'), {}, false],
])('whether what is taken up %s is taken up again', async (_, answer, more, isTakenUp) => {
	const before = rendering(clientWith({'POST render': [never]}), {storageKey: 'video'});
	act(() => void before.seen.current.start());
	await until(() => asked.length === 1);
	before.unmount();
	await reload();
	const between = rendering(clientWith({'POST render': [answer]}, more), {storageKey: 'video'});
	await until(() => between.seen.current.error !== null);
	between.unmount();
	const sent = posts().length;
	// Also without a reload.
	const client = clientWith({'POST render': [ok(STARTED)], [`GET render/${ID}`]: [ok(render('rendering'))]});
	const after = rendering(client, {storageKey: 'video'});
	await until(() => after.seen.current.renderId === (isTakenUp ? ID : null));
	expect(posts()).toHaveLength(isTakenUp ? sent + 1 : sent);
	expect(new Set(posts().map(({key}) => key)).size).toBe(1);
	after.unmount();
});

test('without a table, what is taken up is not sent a second time without a key', async () => {
	const untabled = refusal(422, 'idempotency_unavailable');
	const before = rendering(clientWith({'POST render': [untabled, never]}), {storageKey: 'video'});
	act(() => void before.seen.current.start());
	await until(() => asked.length === 2);
	before.unmount();
	await reload();
	const after = rendering(clientWith({'POST render': [untabled]}), {storageKey: 'video'});
	await until(() => after.seen.current.error !== null);
	expect(after.seen.current).toMatchObject({isStarting: false, error: {code: 'idempotency_unavailable'}});
	expect(posts().map(({key}) => key !== null)).toEqual([true, false, true]);
	expect(sessionStorage.getItem('video')).toBeNull();
	after.unmount();
});

test('nor where the client knows that there is none', async () => {
	const untabled = refusal(422, 'idempotency_unavailable');
	const client = clientWith({'POST render': [untabled, lost, untabled, ok(STARTED)], [`GET render/${ID}`]: [ok(render('done'))]});
	const before = rendering(client, {storageKey: 'video'});
	await act(() => before.seen.current.start());
	expect(before.seen.current.error).toMatchObject({code: 'unreachable'});
	before.unmount();
	const after = rendering(client, {storageKey: 'video'});
	await until(() => after.seen.current.error !== null);
	expect(after.seen.current.error).toMatchObject({code: 'idempotency_unavailable'});
	await act(() => after.seen.current.start());
	expect(after.seen.current).toMatchObject({renderId: ID, error: null});
	expect(posts().map(({key}) => key !== null)).toEqual([true, false, true, false]);
	after.unmount();
});

test('a start takes the place of one whose outcome is not known', async () => {
	const answers = {'POST render': [lost, refusal(422, 'invalid_options'), ok(STARTED)]};
	const before = rendering(clientWith(answers), {storageKey: 'video'});
	await act(() => before.seen.current.start({codec: 'gif'}));
	await act(() => before.seen.current.start({codec: 'mp3'}));
	before.unmount();
	await reload();
	const after = rendering(clientWith(answers), {storageKey: 'video'});
	expect(after.seen.current.isStarting).toBe(false);
	after.unmount();
});

test('all that a hook asks for is for the user of its client', async () => {
	const answers = {
		'POST render': [ok(STARTED)],
		[`GET render/${ID}`]: [ok(render('rendering'))],
		[`POST render/${ID}/cancel`]: [ok({}, 202)],
	};
	const {seen, unmount} = rendering(clientWith(answers, {onBehalfOf: 'ada'}));
	await act(() => seen.current.start());
	await until(() => seen.current.render !== null);
	await act(() => seen.current.cancel());
	expect(new Set(asked.map(({user}) => user))).toEqual(new Set(['ada']));
	expect(asked.length).toBeGreaterThan(2);
	// @ts-expect-error: what follows would be for another one
	expectTypeOf(seen.current.start).toBeCallableWith({}, {onBehalfOf: 'ada'});
	unmount();
});

test('a start at mount is followed in StrictMode', async () => {
	const {answer, release} = held(ok(STARTED));
	const client = clientWith({'POST render': [answer], [`GET render/${ID}`]: [ok(render('rendering'))]});
	const hook = () => {
		const all = useRender(client);
		const {start} = all;
		useEffect(() => void start(), [start]);
		return all;
	};
	const {seen, unmount} = mounted<UseRender>(hook, true);
	await release();
	await until(() => seen.current.render !== null);
	expect(seen.current.isStarting).toBe(false);
	expect(posts()).toHaveLength(1);
	unmount();
});

test('a start of days ago is not taken up', async () => {
	const before = rendering(clientWith({'POST render': [never]}), {storageKey: 'video'});
	act(() => void before.seen.current.start());
	await until(() => asked.length === 1);
	before.unmount();
	vi.setSystemTime(Date.now() + 25 * 3_600_000);
	await reload();
	const after = rendering(clientWith({'POST render': [never]}), {storageKey: 'video'});
	await act(() => vi.advanceTimersByTimeAsync(100));
	expect(after.seen.current.isStarting).toBe(false);
	expect(asked).toHaveLength(1);
	after.unmount();
});

test('what is cancelled during its start is cancelled when that is answered', async () => {
	const {answer, release} = held(ok(STARTED));
	const client = clientWith({
		'POST render': [answer],
		[`POST render/${ID}/cancel`]: [ok({}, 202)],
		[`GET render/${ID}`]: [ok(render('cancelled'))],
		'GET render/other': [ok(render('done', {renderId: 'other'}))],
	});
	sessionStorage.setItem('video', JSON.stringify({renderId: 'other'}));
	const {seen, unmount} = rendering(client, {storageKey: 'video'});
	act(() => {
		void seen.current.start();
		void seen.current.cancel();
	});
	await until(() => posts().length === 1);
	await release();
	await until(() => seen.current.render?.status === 'cancelled');
	expect(asked.filter(({url}) => url.endsWith('/cancel')).map(({url}) => url)).toEqual([`render/${ID}/cancel`]);
	unmount();
});

test('what is reset during its start is not followed when that is answered', async () => {
	const {answer, release} = held(ok(STARTED));
	const {seen, unmount} = rendering(clientWith({'POST render': [answer]}), {storageKey: 'video'});
	act(() => void seen.current.start());
	await until(() => posts().length === 1);
	act(() => seen.current.reset());
	expect(seen.current.isStarting).toBe(false);
	await release();
	await act(() => vi.advanceTimersByTimeAsync(100));
	expect(seen.current).toMatchObject({renderId: null, isStarting: false, error: null});
	expect(sessionStorage.getItem('video')).toBeNull();
	unmount();
});

test('a start that cannot be sent is an error, and does not hinder the next one', async () => {
	const client = clientWith({'POST render': [ok(STARTED)], [`GET render/${ID}`]: [ok(render('done'))]});
	const {seen, unmount} = rendering(client);
	const cyclic: Record<string, unknown> = {};
	cyclic.itself = cyclic;
	await act(() => seen.current.start({inputProps: cyclic}));
	expect(seen.current).toMatchObject({isStarting: false, error: {name: 'TypeError'}});
	await act(() => seen.current.start());
	expect(seen.current).toMatchObject({renderId: ID, error: null});
	unmount();
});

test('a start by a name that has been used goes on with its render', async () => {
	const client = clientWith({'POST render': [ok(STARTED)], [`GET render/${ID}`]: [ok(render('done', {outputUrl: URL}))]});
	const {seen, unmount} = rendering(client);
	for (let turn = 0; turn < 2; turn++) {
		await act(() => seen.current.start({}, {idempotencyKey: 'order-7'}));
		await until(() => seen.current.url === URL);
	}
	unmount();
});

test('what one client has seen is not shown next to what another one is refused', async () => {
	let client = clientWith({[`GET render/${ID}`]: [ok(render('done', {outputUrl: URL}))]});
	const {seen, repaint, unmount} = mounted<UseRender>(() => useRender(client, {renderId: ID}));
	await until(() => seen.current.url === URL);
	client = clientWith({[`GET render/${ID}`]: [refusal(401, 'unauthenticated')]});
	repaint();
	expect(seen.current).toMatchObject({render: null, url: null});
	await until(() => seen.current.error !== null);
	expect(seen.current).toMatchObject({render: null, url: null});
	unmount();
});

test('a refused start leaves the render that is followed', async () => {
	const answers = {
		'POST render': [ok(STARTED), refusal(429, 'quota_spent')],
		[`GET render/${ID}`]: [ok(render('rendering'))],
	};
	const before = rendering(clientWith(answers), {storageKey: 'video'});
	await act(() => before.seen.current.start());
	await act(() => before.seen.current.start());
	expect(before.seen.current).toMatchObject({renderId: ID, error: {code: 'quota_spent'}});
	before.unmount();
	const after = rendering(clientWith(answers), {storageKey: 'video'});
	expect(after.seen.current.renderId).toBe(ID);
	after.unmount();
});

test('another storage key is another render', async () => {
	const client = clientWith({
		'POST render': [ok(STARTED), never],
		[`GET render/${ID}`]: [ok(render('rendering'))],
		'GET render/other': [ok(render('done', {renderId: 'other'}))],
	});
	sessionStorage.setItem('bob', JSON.stringify({renderId: 'other'}));
	const options = {storageKey: 'ada'};
	const {seen, repaint, unmount} = mounted<UseRender>(() => useRender(client, options));
	await act(() => seen.current.start());
	act(() => void seen.current.start());
	expect(seen.current).toMatchObject({renderId: ID, isStarting: true});
	options.storageKey = 'bob';
	repaint();
	expect(seen.current).toMatchObject({renderId: 'other', isStarting: false});
	options.storageKey = 'cleo';
	repaint();
	expect(seen.current).toMatchObject({renderId: null, render: null});
	options.storageKey = 'ada';
	repaint();
	expect(seen.current).toMatchObject({renderId: ID, isStarting: true});
	unmount();
});

function Page({client}: {client: ReturnType<typeof clientWith>}) {
	return useRender(client, {storageKey: 'video'}).renderId ?? 'none';
}

test('a page that the server has made is taken over as it is', async () => {
	sessionStorage.setItem('video', JSON.stringify({renderId: ID}));
	const client = clientWith({[`GET render/${ID}`]: [ok(render('rendering'))]});
	const page = () => createElement(Page, {client});
	const place = document.createElement('div');
	vi.stubGlobal('sessionStorage', undefined);
	place.innerHTML = renderToString(page());
	vi.unstubAllGlobals();
	vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
	const mismatches: unknown[] = [];
	const root = await act(async () => hydrateRoot(place, page(), {onRecoverableError: (error) => void mismatches.push(error)}));
	expect(place.textContent).toBe(ID);
	expect(mismatches).toEqual([]);
	act(() => root.unmount());
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

test('why a cancellation failed is told for as long as nothing else is tried', async () => {
	const client = clientWith({
		[`POST render/${ID}/cancel`]: [refusal(409, 'cancellation_not_enabled'), ok({}, 202)],
		[`GET render/${ID}`]: [ok(render('rendering'))],
	});
	const {seen, unmount} = rendering(client, {renderId: ID});
	await until(() => seen.current.render !== null);
	await act(() => seen.current.cancel());
	const polls = asked.length;
	await until(() => asked.length > polls + 1);
	expect(seen.current.error).toMatchObject({code: 'cancellation_not_enabled'});
	await act(() => seen.current.cancel());
	expect(seen.current.error).toBeNull();
	unmount();
});

test('a link that has ended while the machine slept is renewed soon', async () => {
	const old = `${URL}&old`;
	const client = clientWith({
		[`GET render/${ID}`]: [ok(render('done', {outputUrl: old})), ok(render('done', {outputUrl: URL}))],
	});
	const {seen, unmount} = mounted<UseRender>(() => useRender(client, {renderId: ID}));
	await until(() => seen.current.url === old);
	vi.setSystemTime(Date.now() + 3_600_000);
	await act(() => vi.advanceTimersByTimeAsync(30_000));
	await until(() => seen.current.url === URL);
	unmount();
});

test('a render that is not there any more has no link, and is forgotten', async () => {
	sessionStorage.setItem('video', JSON.stringify({renderId: ID}));
	const client = clientWith({
		[`GET render/${ID}`]: [ok(render('done', {outputUrl: URL})), refusal(404, 'render_not_found')],
	});
	const {seen, unmount} = mounted<UseRender>(() => useRender(client, {storageKey: 'video'}));
	await until(() => seen.current.url === URL);
	act(() => seen.current.refresh());
	await until(() => seen.current.error !== null);
	expect(seen.current).toMatchObject({render: null, url: null, error: {code: 'render_not_found'}});
	expect(sessionStorage.getItem('video')).toBeNull();
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
