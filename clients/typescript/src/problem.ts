/** What the API tells when it refuses, and in the headers of its answers. */
import type {ErrorCode, Violation} from './types.ts';

/** What is left of the caller's quota. */
export type Quota = {
	left: number;
	limit: number | null;
	/** When all of it is there again, in milliseconds since 1970. */
	resetsAt: number;
};

/** An error of the API, of API Gateway in front of it, or of the connection. */
export class ApiError extends Error {
	override name = 'ApiError';
	/** Stable: compare with this, not with the message. */
	readonly code: ErrorCode;
	/** The HTTP status; 0 where no answer came. */
	readonly status: number;
	/** Everything that is wrong with the request, with `invalid_options` and `option_reserved`. */
	readonly errors: readonly Violation[];
	/** In how many milliseconds to try again, where waiting helps. */
	readonly retryAfter: number | null;
	/** The operator finds the request in the log by this id. */
	readonly requestId: string | null;

	constructor(
		code: ErrorCode,
		message: string,
		told: {
			status?: number;
			errors?: readonly Violation[] | undefined;
			retryAfter?: number | null;
			requestId?: string | null | undefined;
			cause?: unknown;
		} = {},
	) {
		super(message, {cause: told.cause});
		this.code = code;
		this.status = told.status ?? 0;
		this.errors = told.errors ?? [];
		this.retryAfter = told.retryAfter ?? null;
		this.requestId = told.requestId ?? null;
	}
}

/** API Gateway throttles without saying how long. */
const GATEWAYS_WAIT = 5_000;

/** What API Gateway's own answers mean. It answers with a `message` alone. */
const GATEWAYS: Partial<Record<number, ErrorCode>> = {401: 'unauthenticated', 413: 'payload_too_large', 429: 'throttled'};

/** A problem document, or API Gateway's own answer. */
type Told = {code: ErrorCode; detail: string; message: string; errors: Violation[]; requestId: string | null};

export function errorOf(status: number, headers: Headers, body: unknown): ApiError {
	const {detail = '', message, code, errors, requestId} = (body ?? {}) as Partial<Told>;
	const wait = retryAfterOf(headers);
	if (code) return new ApiError(code, detail, {status, errors, requestId, retryAfter: wait});
	return new ApiError(GATEWAYS[status] ?? 'gateway_error', message ?? `API Gateway answered with status ${status}.`, {
		status,
		retryAfter: status === 429 ? (wait ?? GATEWAYS_WAIT) : wait,
	});
}

/** How many milliseconds to wait, if the answer says so. */
export function retryAfterOf(headers: Headers): number | null {
	const value = headers.get('retry-after');
	return value && /^\d+$/.test(value) ? Number(value) * 1000 : null;
}

/** From `RateLimit: "renders";r=3;t=41233` and `RateLimit-Policy: "renders";q=5;w=86400`; `null` where there is no quota. */
export function quotaOf(headers: Headers, now: number): Quota | null {
	const limit = headers.get('ratelimit');
	const [left, seconds] = [parameter(limit, 'r'), parameter(limit, 't')];
	if (left === null || seconds === null) return null;
	return {left, limit: parameter(headers.get('ratelimit-policy'), 'q'), resetsAt: now + seconds * 1000};
}

/** A whole-number parameter of a structured field. */
function parameter(field: string | null, name: string): number | null {
	const found = new RegExp(`;\\s*${name}=(\\d+)`).exec(field ?? '');
	return found ? Number(found[1]) : null;
}
