import {expect, test, vi} from 'vitest';
import {ApiError, createClient, type ErrorCode, type KeyStorage} from '../src/index.ts';
import {inMemory} from '../src/keys.ts';
import {problem, render, STARTED, serverAnswering} from './server.ts';

const NOW = {'retry-after': '0'};

function storage(): KeyStorage & {items: Map<string, string>} {
	const items = new Map<string, string>();
	return {
		items,
		getItem: (name) => items.get(name) ?? null,
		setItem: (name, value) => void items.set(name, value),
		removeItem: (name) => void items.delete(name),
	};
}

async function clientOf(server: {url: string}, more: Partial<Parameters<typeof createClient>[0]> = {}) {
	return createClient({url: server.url, token: 'jwt', storage: storage(), ...more});
}

const sleep = setTimeout;

/** Lets the client's waits pass forty times as fast. */
async function hurried<T>(work: Promise<T>): Promise<T> {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
	let goesOn = true;
	const ended = work.finally(() => {
		goesOn = false;
	});
	while (goesOn) {
		await new Promise((next) => sleep(next, 5));
		await vi.advanceTimersByTimeAsync(200);
	}
	vi.useRealTimers();
	return ended;
}

async function refusal(promise: Promise<unknown>): Promise<ApiError> {
	const error = await promise.then(
		() => expect.unreachable('it was answered'),
		(reason) => reason,
	);
	expect(error).toBeInstanceOf(ApiError);
	return error;
}

test('every operation is the request that the document describes', async () => {
	const page = {renders: [], cursor: null};
	const server = await serverAnswering(
		STARTED,
		{body: {renderId: 's', outputUrl: 'u'}},
		{body: render('done')},
		{body: page},
		{status: 202, body: {}},
		{status: 204},
		{body: {compositions: [{id: 'MyVideo'}]}},
		{body: {version: '4.0.520'}},
		{body: {quota: null, months: []}},
		{status: 202, body: {message: 'QUEUED', bucketName: 'b', batchId: 'b-1'}},
		{body: {batchId: 'b-1', total: 2}},
		{status: 202, body: {}},
	);
	const client = await clientOf(server);
	const started = await client.start({composition: 'MyVideo', inputProps: {title: 'Hello'}});
	expect(started).toEqual({renderId: '1pwhfhh11z', bucketName: 'b', waiting: false, replayed: false});
	expect((await client.still({frame: 3})).outputUrl).toBe('u');
	expect((await client.get('1pwhfhh11z')).status).toBe('done');
	expect(await client.list({limit: 5, cursor: '1.a&b', status: 'done'})).toEqual(page);
	await client.cancel('1pwhfhh11z');
	await client.delete('1pwhfhh11z');
	expect(await client.compositions()).toEqual([{id: 'MyVideo'}]);
	expect((await client.health()).version).toBe('4.0.520');
	expect((await client.usage()).quota).toBeNull();
	const batch = await client.startBatch({composition: 'MyVideo', items: [{inputProps: {n: 1}}, {inputProps: {n: 2}}]});
	expect(batch).toEqual({batchId: 'b-1', bucketName: 'b', replayed: false});
	expect((await client.getBatch('b-1')).total).toBe(2);
	await client.cancelBatch('b-1');
	expect(server.asked.map(({method, path}) => `${method} ${path}`)).toEqual([
		'POST /render',
		'POST /still',
		'GET /render/1pwhfhh11z',
		'GET /render?limit=5&cursor=1.a%26b&status=done',
		'POST /render/1pwhfhh11z/cancel',
		'DELETE /render/1pwhfhh11z',
		'GET /compositions',
		'GET /health',
		'GET /usage',
		'POST /batches',
		'GET /batches/b-1',
		'POST /batches/b-1/cancel',
	]);
	expect(server.asked[0]?.headers).toMatchObject({authorization: 'Bearer jwt', 'content-type': 'application/json'});
	expect(server.asked[0]?.body).toBe('{"composition":"MyVideo","inputProps":{"title":"Hello"}}');
	expect(server.asked[2]?.headers['content-type']).toBeUndefined();
	expect(server.asked[9]?.headers['idempotency-key']).toBeDefined();
});

