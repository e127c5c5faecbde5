import {retryAfter} from './headers';
import {texts} from './texts';
import type {Violation} from './types';

/** An answer that is an error, as a sentence for the user. */
export class Problem extends Error {
	override name = 'Problem';
	readonly status: number;
	/** Stable; `null` where API Gateway has answered itself. */
	readonly code: string | null;
	readonly violations: Violation[];
	/** When to try again, in milliseconds since 1970, if waiting helps. */
	readonly retryAt: number | null;
	/** Under which the operator finds it in the log. */
	readonly requestId: string | null;

	constructor(sentence: string, told: Partial<Omit<Problem, keyof Error>> & {status: number}) {
		super(sentence);
		this.status = told.status;
		this.code = told.code ?? null;
		this.violations = told.violations ?? [];
		this.retryAt = told.retryAt ?? null;
		this.requestId = told.requestId ?? null;
	}
}

/** No answer: there is no connection, or it broke. */
export class Unreachable extends Error {
	override name = 'Unreachable';

	constructor() {
		super(texts.problem.unreachable);
	}
}

/** Nobody is signed in any more. */
export class SessionEnded extends Error {
	override name = 'SessionEnded';

	constructor() {
		super(texts.signIn.sessionEnded);
	}
}

/** API Gateway throttles without saying how long. */
const GATEWAYS_WAIT = 5_000;

export async function problemOf(response: Response, now: number): Promise<Problem> {
	const {status, headers} = response;
	const body = await response.json().catch(() => null);
	const wait = retryAfter(headers);
	if (typeof body?.code !== 'string') {
		return new Problem(texts.problem.ofStatus(status), {status, retryAt: status === 429 ? now + (wait ?? GATEWAYS_WAIT) : null});
	}
	const {detail, code, errors: violations, requestId} = body;
	return new Problem(detail, {status, code, violations, retryAt: wait === null ? null : now + wait, requestId});
}

/** The sentence of whatever has been thrown. */
export function sentenceOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
