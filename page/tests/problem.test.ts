import {expect, test} from 'vitest';
import {problemOf} from '../src/problem';
import {texts} from '../src/texts';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
	return new Response(JSON.stringify(body), {status, headers});
}

test('a problem document speaks for itself', async () => {
	const body = {
		code: 'invalid_options',
		detail: '1 option is wrong: see `errors`.',
		requestId: 'JKJ=',
		errors: [{pointer: '/crf', detail: 'crf'}],
	};
	expect(await problemOf(answer(422, body), 0)).toMatchObject({
		message: body.detail,
		status: 422,
		code: 'invalid_options',
		violations: body.errors,
		requestId: 'JKJ=',
		retryAt: null,
	});
});

test('it says when to try again', async () => {
	const body = {code: 'quota_spent', detail: 'You have started all 5 renders of today.'};
	expect(await problemOf(answer(429, body, {'retry-after': '41233'}), 1000)).toMatchObject({retryAt: 41_234_000});
});

test('API Gateway has no sentences of its own', async () => {
	const throttled = await problemOf(answer(429, {message: 'Too Many Requests'}), 1000);
	expect(throttled).toMatchObject({message: texts.problem.ofStatus(429), code: null, retryAt: 6000});
	const fault = await problemOf(answer(503, {message: 'Service Unavailable'}), 1000);
	expect(fault).toMatchObject({message: texts.problem.ofStatus(503), retryAt: null});
});

test('any other answer is told by its status', async () => {
	expect((await problemOf(new Response('<html>', {status: 418}), 0)).message).toContain('418');
	expect((await problemOf(answer(500, null), 0)).message).toBe(texts.problem.ofStatus(500));
});