test('all renders are listed page by page, as far as somebody reads', async () => {
	const page = (cursor: string | null, ...ids: string[]) => ({body: {renders: ids.map((renderId) => ({renderId})), cursor}});
	const server = await serverAnswering(page('2', 'c', 'b'), page('1'), page(null, 'a'), page('2', 'c', 'b'));
	const client = await clientOf(server);
	const ids: string[] = [];
	for await (const {renderId} of client.listAll({status: 'done'})) ids.push(renderId);
	expect(ids).toEqual(['c', 'b', 'a']);
	expect(server.asked.map(({path}) => path)).toEqual([
		'/render?limit=100&status=done',
		'/render?limit=100&status=done&cursor=2',
		'/render?limit=100&status=done&cursor=1',
	]);
	for await (const {renderId} of client.listAll({limit: 2})) {
		expect(renderId).toBe('c');
		break;
	}
	expect(server.asked).toHaveLength(4);
});

test('an address may end with a slash', async () => {
	const server = await serverAnswering({body: {version: '1'}});
	await (await clientOf({url: `${server.url}/`})).health();
	expect(server.asked[0]?.path).toBe('/health');
});

test('a start whose answer is lost is sent again with its key', async () => {
	const server = await serverAnswering(null, 'half', STARTED);
	const client = await clientOf(server);
	const started = await hurried(client.start({composition: 'MyVideo'}));
	expect(started.renderId).toBe('1pwhfhh11z');
	const keys = server.asked.map(({headers}) => headers['idempotency-key']);
	expect(keys).toHaveLength(3);
	expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
	expect(new Set(keys).size).toBe(1);
});

test('a start that was given up keeps its key, also over a reload', async () => {
	const kept = storage();
	const server = await serverAnswering(null, STARTED, STARTED);
	const before = await clientOf(server, {storage: kept, retries: 0});
	expect((await refusal(before.start({composition: 'A'}))).code).toBe('unreachable');
	// As after a reload: all that is left is what was kept.
	const after = await clientOf(server, {storage: kept});
	await after.start({composition: 'A'});
	await after.start({composition: 'A'});
	const keys = server.asked.map(({headers}) => headers['idempotency-key']);
	expect(keys[1]).toBe(keys[0]);
	expect(keys[2]).not.toBe(keys[0]);
	expect(kept.items.size).toBe(0);
});

const denied = () => {
	throw new Error('denied');
};

test.each([
	['full', {setItem: denied}],
	['forbidden', {getItem: denied, setItem: denied, removeItem: denied}],
])('where the storage is %s, a start that was given up keeps its key in memory', async (_, denials) => {
	const server = await serverAnswering(null, STARTED, STARTED);
	const client = await clientOf(server, {storage: {...storage(), ...denials}, retries: 0});
	await refusal(client.start({}));
	await client.start({});
	await client.start({});
	const keys = server.asked.map(({headers}) => headers['idempotency-key']);
	expect(keys[1]).toBe(keys[0]);
	expect(keys[2]).not.toBe(keys[0]);
});

test('another body, another day or another start at the same time takes another key', async () => {
	const kept = storage();
	const server = await serverAnswering(null, STARTED, STARTED, STARTED, STARTED);
	const client = await clientOf(server, {storage: kept, retries: 0});
	await refusal(client.start({composition: 'A'}));
	await client.start({composition: 'B'});
	for (const [name, value] of kept.items) kept.items.set(name, `${value.split(' ')[0]} ${Date.now() - 25 * 3_600_000}`);
	await client.start({composition: 'A'});
	await Promise.all([client.start({composition: 'C'}), client.start({composition: 'C'})]);
	expect(new Set(server.asked.map(({headers}) => headers['idempotency-key'])).size).toBe(5);
});

test('a refusal ends the key, and an outcome that is not known keeps it', async () => {
	const kept = storage();
	const server = await serverAnswering(
		problem(422, 'invalid_options', {errors: [{pointer: '/crf', detail: 'Too much.'}]}),
		problem(502, 'render_outcome_unknown'),
		problem(409, 'idempotency_outcome_unknown'),
		STARTED,
	);
	const client = await clientOf(server, {storage: kept});
	const refused = await refusal(client.start({crf: 99}));
	expect(refused).toMatchObject({code: 'invalid_options', status: 422, requestId: 'r1', message: 'invalid_options.'});
	expect(refused.errors).toEqual([{pointer: '/crf', detail: 'Too much.'}]);
	expect(kept.items.size).toBe(0);
	expect((await refusal(client.start({}))).code).toBe('render_outcome_unknown');
	expect((await refusal(client.start({}))).code).toBe('idempotency_outcome_unknown');
	await client.start({});
	const [, first, second, third] = server.asked.map(({headers}) => headers['idempotency-key']);
	expect(second).toBe(first);
	expect(third).not.toBe(first);
});

