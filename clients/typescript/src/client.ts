/** The client: an operation of the API each, and what is built of them. */
import {type KeyStorage, Keys} from './keys.ts';
import {pause, reasonOf, within} from './pause.ts';
import {ApiError, errorOf, type Quota, quotaOf, retryAfterOf} from './problem.ts';
import {
	type Batch,
	type BatchOptions,
	type Composition,
	type ErrorCode,
	type Health,
	isOver,
	type ListedRender,
	type ListQuery,
	type Render,
	type RenderOptions,
	type RenderPage,
	type Still,
	type StillOptions,
	type Usage,
} from './types.ts';

export type ClientOptions = {
	/** The stack's output `apiUrl`. Empty on a page that the API itself serves. */
	url: string;
	/**
	 * The user's ID token, or what gives it. It is asked for each request, and once more, with `refresh`, where the API refuses
	 * the token: then it must give a new one. A `TypeError` or `NetworkError` that it throws is `unreachable`.
	 */
	token: string | ((asked: {refresh: boolean}) => string | Promise<string>);
	/**
	 * The id of the user that all calls are for, where `token` is a backend's own and the deployment lets it act for its users. A call's
	 * own `onBehalfOf` comes first.
	 */
	onBehalfOf?: string;
	/** Hears what is left of the quota, whenever the API tells. */
	onQuota?: (quota: Quota) => void;
	/** Keeps the idempotency keys of starts that have not been answered, in memory where it cannot. The tab's `sessionStorage`, where there is one. */
	storage?: KeyStorage;
	/** How often a request is repeated that was not answered, or where waiting helps. 3. */
	retries?: number;
	/** Instead of the global one. */
	fetch?: typeof fetch;
};

/** What each call takes. */
export type CallOptions = {
	/** Ends the call, which then throws the signal's reason. */
	signal?: AbortSignal | undefined;
	/** Hears why the call waits before it is repeated, and for how many milliseconds. */
	onRetry?: ((error: ApiError, wait: number) => void) | undefined;
	/** The id of the user that this call is for: see the option of `createClient`. */
	onBehalfOf?: string;
};

export type StartCall = CallOptions & {
	/** Your own name of this start. Without, the client makes one, and keeps it until the start is answered. */
	idempotencyKey?: string;
	/** Where there is no room: whether the render may wait for it, if the deployment has a queue. */
	respondAsync?: boolean;
};

export type Started = {
	renderId: string;
	bucketName: string;
	/** Whether it waits in the queue. */
	waiting: boolean;
	/** Whether an earlier request with the same key started it. */
	replayed: boolean;
};

export type StartedBatch = {
	batchId: string;
	bucketName: string;
	/** Whether an earlier request with the same key started it. */
	replayed: boolean;
};

export type Client = ReturnType<typeof createClient>;

/** The API has answered by then: API Gateway gives up after 30 s. */
const LONGEST_ANSWER = 40_000;

/** What a slow line uploads in a millisecond, in bytes. */
const SLOWEST_UPLOAD = 25;

/** Whoever is told to wait longer hears it instead. */
const LONGEST_WAIT = 30_000;

/** Where the API does not say how long to wait. */
const USUAL_WAIT = 2_000;

type Answer = {status: number; headers: Headers; body: unknown};

type Request = CallOptions & {
	body?: string;
	headers?: Record<string, string>;
	/** Whether it comes to the same if it is carried out twice. */
	repeatable?: boolean;
	retries?: number;
	noted?: Noted;
};

/** Whether an attempt may have been carried out, as far as is known. */
type Noted = {isOpen: boolean};

/** As the API has it. An id that is missing is an error: what the backend does would be its own. */
const USER_ID = /^[!-+\--~]{1,255}$/;

