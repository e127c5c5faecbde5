import {expect, test} from 'vitest';
import {quotaOf, retryAfter} from '../src/headers';

test('Retry-After is in seconds', () => {
	expect(retryAfter(new Headers({'retry-after': '5'}))).toBe(5000);
	expect(retryAfter(new Headers({'retry-after': '0'}))).toBe(0);
	expect(retryAfter(new Headers())).toBeNull();
	expect(retryAfter(new Headers({'retry-after': 'soon'}))).toBeNull();
});

test('the quota is what is left, of how many, until when', () => {
	const headers = new Headers({ratelimit: '"renders";r=3;t=41233', 'ratelimit-policy': '"renders";q=5;w=86400'});
	expect(quotaOf(headers, 1000)).toEqual({left: 3, limit: 5, resetsAt: 41_234_000});
	expect(quotaOf(new Headers({ratelimit: '"renders";r=0;t=1'}), 0)).toEqual({left: 0, limit: null, resetsAt: 1000});
});

test('without a quota there is none', () => {
	expect(quotaOf(new Headers(), 0)).toBeNull();
	expect(quotaOf(new Headers({ratelimit: 'nonsense'}), 0)).toBeNull();
});
