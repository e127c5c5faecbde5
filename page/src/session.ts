/** Who is signed in. Only this object has the tokens, so they end with the page. */
import {type AuthOutput, type Cognito, CognitoError} from './cognito';
import {SessionEnded, Unreachable} from './problem';

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

type Tokens = {id: string; access: string; refresh: string; expiresAt: number};

/** A token that ends while a request is on its way would be refused. */
const MARGIN = 30_000;

export class Session {
	/** Called when Cognito or the API has refused to go on with this session. */
	onEnded = () => {};
	readonly #cognito: Cognito;
	#tokens: Tokens | null = null;
	#renewal: Promise<void> | null = null;

	constructor(cognito: Cognito) {
		this.#cognito = cognito;
	}

	/** Signs in; or tells what is asked for before. */
	async signIn(email: string, password: string): Promise<Challenge | null> {
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

	/** For the API. */
	async idToken(): Promise<string> {
		return (await this.#fresh()).id;
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
		if (tokens) await this.#cognito('RevokeToken', {Token: tokens.refresh}).catch(() => {});
	}

	end(): never {
		if (this.#tokens) {
			this.#tokens = null;
			this.onEnded();
		}
		throw new SessionEnded();
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
			if (error instanceof Unreachable || isPassing(error)) throw new Unreachable();
			this.end();
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
			id: result.IdToken,
			access: result.AccessToken,
			refresh: result.RefreshToken ?? refresh,
			expiresAt: Date.now() + result.ExpiresIn * 1000,
		};
	}
}

/** Cognito throttles or has a fault: that says nothing of the session. */
function isPassing(error: unknown): boolean {
	return error instanceof CognitoError && /^(TooManyRequests|LimitExceeded|InternalError|5)/.test(error.type);
}