/** A client of a deployment, for one user, or for a backend. */
export function createClient(options: ClientOptions) {
	const base = options.url.replace(/\/+$/, '');
	const keys = new Keys(options.storage);
	const retries = options.retries ?? 3;
	/** A deployment without a table of renders refuses keys. */
	let takesKeys = true;

	async function send(method: string, path: string, request: Request = {}): Promise<Answer> {
		const {signal, onRetry, repeatable = true} = request;
		for (let attempt = 1; ; ) {
			try {
				return await authorized(method, path, request);
			} catch (error) {
				if (!(error instanceof ApiError)) throw error;
				const wait = waitBefore(attempt, error, repeatable);
				// Its answer will come, and the request is not carried out once more.
				const isUnderWay = error.code === 'idempotency_in_flight';
				if (wait === null || (!isUnderWay && attempt++ > (request.retries ?? retries))) throw error;
				onRetry?.(error, wait);
				await pause(wait, signal);
			}
		}
	}

	async function authorized(method: string, path: string, request: Request): Promise<Answer> {
		try {
			return await attempt(method, path, request, false);
		} catch (error) {
			if (!(error instanceof ApiError && error.status === 401 && typeof options.token === 'function')) throw error;
			return attempt(method, path, request, true);
		}
	}

	async function attempt(method: string, path: string, request: Request, refresh: boolean): Promise<Answer> {
		const {body, signal, noted = {isOpen: false}} = request;
		const {onBehalfOf} = 'onBehalfOf' in request ? request : options;
		if (signal?.aborted) throw reasonOf(signal);
		if (('onBehalfOf' in request || 'onBehalfOf' in options) && !USER_ID.test(onBehalfOf ?? '')) {
			throw new TypeError('onBehalfOf must be the id of a user: 1 to 255 visible ASCII characters without a comma.');
		}
		const token = await tokenOf(refresh, signal);
		const headers: Record<string, string> = {authorization: `Bearer ${token}`, ...request.headers};
		if (onBehalfOf !== undefined) headers['on-behalf-of'] = onBehalfOf;
		if (body !== undefined) headers['content-type'] = 'application/json';
		// What the page is served from is the API's own address.
		const url = base ? `${base}/${path}` : path;
		const init = {method, headers, cache: 'no-store', credentials: 'omit', body: body ?? null} as const;
		let answer: Answer;
		try {
			answer = await within(LONGEST_ANSWER + (body?.length ?? 0) / SLOWEST_UPLOAD, signal, async (ends) => {
				const response = await (options.fetch ?? fetch)(url, {...init, signal: ends});
				const text = await response.text();
				return {status: response.status, headers: response.headers, body: text ? parsed(text, response.ok) : null};
			});
		} catch (cause) {
			noted.isOpen = true;
			throw signal?.aborted ? reasonOf(signal) : unreachable(cause);
		}
		const quota = quotaOf(answer.headers, Date.now());
		if (quota) options.onQuota?.(quota);
		if (answer.status < 400) return answer;
		const error = errorOf(answer.status, answer.headers, answer.body);
		noted.isOpen = !ENDS_OF_KEYS.includes(error.code) && (noted.isOpen || error.status >= 500);
		throw error;
	}

	async function tokenOf(refresh: boolean, signal: AbortSignal | undefined): Promise<string> {
		const {token} = options;
		if (typeof token === 'string') return token;
		try {
			return await within(null, signal, async () => token({refresh}));
		} catch (cause) {
			throw isOffline(cause) ? unreachable(cause) : cause;
		}
	}

	/** Sends what comes to the same if it is carried out twice; `done` is how it is refused where it has been. */
	async function settle(method: string, path: string, call: CallOptions, done: ErrorCode): Promise<void> {
		const noted = {isOpen: false};
		try {
			await send(method, path, {...call, noted});
		} catch (error) {
			// The attempt whose answer was lost has done it.
			if (!(noted.isOpen && error instanceof ApiError && error.code === done)) throw error;
		}
	}

	/** Sends what starts something, under a key, so that it starts once however often it is sent. */
	async function sendOnce(path: string, body: string, call: StartCall & {noted?: Noted}): Promise<Answer> {
		const {noted = {isOpen: false}} = call;
		// Another page may have sent it already.
		const isTakenUp = noted.isOpen;
		const headers: Record<string, string> = call.respondAsync ? {prefer: 'respond-async'} : {};
		const sendAs = (key: string) => send('POST', path, {...call, noted, body, headers: {...headers, 'idempotency-key': key}});
		if (call.idempotencyKey !== undefined) return sendAs(call.idempotencyKey);
		for (let turn = 1; takesKeys || isTakenUp; turn++) {
			// The same request for another user is another one.
			const taken = await keys.take([path, body, call.onBehalfOf ?? options.onBehalfOf].join(' ').trim(), Date.now());
			noted.isOpen ||= taken.wasKept;
			try {
				const answer = await sendAs(taken.key);
				await taken.finish();
				return answer;
			} catch (error) {
				const code = error instanceof ApiError ? error.code : null;
				// What refuses this attempt says nothing about an earlier one, which may have started it.
				if (noted.isOpen) taken.keep();
				else await taken.finish();
				if (code === 'idempotency_unavailable' && !isTakenUp) takesKeys = false;
				// A key that was kept for another request with the same hash.
				else if (code !== 'idempotency_key_reused' || turn > 1) throw error;
			}
		}
		return send('POST', path, {...call, body, headers, repeatable: false});
	}

	const client = {
		/** Starts a render, once. A string is sent as it is: it must be JSON. */
		async start(options: RenderOptions | string = {}, call: StartCall = {}): Promise<Started> {
			const answer = await sendOnce('render', json(options), call);
			const {renderId, bucketName} = answer.body as Started;
			return {renderId, bucketName, waiting: answer.status === 202, replayed: isReplayed(answer)};
		},

		/** Renders one frame, once, and waits for it. */
		async still(options: StillOptions | string = {}, call: Omit<StartCall, 'respondAsync'> = {}): Promise<Still> {
			return (await sendOnce('still', json(options), call)).body as Still;
		},

		/** How a render or a still stands. */
		async get(renderId: string, call: CallOptions = {}): Promise<Render> {
			return (await send('GET', pathOf(renderId), call)).body as Render;
		},

		/** A page of the user's own renders, newest first. */
		async list(query: ListQuery = {}, call: CallOptions = {}): Promise<RenderPage> {
			const given = Object.entries(query).filter(([, value]) => value != null);
			const pairs = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
			return (await send('GET', pairs ? `render?${pairs}` : 'render', call)).body as RenderPage;
		},

		/** Each of the user's own renders, newest first. Pages are asked for as they are needed. */
		async *listAll(query: Omit<ListQuery, 'cursor'> = {}, call: CallOptions = {}): AsyncGenerator<ListedRender, void, void> {
			for (let cursor: string | null | undefined; cursor !== null; ) {
				const page = await client.list({limit: 100, ...query, ...(cursor && {cursor})}, call);
				yield* page.renders;
				cursor = page.cursor;
			}
		},

		/** Asks a render to stop. Its status says when it has. */
		async cancel(renderId: string, call: CallOptions = {}): Promise<void> {
			await settle('POST', `${pathOf(renderId)}/cancel`, call, 'render_over');
		},

		/** Deletes a render that is over, with its files. */
		async delete(renderId: string, call: CallOptions = {}): Promise<void> {
			await settle('DELETE', pathOf(renderId), call, 'render_not_found');
		},

		/** Starts up to 1,000 renders, once: each of the `items`, over the options that they share. They wait in the queue. */
		async startBatch(options: BatchOptions | string, call: Omit<StartCall, 'respondAsync'> = {}): Promise<StartedBatch> {
			const answer = await sendOnce('batches', json(options), call);
			const {batchId, bucketName} = answer.body as StartedBatch;
			return {batchId, bucketName, replayed: isReplayed(answer)};
		},

		/** How a batch stands. `list({batchId})` has its renders. */
		async getBatch(batchId: string, call: CallOptions = {}): Promise<Batch> {
			return (await send('GET', batchPathOf(batchId), call)).body as Batch;
		},

		/** Asks the renders of a batch to stop. */
		async cancelBatch(batchId: string, call: CallOptions = {}): Promise<void> {
			await settle('POST', `${batchPathOf(batchId)}/cancel`, call, 'batch_over');
		},

		/** What the site can render. */
		async compositions(call: CallOptions = {}): Promise<Composition[]> {
			return ((await send('GET', 'compositions', call)).body as {compositions: Composition[]}).compositions;
		},

		/** The render function's version. */
		async health(call: CallOptions = {}): Promise<Health> {
			return (await send('GET', 'health', call)).body as Health;
		},

		/** What is left of the quota, and what was rendered month by month. */
		async usage(call: CallOptions = {}): Promise<Usage> {
			return (await send('GET', 'usage', call)).body as Usage;
		},

		/**
		 * How a render stands, again and again, until it is over: the last one is how it ended. It goes on where the connection
		 * is lost; `onRetry` hears of it.
		 */
		async *watch(renderId: string, call: CallOptions = {}): AsyncGenerator<Render, void, void> {
			for (let failures = 0; ; ) {
				let wait: number | null;
				try {
					const {body, headers} = await send('GET', pathOf(renderId), {...call, retries: 0});
					const render = body as Render;
					failures = 0;
					yield render;
					if (isOver(render)) return;
					wait = retryAfterOf(headers) ?? USUAL_WAIT;
				} catch (error) {
					if (!(error instanceof ApiError) || !isPassing(error)) throw error;
					failures += 1;
					wait = error.retryAfter ?? backOff(failures);
					call.onRetry?.(error, wait);
				}
				await pause(wait, call.signal);
			}
		},

		/** Waits until a render is over, and tells how it ended. */
		async wait(renderId: string, call: CallOptions = {}): Promise<Render> {
			let last: Render | undefined;
			for await (const render of client.watch(renderId, call)) last = render;
			return last as Render;
		},
	};
	return client;
}

