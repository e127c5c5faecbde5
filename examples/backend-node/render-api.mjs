/** The render API, for a backend that renders for its users. */
export class RenderApi {
	#settings;
	#token = {value: '', goodUntil: 0};

	/** @param {{apiUrl: string, tokenUrl: string, clientId: string, clientSecret: string, scope: string}} settings */
	constructor(settings) {
		this.#settings = settings;
	}

	/** Starts a render that belongs to the user. The same key never starts a second one. */
	async start(user, options, idempotencyKey) {
		const headers = {'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey};
		return this.#ask(user, 'POST', '/render', {headers, body: JSON.stringify(options)});
	}

	/** Waits until a render of the user has ended. */
	async finished(user, renderId) {
		for (;;) {
			const {body, retryAfter} = await this.#answer(user, 'GET', `/render/${renderId}`);
			if (retryAfter === null) {
				return body;
			}
			await new Promise((resolve) => setTimeout(resolve, retryAfter * 1000));
		}
	}

	async #ask(user, method, path, request) {
		return (await this.#answer(user, method, path, request)).body;
	}

	async #answer(user, method, path, {headers, body} = {}) {
		const response = await fetch(this.#settings.apiUrl + path, {
			method,
			body,
			headers: {...headers, Authorization: `Bearer ${await this.#accessToken()}`, 'On-Behalf-Of': user},
		});
		const answer = await response.json();
		if (!response.ok) {
			throw new Error(`${method} ${path}: ${response.status} ${answer.code ?? ''} ${answer.message}`);
		}
		const retryAfter = response.headers.get('Retry-After');
		return {body: answer, retryAfter: retryAfter === null ? null : Number(retryAfter)};
	}

	/** Client credentials. The token is kept until shortly before it expires: Cognito charges for each. */
	async #accessToken() {
		if (Date.now() >= this.#token.goodUntil) {
			const {tokenUrl, clientId, clientSecret, scope} = this.#settings;
			const response = await fetch(tokenUrl, {
				method: 'POST',
				headers: {Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`},
				body: new URLSearchParams({grant_type: 'client_credentials', scope}),
			});
			if (!response.ok) {
				throw new Error(`No token: ${response.status} ${await response.text()}`);
			}
			const {access_token, expires_in} = await response.json();
			this.#token = {value: access_token, goodUntil: Date.now() + (expires_in - 60) * 1000};
		}
		return this.#token.value;
	}
}