test('a refusal says nothing about an attempt whose answer was lost', async () => {
	const server = await serverAnswering(null, problem(401, 'unauthenticated'), problem(429, 'quota_spent'), STARTED, STARTED);
	const client = await clientOf(server);
	expect((await hurried(refusal(client.start({})))).code).toBe('unauthenticated');
	expect((await refusal(client.start({}))).code).toBe('quota_spent');
	await client.start({});
	await client.start({});
	const keys = server.asked.map(({headers}) => headers['idempotency-key']);
	expect(new Set(keys.slice(0, 4)).size).toBe(1);
	expect(keys[4]).not.toBe(keys[0]);
});

test('what is kept in memory ends with the life of its key', () => {
	const kept = inMemory();
	const now = Date.now();
	kept.setItem('a', `1 ${now - 25 * 3_600_000}`);
	kept.setItem('b', `2 ${now - 23 * 3_600_000}`);
	kept.setItem('c', `3 ${now}`);
	expect(['a', 'b', 'c'].map((name) => kept.getItem(name) !== null)).toEqual([false, true, true]);
});

test('a key of your own is sent, and is not changed', async () => {
	const server = await serverAnswering(problem(422, 'idempotency_key_reused'));
	expect((await refusal((await clientOf(server)).start({}, {idempotencyKey: 'order-7'}))).code).toBe('idempotency_key_reused');
	expect(server.asked.map(({headers}) => headers['idempotency-key'])).toEqual(['order-7']);
});

test('a key that stands for another request is replaced', async () => {
	const server = await serverAnswering(problem(422, 'idempotency_key_reused'), STARTED);
	await (await clientOf(server)).start({});
	expect(new Set(server.asked.map(({headers}) => headers['idempotency-key'])).size).toBe(2);
});

test('a deployment without a table gets no keys, and no start twice', async () => {
	const server = await serverAnswering(problem(422, 'idempotency_unavailable'), STARTED, null);
	const client = await clientOf(server);
	await client.start({});
	expect((await refusal(client.start({}))).code).toBe('unreachable');
	expect(server.asked.map(({headers}) => 'idempotency-key' in headers)).toEqual([true, false, false]);
});

test('a request that is under way is waited for, however long', async () => {
	const busy = problem(409, 'idempotency_in_flight', {}, NOW);
	const server = await serverAnswering(busy, busy, busy, busy, busy, {
		...STARTED,
		headers: {'idempotent-replayed': 'true'},
	});
	const waits: string[] = [];
	const onRetry = (error: ApiError) => void waits.push(error.code);
	expect(await (await clientOf(server)).start({}, {onRetry})).toMatchObject({replayed: true});
	expect(waits).toHaveLength(5);
});

test('waiting for a request that is under way leaves the retries for lost answers', async () => {
	const busy = problem(409, 'idempotency_in_flight', {}, NOW);
	const server = await serverAnswering(busy, busy, busy, busy, null, STARTED);
	await hurried((await clientOf(server)).start({}));
	expect(server.asked).toHaveLength(6);
});

test('where the render function has not answered, it is asked again', async () => {
	const server = await serverAnswering(problem(504, 'render_function_timed_out'), problem(502, 'render_function_unanswered'), {
		body: {compositions: []},
	});
	expect(await hurried((await clientOf(server)).compositions())).toEqual([]);
});

test('waiting goes by Retry-After, and not for longer than anybody would wait', async () => {
	const spent = problem(429, 'quota_spent', {}, {'retry-after': '41233'});
	const server = await serverAnswering(
		problem(429, 'throttled', {}, NOW),
		problem(503, 'renders_table_unavailable', {}, NOW),
		STARTED,
		spent,
	);
	const client = await clientOf(server);
	await client.start({});
	const refused = await refusal(client.start({}));
	expect([refused.code, refused.retryAfter]).toEqual(['quota_spent', 41_233_000]);
	expect(server.asked).toHaveLength(4);
});

