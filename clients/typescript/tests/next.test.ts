import {expect, test, vi} from 'vitest';
import {problem, render, STARTED, serverAnswering} from './server.ts';

test('a route handler starts one video for an order, and tells how it stands', async () => {
	const server = await serverAnswering(
		STARTED,
		{body: render('rendering', {progress: 0.5})},
		problem(404, 'render_not_found'),
		problem(429, 'quota_spent', {}, {'retry-after': '60'}),
		problem(422, 'idempotency_key_reused'),
		{status: 401, body: {message: 'Unauthorized'}},
		{status: 401, body: {message: 'Unauthorized'}},
	);
	vi.stubEnv('RENDER_API_URL', server.url);
	vi.stubEnv('RENDER_API_TOKEN', 'machine');
	const {GET, POST} = await import('../examples/next/route.ts');
	const post = (body: object) =>
		POST(new Request('https://app.example/api/videos', {method: 'POST', body: JSON.stringify(body)}));
	const get = (id: string) => GET(new Request(`https://app.example/api/videos?renderId=${id}`));

	expect((await post({order: '7', title: 7})).status).toBe(400);
	const started = await post({order: '7', title: 'Hello'});
	expect([started.status, await started.json()]).toEqual([202, {renderId: '1pwhfhh11z'}]);
	expect(server.asked[0]?.headers).toMatchObject({'idempotency-key': 'order-7', authorization: 'Bearer machine'});
	expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({inputProps: {title: 'Hello'}, customData: {order: '7'}});
	expect(await (await get('1pwhfhh11z')).json()).toEqual({status: 'rendering', progress: 0.5, outputUrl: null});
	expect((await get('x')).status).toBe(404);
	const spent = await post({order: '8', title: 'Hello'});
	expect([spent.status, spent.headers.get('retry-after')]).toEqual([429, '60']);
	expect((await post({order: '7', title: 'Bye'})).status).toBe(409);
	expect((await get('')).status).toBe(404);
	// The token is the app's own: its user cannot mend it.
	expect((await get('x')).status).toBe(502);
	vi.unstubAllEnvs();
});