const pathOf = (renderId: string) => `render/${segment(renderId)}`;

const batchPathOf = (batchId: string) => `batches/${segment(batchId)}`;

/** Without an id, or with dots for one, the address would be another operation's. */
function segment(id: string): string {
	if (!id || /^\.+$/.test(id)) throw new TypeError('The id is missing.');
	return encodeURIComponent(id);
}

const isReplayed = ({headers}: Answer) => headers.get('idempotent-replayed') === 'true';

const json = (options: object | string) => (typeof options === 'string' ? options : JSON.stringify(options));

const backOff = (attempt: number) => Math.min(USUAL_WAIT * 2 ** (attempt - 1), LONGEST_WAIT);

const unreachable = (cause: unknown) => new ApiError('unreachable', 'The API cannot be reached. Check your connection.', {cause});

/** What `fetch` throws without a connection, and Amplify. */
const isOffline = (error: unknown) => error instanceof TypeError || (error as Error | null)?.name === 'NetworkError';

/** What says that a key is no longer of use. */
const ENDS_OF_KEYS: ErrorCode[] = ['idempotency_outcome_unknown', 'idempotency_key_reused', 'idempotency_unavailable'];

/** A success that breaks off is no answer; an error may be something else than JSON. */
function parsed(text: string, isSuccess: boolean): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (isSuccess) throw error;
		return null;
	}
}

/** No answer came, to the client or to the API. */
const UNANSWERED: ErrorCode[] = ['unreachable', 'render_function_timed_out', 'render_function_unanswered'];

/** How many milliseconds to wait before a request is repeated; `null` where it must not be, or need not. */
function waitBefore(attempt: number, {code, status, retryAfter}: ApiError, repeatable: boolean): number | null {
	if (code === 'idempotency_in_flight') return retryAfter ?? USUAL_WAIT;
	// The API says so only where nothing was started.
	const isForLater = status === 429 || status >= 500 || code === 'render_may_start';
	if (retryAfter !== null && isForLater) return retryAfter <= LONGEST_WAIT ? retryAfter : null;
	const isUnanswered = UNANSWERED.includes(code) || (code === 'gateway_error' && status >= 500);
	return isUnanswered && repeatable ? backOff(attempt) : null;
}

/** Whether the same question may be answered later. */
function isPassing({code, status}: ApiError): boolean {
	return code === 'unreachable' || status === 429 || status >= 500;
}
