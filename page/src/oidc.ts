/**
 * A session with any OpenID Connect issuer, by the authorization code flow with PKCE. The issuer's own page asks for the password,
 * and for whatever it wants in addition.
 *
 * https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth has the steps. oauth4webapi checks them: it is certified, has no
 * dependencies, and each step is a function of its own, so that the page has only those that it takes.
 */
import * as oauth from 'oauth4webapi';
import type {OidcConfig} from './config';
import {SessionEnded, unreachable} from './errors';
import {keep, recall} from './kept';
import {Session, type Tokens} from './session';
import {texts} from './texts';

/** What the page would like to know, and a token to renew the others. */
const SCOPES = ['openid', 'profile', 'email', 'offline_access'];

/** How wrong a device's clock may be, in seconds. */
const CLOCK_TOLERANCE = 300;

const LONGEST_ANSWER = 20_000;

/** A user who signs out does not wait for the issuer. */
const LONGEST_FAREWELL = 2_000;

/** The most that is shown of what an issuer says. */
const LONGEST_REASON = 200;

/** What the issuer has sent along with a user who comes back from it. The address is then as it was before. */
export function takeAnswer(): URLSearchParams | null {
	const answer = new URLSearchParams(location.search);
	if (!answer.has('code') && !answer.has('error')) return null;
	history.replaceState(null, '', location.pathname + (recall('signIn')?.hash ?? ''));
	return answer;
}

export class OidcSession extends Session {
	readonly #config: OidcConfig;
	readonly #issuer: URL;
	readonly #client: oauth.Client;
	readonly #options: {[oauth.allowInsecureRequests]: boolean; [oauth.customFetch]: typeof send};
	#answer: URLSearchParams | null;
	#server: Promise<oauth.AuthorizationServer> | null = null;

	constructor(config: OidcConfig, answer: URLSearchParams | null) {
		super();
		this.#config = config;
		this.#answer = answer;
		this.#issuer = new URL(config.issuer);
		this.#client = {client_id: config.clientId, [oauth.clockTolerance]: CLOCK_TOLERANCE};
		// API Gateway asks issuers over https alone: one without is on this machine.
		this.#options = {[oauth.allowInsecureRequests]: this.#issuer.protocol === 'http:', [oauth.customFetch]: send};
	}

	/** Where its users sign in, for them to read. */
	get host(): string {
		return this.#issuer.host;
	}

	/** Whether a user has just come back from the issuer. */
	get isReturning(): boolean {
		return this.#answer !== null;
	}

	/** Leaves the page for the issuer's own. */
	async signIn(): Promise<void> {
		const server = await this.#discovered();
		const pending = {
			state: oauth.generateRandomState(),
			nonce: oauth.generateRandomNonce(),
			verifier: oauth.generateRandomCodeVerifier(),
			hash: location.hash,
		};
		keep('signIn', pending);
		leaveFor(server.authorization_endpoint, {
			client_id: this.#config.clientId,
			redirect_uri: ownAddress(),
			response_type: 'code',
			scope: scopesOf(server).join(' '),
			state: pending.state,
			nonce: pending.nonce,
			code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
			code_challenge_method: 'S256',
			...this.#target(),
		});
	}

