/** Who is signed in, wherever that is. The tokens are kept by the tab, over a reload, until it is closed or its user signs out. */
import {isCode, SessionEnded} from './errors';
import {forgetAll, keep, recall} from './kept';

export type Tokens = {
	/** As the page shows them. */
	user: string;
	/** Whose what the tab keeps is: never that of two users. */
	owner: string;
	id: string;
	access: string;
	/** `null` where the issuer gives none: then the session ends with its tokens. */
	refresh: string | null;
	expiresAt: number;
};

/** A token that ends while a request is on its way would be refused. */
const MARGIN = 30_000;

export abstract class Session {
	/** Called when the issuer or the API has refused to go on with this session. */
	onEnded = () => {};
	#tokens: Tokens | null = recall('session');
	/** Lasts until its user signs out, or another one signs in: what was begun during another visit is over. */
	visit = {owner: this.owner};
	#renewal: Promise<void> | null = null;
	/** The token that the API has refused last. */
	#refused = '';
	/** The token that took the place of one that the API has refused. */
	#replacement = '';

	/** Who is signed in; `null` for nobody. */
	get user(): string | null {
		return this.#tokens?.user ?? null;
	}

	get owner(): string {
		return this.#tokens?.owner ?? '';
	}

	/** For the API: a new one, where it has refused the last, and no request before has taken a new one. */
	async token({refresh} = {refresh: false}): Promise<string> {
		if (refresh && this.#tokens && this.forApi(this.#tokens) === this.#refused) await this.#renew();
		const token = this.forApi(await this.fresh());
		if (refresh) this.#replacement = token;
		return token;
	}

	/** Keeps the tokens again, after all that the tab has kept was forgotten. */
	keep() {
		keep('session', this.#tokens);
	}

	/** The API has refused a token: where it was a new one already, the session has ended. */
	refused(token: string) {
		this.#refused = token;
		if (token === this.#replacement) this.#end();
	}

	/** Forgets the tokens. The issuer is told, and need not have answered. */
	async signOut(): Promise<void> {
		const tokens = this.#tokens;
		this.#tokens = null;
		this.visit = {owner: ''};
		forgetAll();
		if (tokens) await this.leave(tokens);
	}

	/** Which of them the API takes. */
	protected abstract forApi(tokens: Tokens): string;

	/**
	 * New ones in their place. Throws that the issuer is unreachable where its answer says nothing of the session; the session ends
	 * with anything else.
	 */
	protected abstract renewed(tokens: Tokens): Promise<Tokens>;

	/** Tells the issuer that its user has signed out. */
	protected abstract leave(tokens: Tokens): Promise<void>;

	/** Somebody has signed in. */
	protected begin(tokens: Tokens) {
		if (tokens.owner !== this.visit.owner) this.visit = {owner: tokens.owner};
		this.#tokens = tokens;
		this.keep();
	}

	/** Tokens that have not expired. */
	protected async fresh(): Promise<Tokens> {
		if (this.#tokens && Date.now() >= this.#tokens.expiresAt - MARGIN) await this.#renew();
		if (!this.#tokens) throw new SessionEnded();
		return this.#tokens;
	}

	/** Takes new tokens; once for all who ask at the same time. */
	#renew(): Promise<void> {
		this.#renewal ??= this.#take().finally(() => {
			this.#renewal = null;
		});
		return this.#renewal;
	}

	async #take(): Promise<void> {
		const tokens = this.#tokens;
		if (!tokens) throw new SessionEnded();
		try {
			const renewed = await this.renewed(tokens);
			// Signing out in the meantime is not undone.
			if (this.#tokens === tokens) this.begin(renewed);
		} catch (error) {
			if (isCode(error, 'unreachable')) throw error;
			// Somebody may have signed in in the meantime.
			if (this.#tokens === tokens) this.#end();
			throw new SessionEnded();
		}
	}

	#end() {
		if (!this.#tokens) return;
		this.#tokens = null;
		keep('session', null);
		this.onEnded();
	}
}
