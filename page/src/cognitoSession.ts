/** A session with Cognito: the page itself asks for the password, and for whatever Cognito wants in addition. */
import {type AuthOutput, type Cognito, CognitoError} from './cognito';
import {SessionEnded, unreachable} from './errors';
import {Session, type Tokens} from './session';

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

export class CognitoSession extends Session {
	readonly #cognito: Cognito;
	/** The e-mail address, as it was typed. */
	#email = '';

	constructor(cognito: Cognito) {
		super();
		this.#cognito = cognito;
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

	/** For Cognito. */
	async accessToken(): Promise<string> {
		return (await this.fresh()).access;
	}

	/** Its claims are those that an operator can choose by. */
	protected override forApi({id}: Tokens): string {
		return id;
	}

	protected override async renewed(tokens: Tokens): Promise<Tokens> {
		try {
			const output = await this.#cognito('InitiateAuth', {
				AuthFlow: 'REFRESH_TOKEN_AUTH',
				AuthParameters: {REFRESH_TOKEN: tokens.refresh ?? ''},
			});
			return tokensOf(output, tokens.user, tokens.refresh);
		} catch (error) {
			throw isPassing(error) ? unreachable() : error;
		}
	}

	protected override async leave({refresh}: Tokens): Promise<void> {
		if (refresh) await this.#cognito('RevokeToken', {Token: refresh}).catch(() => {});
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
			this.begin(tokensOf(output, this.#email, null));
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
}

/** Without a new refresh token the old one stays good. */
function tokensOf({AuthenticationResult: result}: AuthOutput, user: string, refresh: string | null): Tokens {
	if (!result) throw new SessionEnded();
	return {
		user,
		owner: user,
		id: result.IdToken,
		access: result.AccessToken,
		refresh: result.RefreshToken ?? refresh,
		expiresAt: Date.now() + result.ExpiresIn * 1000,
	};
}

/** Cognito throttles or has a fault: that says nothing of the session. */
function isPassing(error: unknown): boolean {
	return error instanceof CognitoError && /^(TooManyRequests|LimitExceeded|InternalError|5)/.test(error.type);
}
