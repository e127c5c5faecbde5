import type {Api} from './api';
import {IdempotencyKeys} from './idempotency';
import {pause, WITHOUT_RETRY_AFTER} from './poll';
import {Problem} from './problem';
import type {Started} from './types';

/** The refusals after which the same key would never start a render. */
const SPENT_KEYS = ['idempotency_outcome_unknown', 'idempotency_key_reused', 'idempotency_key_invalid'];

/** Starts renders: each form once, unless it is started again after an answer. */
export class Starter {
	/** Without a record of requests a deployment refuses keys. */
	takesKeys = true;
	readonly #api: Pick<Api, 'start'>;
	readonly #keys = new IdempotencyKeys();

	constructor(api: Pick<Api, 'start'>) {
		this.#api = api;
	}

	/** `onWait` hears that the same request is already under way. */
	async start(body: string, onWait: () => void): Promise<Started> {
		for (;;) {
			try {
				const started = await this.#api.start(body, this.takesKeys ? this.#keys.of(body) : null);
				this.#keys.finish();
				return started;
			} catch (error) {
				if (!(error instanceof Problem)) throw error;
				if (error.code === 'idempotency_in_flight') {
					onWait();
					await pause(error.retryAt === null ? WITHOUT_RETRY_AFTER : error.retryAt - Date.now());
				} else if (error.code === 'idempotency_unavailable') {
					this.takesKeys = false;
				} else {
					if (SPENT_KEYS.includes(error.code ?? '')) this.#keys.finish();
					throw error;
				}
			}
		}
	}
}
