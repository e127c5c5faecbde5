/** Who is signed in. The tokens are kept by the tab, over a reload, until it is closed or its user signs out. */
import {type AuthOutput, type Cognito, CognitoError} from './cognito';
import {isCode, SessionEnded, unreachable} from './errors';
import {forgetAll, keep, recall} from './kept';

/** What Cognito asks for before it signs somebody in. */
export type Challenge = {
	kind: 'newPassword' | 'totp' | 'totpSetup';
	username: string;
	session: string;
	/** What an authenticator app is to be given; only with `totpSetup`. */
	secret: string;
};

/** A challenge that this page has no step for. */
export class UnknownChallenge extends Error {
	override name = 'UnknownChallenge';
}

type Tokens = {user: string; id: string; access: string; refresh: string; expiresAt: number};

/** A token that ends while a request is on its way would be refused. */
const MARGIN = 30_000;

export class Session {
	/** Called when Cognito or the API has refused to go on with this session. */
	onEnded = () => {};
	readonly #cognito: Cognito;
	#tokens: Tokens | null = recall('session');
	#renewal: Promise<void> | null = null;
	/** The e-mail address, as it was typed. */
	#email = '';
	/** The token that took the place of one that the API has refused. */
	#replacement = '';

	constructor(cognito: Cognito) {
		this.#cognito = cognito;
	}

	/** Who is signed in; `null` for nobody. */
	get user(): string | null {
		return this.#tokens?.user ?? null;
	}

	/** Signs in; or tells what is asked for before. */
	async signIn(email: string, password: string): Promise<Challenge | null> {
		this.#email = email;
		const output = await this.#cognito('InitiateAuth', {
			AuthFlow: 'USER_PASSWORD_AUTH',
			AuthParameters: {USERNAME: email, PASSWORD: password},
		});
		return this.#next(output, email);
	}

	/** Answers a challenge with the new password, or with the authenticator's code. */
	async answer(challenge: Challenge, secret: string): Promise<Challenge | null> {
		const {kind, username, session} = challenge;
		switch (kind) {
			case 'newPassword':
				return this.#respond('NEW_PASSWORD_REQUIRED', username, session, {NEW_PASSWORD: secret});
			case 'totp':
				return this.#respond('SOFTWARE_TOKEN_MFA', username, session, {SOFTWARE_TOKEN_MFA_CODE: secret});
			case 'totpSetup': {
				const verified = await this.#cognito('VerifySoftwareToken', {Session: session, UserCode: secret});
				return this.#respond('MFA_SETUP', username, verified.Session ?? '', {});
			}
		}
	}

	/** For the API: a new one, where it has refused the last. */
	async idToken({refresh} = {refresh: false}): Promise<string> {
		if (refresh) await this.renew();
		const {id} = await this.#fresh();
		if (refresh) this.#replacement = id;
		return id;
	}

	/** Keeps the tokens again, after all that the tab has kept was forgotten. */
	keep() {
		keep('session', this.#tokens);
	}

	/** The API has refused a token: where it was a new one already, the session has ended. */
	refused(token: string) {
		if (token === this.#replacement) this.#end();
	}

	/** For Cognito. */
	async accessToken(): Promise<string> {
		return (await this.#fresh()).access;
	}

	/** Takes new tokens; once for all who ask at the same time. */
	renew(): Promise<void> {
		this.#renewal ??= this.#refresh().finally(() => {
			this.#renewal = null;
		});
		return this.#renewal;
	}

	/** Forgets the tokens. Cognito is asked to revoke them, and need not have answered. */
	async signOut(): Promise<void> {
		const tokens = this.#tokens;
		this.#tokens = null;
		forgetAll();
		if (tokens) await this.#cognito('RevokeToken', {Token: tokens.refresh}).catch(() => {});
	}

	#end() {
		if (!this.#tokens) return;
		this.#tokens = null;
		keep('session', null);
		this.onEnded();
	}

	/** Tokens that have not expired. */
	async #fresh(): Promise<Tokens> {
		if (this.#tokens && Date.now() >= this.#tokens.expiresAt - MARGIN) await this.renew();
		if (!this.#tokens) throw new SessionEnded();
		return this.#tokens;
	}

	async #refresh(): Promise<void> {
		const tokens = this.#tokens;
		if (!tokens) throw new SessionEnded();
		try {
			const output = await this.#cognito('InitiateAuth', {
				AuthFlow: 'REFRESH_TOKEN_AUTH',
				AuthParameters: {REFRESH_TOKEN: tokens.refresh},
			});
			// Signing out in the meantime is not undone.
			if (this.#tokens === tokens) this.#keep(output, tokens.refresh);
		} catch (error) {
			if (isCode(error, 'unreachable') || isPassing(error)) throw unreachable();
			this.#end();
			throw new SessionEnded();
		}
	}

	async #respond(name: string, username: string, session: string, responses: Record<string, string>) {
		const output = await this.#cognito('RespondToAuthChallenge', {
			ChallengeName: name,
			Session: session,
			ChallengeResponses: {USERNAME: username, ...responses},
		});
		return this.#next(output, username);
	}

	async #next(output: AuthOutput, user: string): Promise<Challenge | null> {
		if (output.AuthenticationResult) {
			this.#keep(output, '');
			return null;
		}
		const session = output.Session ?? '';
		// Cognito wants its own name of a user, where it tells it, rather than the e-mail address.
		const username = output.ChallengeParameters?.USER_ID_FOR_SRP ?? user;
		switch (output.ChallengeName) {
			case 'NEW_PASSWORD_REQUIRED':
				return {kind: 'newPassword', username, session, secret: ''};
			case 'SOFTWARE_TOKEN_MFA':
				return {kind: 'totp', username, session, secret: ''};
			case 'MFA_SETUP': {
				const association = await this.#cognito('AssociateSoftwareToken', {Session: session});
				return {kind: 'totpSetup', username, session: association.Session ?? '', secret: association.SecretCode};
			}
			default:
				throw new UnknownChallenge(output.ChallengeName);
		}
	}

	/** Without a new refresh token the old one stays good. */
	#keep({AuthenticationResult: result}: AuthOutput, refresh: string) {
		if (!result) throw new SessionEnded();
		this.#tokens = {
			user: this.#tokens?.user ?? this.#email,
			id: result.IdToken,
			access: result.AccessToken,
			refresh: result.RefreshToken ?? refresh,
			expiresAt: Date.now() + result.ExpiresIn * 1000,
		};
		keep('session', this.#tokens);
	}
}

/** Cognito throttles or has a fault: that says nothing of the session. */
function isPassing(error: unknown): boolean {
	return error instanceof CognitoError && /^(TooManyRequests|LimitExceeded|InternalError|5)/.test(error.type);
}