	/** Signs in by what the issuer has sent along, once. Throws, as a sentence, why nobody is signed in. */
	async complete(): Promise<void> {
		const [answer, pending] = [this.#answer, recall('signIn')];
		this.#answer = null;
		keep('signIn', null);
		if (!answer || !pending) throw new Error(texts.oidc.notStarted);
		const server = await this.#discovered();
		try {
			const checked = oauth.validateAuthResponse(server, this.#client, answer, pending.state);
			const options = {...this.#options, additionalParameters: this.#target()};
			const response = await oauth.authorizationCodeGrantRequest(
				server,
				this.#client,
				oauth.None(),
				checked,
				ownAddress(),
				pending.verifier,
				options,
			);
			const expected = {expectedNonce: pending.nonce, requireIdToken: true};
			this.begin(this.#tokensOf(await oauth.processAuthorizationCodeResponse(server, this.#client, response, expected), null));
		} catch (error) {
			throw this.#explained(error);
		}
	}

	protected override forApi({id, access}: Tokens): string {
		return this.#sendsIdToken() ? id : access;
	}

	protected override async renewed(tokens: Tokens): Promise<Tokens> {
		if (tokens.refresh === null) throw new SessionEnded();
		const server = await this.#discovered();
		const options = {...this.#options, additionalParameters: this.#target()};
		const response = await oauth.refreshTokenGrantRequest(server, this.#client, oauth.None(), tokens.refresh, options);
		return this.#tokensOf(await oauth.processRefreshTokenResponse(server, this.#client, response), tokens);
	}

	/** An issuer that has no way to sign out keeps its own session. */
	protected override async leave({id, refresh}: Tokens): Promise<void> {
		const server = await this.#discovered().catch(() => null);
		if (refresh && server?.revocation_endpoint) {
			const options = {...this.#options, signal: AbortSignal.timeout(LONGEST_FAREWELL)};
			await oauth.revocationRequest(server, this.#client, oauth.None(), refresh, options).catch(() => {});
		}
		if (!server?.end_session_endpoint) return;
		leaveFor(server.end_session_endpoint, {
			id_token_hint: id,
			client_id: this.#config.clientId,
			post_logout_redirect_uri: ownAddress(),
		});
	}

	/** Where the client itself is an audience, the API takes its ID tokens. */
	#sendsIdToken(): boolean {
		return this.#config.audiences.includes(this.#config.clientId);
	}

	/** What an access token is asked for: by RFC 8707, whose names are URLs, and by Auth0's own parameter. */
	#target(): Record<string, string> {
		const [audience] = this.#config.audiences;
		if (this.#sendsIdToken() || !audience) return {};
		return {audience, ...(URL.canParse(audience) && {resource: audience})};
	}

	/** What the issuer says about itself, asked for once. */
	#discovered(): Promise<oauth.AuthorizationServer> {
		this.#server ??= oauth
			.discoveryRequest(this.#issuer, this.#options)
			.then((response) => oauth.processDiscoveryResponse(this.#issuer, response))
			.catch((error) => {
				this.#server = null;
				throw this.#explained(error);
			});
		return this.#server;
	}

	/** What is new in an answer, and the rest as it was before. */
	#tokensOf(result: oauth.TokenEndpointResponse, before: Tokens | null): Tokens {
		const claims = oauth.getValidatedIdTokenClaims(result);
		const token = this.#sendsIdToken() ? result.id_token : result.access_token;
		const owner = claims?.sub ?? before?.owner;
		if (!token || owner === undefined || (before && owner !== before.owner)) throw new SessionEnded();
		const misfit = misfitOf(token, this.#config.audiences);
		if (misfit) throw new Error(texts.oidc.misfit(this.host, misfit));
		return {
			user: nameOf(claims) ?? before?.user ?? owner,
			owner,
			id: result.id_token ?? before?.id ?? '',
			access: result.access_token,
			refresh: result.refresh_token ?? before?.refresh ?? null,
			expiresAt: expiryOf(token),
		};
	}

	/** The library's errors are for developers. */
	#explained(error: unknown): unknown {
		if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
			if (error.error === 'access_denied') return new Error(texts.oidc.denied(this.host));
			return new Error(texts.oidc.failed(this.host, (error.error_description ?? error.error).slice(0, LONGEST_REASON)));
		}
		if (!(error instanceof oauth.OperationProcessingError)) return error;
		if (error.code === oauth.JWT_TIMESTAMP_CHECK) return new Error(texts.oidc.wrongClock);
		const isOfAddress = (error.cause as {parameters?: unknown} | undefined)?.parameters instanceof URLSearchParams;
		return new Error(isOfAddress ? texts.oidc.notStarted : texts.oidc.failed(this.host, error.message));
	}
}

/** The page's own address, without what is looked at on it. */
function ownAddress(): string {
	return location.origin + location.pathname;
}

function leaveFor(endpoint: string | undefined, parameters: Record<string, string>) {
	const url = new URL(endpoint ?? '');
	for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
	location.assign(url);
}

function scopesOf({scopes_supported: supported}: oauth.AuthorizationServer): string[] {
	return SCOPES.filter((scope) => scope === 'openid' || (supported ? supported.includes(scope) : scope !== 'offline_access'));
}

/** No answer, or one that says nothing of a session, is no connection. */
async function send(url: string, init: oauth.CustomFetchOptions<string, URLSearchParams | undefined>): Promise<Response> {
	const signal = init.signal ?? AbortSignal.timeout(LONGEST_ANSWER);
	const options = {cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer'} as const;
	const response = await fetch(url, {...init, body: init.body ?? null, signal, ...options}).catch(() => {
		throw unreachable();
	});
	if (response.status >= 500 || response.status === 429) throw unreachable();
	return response;
}

function nameOf(claims: oauth.IDToken | undefined): string | undefined {
	const names = [claims?.email, claims?.preferred_username, claims?.name];
	return names.find((name) => typeof name === 'string' && name !== '') as string | undefined;
}

type Jwt = {header: {alg?: string}; claims: {aud?: string | string[]; client_id?: string; exp?: number; iat?: number}};

function jwtOf(token: string): Jwt | null {
	try {
		const [header, claims] = token.split('.').map((part) => part.replace(/-/g, '+').replace(/_/g, '/'));
		return {header: JSON.parse(atob(header ?? '')), claims: JSON.parse(atob(claims ?? ''))};
	} catch {
		return null;
	}
}

/**
 * Why API Gateway would refuse a token, which would say no more than that it does.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
function misfitOf(token: string, audiences: string[]): string | null {
	const jwt = jwtOf(token);
	if (!jwt) return texts.oidc.notJwt;
	const {header, claims} = jwt;
	if (!header.alg?.startsWith('RS')) return texts.oidc.algorithm(String(header.alg));
	const own = [claims.aud ?? claims.client_id ?? []].flat();
	if (own.some((audience) => audiences.includes(audience))) return null;
	return texts.oidc.audience(own.join(', ') || texts.oidc.noAudience, audiences.join(', '));
}

/** By how long it lives rather than until when: a device's clock may be wrong. */
function expiryOf(token: string): number {
	const {exp = 0, iat} = jwtOf(token)?.claims ?? {};
	return (iat === undefined ? exp : Date.now() / 1000 + exp - iat) * 1000;
}
