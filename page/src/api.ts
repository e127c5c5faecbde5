import {type Quota, quotaOf, retryAfter} from './headers';
import {problemOf, Unreachable} from './problem';
import type {Session} from './session';
import type {Composition, Render, RenderPage, Started} from './types';

/** API Gateway has answered after 30 s. */
const LONGEST_WAIT = 40_000;

/** The API that serves this page, for the user who is signed in. */
export class Api {
	/** Called with what an answer tells of the quota. */
	onQuota = (_quota: Quota) => {};
	readonly #session: Session;

	constructor(session: Session) {
		this.#session = session;
	}

	async compositions(signal?: AbortSignal): Promise<Composition[]> {
		const response = await this.#send('compositions', {}, signal);
		return (await json<{compositions: Composition[]}>(response)).compositions;
	}

	/** With a key, the same body and key start one render, however often they are sent. */
	async start(body: string, key: string | null): Promise<Started> {
		const headers = {'content-type': 'application/json', ...(key && {'idempotency-key': key})};
		return json(await this.#send('render', {method: 'POST', headers, body}));
	}

	async list(cursor: string | null, signal?: AbortSignal): Promise<RenderPage> {
		const query = new URLSearchParams({limit: '10', ...(cursor && {cursor})});
		return json(await this.#send(`render?${query}`, {}, signal));
	}

	/** How a render stands, and in how many milliseconds to ask again. */
	async render(id: string, signal?: AbortSignal): Promise<{render: Render; wait: number | null}> {
		const response = await this.#send(`render/${encodeURIComponent(id)}`, {}, signal);
		return {render: await json(response), wait: retryAfter(response.headers)};
	}

	async cancel(id: string): Promise<void> {
		await this.#send(`render/${encodeURIComponent(id)}/cancel`, {method: 'POST'});
	}

	async remove(id: string): Promise<void> {
		await this.#send(`render/${encodeURIComponent(id)}`, {method: 'DELETE'});
	}

	async #send(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
		let response = await this.#attempt(path, init, signal);
		if (response.status === 401) {
			await this.#session.renew();
			response = await this.#attempt(path, init, signal);
			if (response.status === 401) this.#session.end();
		}
		const quota = quotaOf(response.headers, Date.now());
		if (quota) this.onQuota(quota);
		if (!response.ok) throw await problemOf(response, Date.now());
		return response;
	}

	async #attempt(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
		const headers = {...init.headers, authorization: `Bearer ${await this.#session.idToken()}`};
		try {
			const signals = [AbortSignal.timeout(LONGEST_WAIT), ...(signal ? [signal] : [])];
			return await fetch(path, {...init, headers, cache: 'no-store', credentials: 'omit', signal: AbortSignal.any(signals)});
		} catch (error) {
			if (signal?.aborted) throw error;
			throw new Unreachable();
		}
	}
}

/** An answer that breaks off is none. */
async function json<T>(response: Response): Promise<T> {
	return response.json().catch(() => {
		throw new Unreachable();
	});
}
