/** What the API tells in the headers of its answers. */

/** What is left of the caller's quota. */
export type Quota = {
	left: number;
	limit: number | null;
	/** When there are all of them again, in milliseconds since 1970. */
	resetsAt: number;
};

/** How many milliseconds to wait, if the answer says so. */
export function retryAfter(headers: Headers): number | null {
	const value = headers.get('retry-after');
	return value && /^\d+$/.test(value) ? Number(value) * 1000 : null;
}

/** `RateLimit: "renders";r=3;t=41233` and `RateLimit-Policy: "renders";q=5;w=86400`; `null` where there is no quota. */
export function quotaOf(headers: Headers, now: number): Quota | null {
	const limit = parameters(headers.get('ratelimit'));
	const policy = parameters(headers.get('ratelimit-policy'));
	const left = limit.get('r');
	const seconds = limit.get('t');
	if (left === undefined || seconds === undefined) return null;
	return {left, limit: policy.get('q') ?? null, resetsAt: now + seconds * 1000};
}

/** The whole-number parameters of a structured field's only item. */
function parameters(value: string | null): Map<string, number> {
	const pairs = (value ?? '').matchAll(/;\s*([a-z]+)=(\d+)/g);
	return new Map(Array.from(pairs, ([, name, digits]) => [name ?? '', Number(digits)]));
}
