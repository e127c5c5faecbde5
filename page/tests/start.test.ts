import {expect, test, vi} from 'vitest';
import {IdempotencyKeys} from '../src/idempotency';
import {Problem, Unreachable} from '../src/problem';
import {Starter} from '../src/start';

test('one key for one state of the form', () => {
	const keys = new IdempotencyKeys();
	const first = keys.of('{"a":1}');
	expect(first).toMatch(/^[0-9a-f-]{36}$/);
	expect(keys.of('{"a":1}')).toBe(first);
	expect(keys.of('{"a":2}')).not.toBe(first);
});

test('after a start the same form takes a new key', () => {
	const keys = new IdempotencyKeys();
	const first = keys.of('{}');
	keys.finish();
	expect(keys.of('{}')).not.toBe(first);
});

/** The keys that were sent, with an API that answers in turn. */
function starterWith(...answers: (Error | string)[]): {starter: Starter; keys: (string | null)[]} {
	const keys: (string | null)[] = [];
	const start = async (_body: string, key: string | null) => {
		keys.push(key);
		const answer = answers.shift() ?? 'r1';
		if (answer instanceof Error) throw answer;
		return {renderId: answer};
	};
	return {starter: new Starter({start}), keys};
}

function problem(status: number, code: string, retryAt: number | null = null): Problem {
	return new Problem(code, {status, code, retryAt});
}

const nobodyWaits = () => {
	throw new Error('waited');
};

test('a lost connection is tried again with the same key', async () => {
	const {starter, keys} = starterWith(new Unreachable());
	await expect(starter.start('{}', nobodyWaits)).rejects.toThrow(Unreachable);
	expect(await starter.start('{}', nobodyWaits)).toEqual({renderId: 'r1'});
	expect(keys[1]).toBe(keys[0]);
	await starter.start('{}', nobodyWaits);
	expect(keys[2]).not.toBe(keys[0]);
});

test('a request that is under way is waited for', async () => {
	vi.useFakeTimers({now: 0});
	const {starter, keys} = starterWith(problem(409, 'idempotency_in_flight', 5000), 'r7');
	const onWait = vi.fn();
	const started = starter.start('{}', onWait);
	await vi.advanceTimersByTimeAsync(4999);
	expect(keys).toHaveLength(1);
	await vi.advanceTimersByTimeAsync(1);
	expect(await started).toEqual({renderId: 'r7'});
	expect(keys[1]).toBe(keys[0]);
	expect(onWait).toHaveBeenCalledOnce();
	vi.useRealTimers();
});

test('a deployment that takes no keys is sent none', async () => {
	const {starter, keys} = starterWith(problem(422, 'idempotency_unavailable'));
	await starter.start('{}', nobodyWaits);
	await starter.start('{}', nobodyWaits);
	expect(keys.slice(1)).toEqual([null, null]);
	expect(starter.takesKeys).toBe(false);
});

test('an unknown end keeps its key until the API says that it will never be known', async () => {
	const {starter, keys} = starterWith(problem(504, 'render_outcome_unknown'), problem(409, 'idempotency_outcome_unknown'));
	await expect(starter.start('{}', nobodyWaits)).rejects.toThrow();
	await expect(starter.start('{}', nobodyWaits)).rejects.toThrow();
	await starter.start('{}', nobodyWaits);
	expect(keys[1]).toBe(keys[0]);
	expect(keys[2]).not.toBe(keys[0]);
});

test('other refusals keep their key', async () => {
	const {starter, keys} = starterWith(problem(429, 'throttled'), problem(422, 'invalid_options'));
	await expect(starter.start('{}', nobodyWaits)).rejects.toThrow();
	await expect(starter.start('{}', nobodyWaits)).rejects.toThrow();
	await starter.start('{}', nobodyWaits);
	expect(new Set(keys).size).toBe(1);
});
