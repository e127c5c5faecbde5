/**
 * The `Idempotency-Key` of a start: one for one state of the form, so that a double click or a retry after a lost
 * connection cannot start a second render.
 */
export class IdempotencyKeys {
	#body: string | null = null;
	#key = '';

	of(body: string): string {
		if (body !== this.#body) {
			this.#body = body;
			this.#key = crypto.randomUUID();
		}
		return this.#key;
	}

	/** The start has ended: the same form may start another render. */
	finish() {
		this.#body = null;
	}
}