test('what an operator must mend is not asked for again', async () => {
	const server = await serverAnswering(problem(503, 'render_function_denied'), problem(502, 'render_function_error'));
	const client = await clientOf(server);
	expect((await refusal(client.start({}))).code).toBe('render_function_denied');
	expect((await refusal(client.start({}))).code).toBe('render_function_error');
	expect(server.asked).toHaveLength(2);
});

test('an answer of API Gateway itself has a code, too', async () => {
	const gateways = (status: number) => ({status, body: {message: 'Its own.'}});
	const server = await serverAnswering(gateways(401), gateways(403), gateways(413), gateways(429), {status: 400});
	const client = await clientOf(server, {retries: 0});
	const codes: [ErrorCode, string][] = [];
	for (let turn = 0; turn < 5; turn++) {
		const {code, message} = await refusal(client.get('x'));
		codes.push([code, message]);
	}
	expect(codes).toEqual([
		['unauthenticated', 'Its own.'],
		['gateway_error', 'Its own.'],
		['payload_too_large', 'Its own.'],
		['throttled', 'Its own.'],
		['gateway_error', 'API Gateway answered with status 400.'],
	]);
});

test('a token that has ended is asked for once more', async () => {
	const server = await serverAnswering({status: 401, body: {message: 'Unauthorized'}}, STARTED, {status: 401}, {status: 401});
	const asked: boolean[] = [];
	const token = ({refresh}: {refresh: boolean}) => {
		asked.push(refresh);
		return refresh ? 'new' : 'old';
	};
	const client = await clientOf(server, {token});
	await client.start({});
	expect(server.asked.map(({headers}) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
	expect((await refusal(client.get('x'))).code).toBe('unauthenticated');
	expect(asked).toEqual([false, true, false, true]);
});

test('a render that may wait is taken in', async () => {
	const server = await serverAnswering({status: 202, body: {message: 'QUEUED', bucketName: 'b', renderId: 'q-1'}});
	const started = await (await clientOf(server)).start({}, {respondAsync: true});
	expect(started).toMatchObject({renderId: 'q-1', waiting: true});
	expect(server.asked[0]?.headers.prefer).toBe('respond-async');
});

test('a backend acts for the user that it names, by call or for all calls', async () => {
	const running = {headers: NOW, body: render('rendering')};
	const server = await serverAnswering(STARTED, running, {body: render('done')}, STARTED, STARTED, STARTED);
	const backend = await clientOf(server);
	await backend.start({}, {onBehalfOf: 'user-4711'});
	await backend.wait('x', {onBehalfOf: 'user-4711'});
	await backend.start({});
	const forOne = await clientOf(server, {onBehalfOf: 'auth0|7'});
	await forOne.start({});
	await forOne.start({}, {onBehalfOf: 'user-4711'});
	const named = server.asked.map(({headers}) => headers['on-behalf-of']);
	expect(named).toEqual(['user-4711', 'user-4711', 'user-4711', undefined, 'auth0|7', 'user-4711']);
});

test('a start for one user has no key of a start for another', async () => {
	const server = await serverAnswering(null, STARTED, null, STARTED, STARTED);
	const client = await clientOf(server, {retries: 0});
	await refusal(client.start({}, {onBehalfOf: 'ada'}));
	await client.start({}, {onBehalfOf: 'bob'});
	await refusal(client.start({}, {onBehalfOf: 'cleo'}));
	await client.start({}, {onBehalfOf: 'ada'});
	await client.start({}, {onBehalfOf: 'cleo'});
	const [ada, bob, cleo, adaAgain, cleoAgain] = server.asked.map(({headers}) => headers['idempotency-key']);
	expect([adaAgain, cleoAgain]).toEqual([ada, cleo]);
	expect(new Set([ada, bob, cleo]).size).toBe(3);
});

test('whoever names nobody does not act as the backend itself', async () => {
	const server = await serverAnswering();
	// As where there is no session.
	const none = undefined as unknown as string;
	for (const onBehalfOf of [none, '', 'a,b', 'a b', 'zo\u00eb', 'a\nb', 'a'.repeat(256)]) {
		await expect((await clientOf(server)).start({}, {onBehalfOf})).rejects.toThrow('onBehalfOf must be the id of a user');
		await expect((await clientOf(server, {onBehalfOf})).list()).rejects.toThrow(TypeError);
	}
	expect(server.asked).toEqual([]);
});

test('a deletion whose answer was lost has deleted', async () => {
	const server = await serverAnswering(null, problem(404, 'render_not_found'), problem(404, 'render_not_found'));
	const client = await clientOf(server);
	await hurried(client.delete('x'));
	expect((await refusal(client.delete('x'))).code).toBe('render_not_found');
});

test('a cancellation whose answer was lost has cancelled', async () => {
	const [render_over, batch_over] = [problem(409, 'render_over'), problem(409, 'batch_over')];
	const server = await serverAnswering(null, render_over, render_over, null, batch_over, batch_over);
	const client = await clientOf(server);
	await hurried(client.cancel('x'));
	expect((await refusal(client.cancel('x'))).code).toBe('render_over');
	await hurried(client.cancelBatch('b-1'));
	expect((await refusal(client.cancelBatch('b-1'))).code).toBe('batch_over');
});

test('what is over before it is cancelled was not cancelled, even after a wait', async () => {
	const server = await serverAnswering(problem(429, 'throttled', {}, NOW), problem(409, 'render_over'));
	expect((await refusal((await clientOf(server)).cancel('x'))).code).toBe('render_over');
});

test('a render that is being started is cancelled in a moment', async () => {
	const soon = problem(409, 'render_may_start', {}, NOW);
	const late = problem(409, 'render_may_start', {}, {'retry-after': '21450'});
	const server = await serverAnswering(soon, {status: 202, body: {}}, late);
	const client = await clientOf(server);
	await client.cancel('x');
	expect((await refusal(client.delete('x'))).retryAfter).toBe(21_450_000);
	expect(server.asked).toHaveLength(3);
});

test('an id that is missing is no other operation', async () => {
	const server = await serverAnswering();
	const client = await clientOf(server);
	for (const id of ['', '.', '..', undefined as unknown as string]) {
		for (const call of [client.get, client.cancel, client.delete, client.wait, client.getBatch, client.cancelBatch]) {
			await expect(call(id)).rejects.toThrow('The id is missing.');
		}
	}
	expect(server.asked).toEqual([]);
});

test('what is left of the quota is heard', async () => {
	const headers = {ratelimit: '"renders";r=3;t=60', 'ratelimit-policy': '"renders";q=5;w=86400'};
	const server = await serverAnswering({...STARTED, headers});
	const onQuota = vi.fn();
	const now = Date.now();
	await (await clientOf(server, {onQuota})).start({});
	expect(onQuota.mock.calls[0]?.[0]).toMatchObject({left: 3, limit: 5});
	expect(onQuota.mock.calls[0]?.[0].resetsAt).toBeGreaterThanOrEqual(now + 60_000);
});

test('watching ends with the render, and goes on over a lost connection', async () => {
	const running = (more = {}) => ({headers: NOW, body: render('rendering', more)});
	const server = await serverAnswering(
		{headers: NOW, body: render('waiting', {waitingBefore: 2})},
		running({progress: 0.5}),
		problem(503, 'storage_unavailable', {}, NOW),
		{body: render('done', {progress: 1})},
	);
	const heard: ErrorCode[] = [];
	const seen: [string, number][] = [];
	const client = await clientOf(server);
	for await (const {status, progress} of client.watch('x', {onRetry: ({code}) => void heard.push(code)})) {
		seen.push([status, progress]);
	}
	expect(seen).toEqual([
		['waiting', 0],
		['rendering', 0.5],
		['done', 1],
	]);
	expect(heard).toEqual(['storage_unavailable']);
});

test('watching goes on where the token cannot be renewed without a connection', async () => {
	const server = await serverAnswering({headers: NOW, body: render('rendering')}, {body: render('done')});
	const tokens = ['jwt', Object.assign(new Error('Network error'), {name: 'NetworkError'}), new TypeError('Failed to fetch')];
	const token = () => {
		const next = tokens.shift() ?? 'jwt';
		if (typeof next !== 'string') throw next;
		return next;
	};
	const heard: ErrorCode[] = [];
	const onRetry = ({code}: ApiError) => void heard.push(code);
	const last = await hurried((await clientOf(server, {token})).wait('x', {onRetry}));
	expect(last.status).toBe('done');
	expect(heard).toEqual(['unreachable', 'unreachable']);
	const signedOut = new Error('Sign in first.');
	const nobody = await clientOf(server, {token: () => Promise.reject(signedOut)});
	await expect(nobody.wait('x')).rejects.toBe(signedOut);
});

test('a large body has the time that a slow line needs', async () => {
	const slow = (async (_url: unknown, init?: RequestInit) => {
		await new Promise((sent, stopped) => {
			setTimeout(sent, 60_000);
			init?.signal?.addEventListener('abort', () => stopped(new Error('stopped')));
		});
		return new Response(JSON.stringify(STARTED.body));
	}) as typeof fetch;
	const client = createClient({url: 'https://api.example', token: 'jwt', fetch: slow, storage: storage(), retries: 0});
	const items = [{inputProps: {text: 'x'.repeat(6 * 2 ** 20)}}];
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
	const [large, small] = [client.startBatch({items}), refusal(client.startBatch({items: [{}]}))];
	await vi.advanceTimersByTimeAsync(61_000);
	vi.useRealTimers();
	expect((await large).bucketName).toBe('b');
	expect((await small).code).toBe('unreachable');
});

test('watching what is not there fails, and waiting tells how it ended', async () => {
	const server = await serverAnswering(problem(404, 'render_not_found'), {body: render('failed')});
	const client = await clientOf(server);
	expect((await refusal(client.wait('x'))).code).toBe('render_not_found');
	expect((await client.wait('x')).status).toBe('failed');
});

test('every call ends when it is aborted', async () => {
	const hanging: Parameters<typeof createClient>[0]['fetch'] = (_url, init) =>
		new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('gone'))));
	const deaf = () => new Promise<never>(() => {});
	const ways = [{token: 'jwt', fetch: hanging}, {token: 'jwt', fetch: deaf}, {token: deaf}];
	const clients = ways.map((way) => createClient({url: 'https://api.example', storage: storage(), ...way}));
	const reason = new Error('no longer needed');
	const calls = clients.flatMap((client) => [
		(signal: AbortSignal) => client.start({}, {signal}),
		(signal: AbortSignal) => client.still({}, {signal}),
		(signal: AbortSignal) => client.get('x', {signal}),
		(signal: AbortSignal) => client.list({}, {signal}),
		(signal: AbortSignal) => client.cancel('x', {signal}),
		(signal: AbortSignal) => client.delete('x', {signal}),
		(signal: AbortSignal) => client.compositions({signal}),
		(signal: AbortSignal) => client.health({signal}),
		(signal: AbortSignal) => client.usage({signal}),
		(signal: AbortSignal) => client.wait('x', {signal}),
	]);
	for (const call of calls) {
		const controller = new AbortController();
		const ended = call(controller.signal);
		setTimeout(() => controller.abort(reason), 1);
		await expect(ended).rejects.toBe(reason);
		await expect(call(AbortSignal.abort(reason))).rejects.toBe(reason);
	}
});

test('a wait ends when it is aborted', async () => {
	const server = await serverAnswering({headers: {'retry-after': '3600'}, body: render('rendering')});
	const controller = new AbortController();
	const seen: string[] = [];
	const watching = (async () => {
		for await (const {status} of (await clientOf(server)).watch('x', {signal: controller.signal})) {
			seen.push(status);
			setTimeout(() => controller.abort(new Error('enough')), 1);
		}
	})();
	await expect(watching).rejects.toThrow('enough');
	expect(seen).toEqual(['rendering']);
});

test('where there is no crypto and no storage, as in React Native, a start has a key all the same', async () => {
	vi.stubGlobal('crypto', undefined);
	vi.stubGlobal('sessionStorage', undefined);
	const server = await serverAnswering(STARTED);
	await createClient({url: server.url, token: 'jwt'}).start({});
	vi.unstubAllGlobals();
	expect(server.asked[0]?.headers['idempotency-key']).toMatch(/^[0-9a-z]{33,}$/);
});
