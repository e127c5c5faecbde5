/** What has been thrown, as a sentence for the user. */
import {ApiError} from 'remotion-render-api-client';
import {texts} from './texts';

/** Nobody is signed in any more. */
export class SessionEnded extends Error {
	override name = 'SessionEnded';

	constructor() {
		super(texts.signIn.sessionEnded);
	}
}

/** No answer: there is no connection, or it broke. */
export function unreachable(): ApiError {
	return new ApiError('unreachable', texts.problem.unreachable);
}

export function isCode(error: unknown, ...codes: ApiError['code'][]): boolean {
	return error instanceof ApiError && codes.includes(error.code);
}

/** The API's sentences are for people who write requests. On a page some need other words. */
export function sentenceOf(error: unknown): string {
	if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
	switch (error.code) {
		case 'unreachable':
			return texts.problem.unreachable;
		case 'gateway_error':
		case 'throttled':
		case 'unauthenticated':
			return texts.problem.ofStatus(error.status);
		case 'payload_too_large':
			return error.requestId === null ? texts.problem.ofStatus(error.status) : error.message;
		case 'quota_spent':
			return texts.problem.quotaSpent;
		case 'idempotency_outcome_unknown':
			return texts.problem.outcomeUnknown;
		case 'render_over':
			return texts.problem.over;
		case 'render_may_start':
			return texts.problem.mayStart;
		default:
			return error.message;
	}
}
