import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {SessionEnded} from '../src/errors';
import {OidcSession, takeAnswer} from '../src/oidc';
import {texts} from '../src/texts';
import {stubSessionStorage} from './storage';

const ISSUER = 'https://issuer.example/tenant/';
const AUDIENCE = 'https://render.example';
const PAGE = 'https://api.example/video/';
const TENANT = {issuer: ISSUER, clientId: 'page', audiences: [AUDIENCE, 'another']};

type Claims = Record<string, unknown>;

function base64url(bytes: string): string {
	return btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}

/** As an issuer signs it; nobody here looks at the signature. */
function jwt(claims: Claims, alg = 'RS256'): string {
	const now = Math.floor(Date.now() / 1000);
	const part = (value: object) => base64url(JSON.stringify(value));
	return `${part({alg})}.${part({iss: ISSUER, sub: 'user|1', iat: now, exp: now + 600, ...claims})}.c2ln`;
}

/** What the issuer's token endpoint is asked and answers, and where the page goes. */
let asked: URLSearchParams[];
let went: URL[];
let nonce: string;
/** `null` is no connection. */
let answer: () => Response | null;
let discovery: Claims;
let now: typeof location;

function tokens(more: Claims = {}, claims: Claims = {}) {
	return () =>
		Response.json({
			access_token: jwt({aud: AUDIENCE}),
			id_token: jwt({aud: 'page', nonce, email: 'ada@example.com', ...claims}),
			token_type: 'Bearer',
			expires_in: 600,
			refresh_token: 'refresh-1',
			...more,
		});
}

beforeEach(() => {
	// Two tokens are the same if they are of the same second.
	vi.useFakeTimers({toFake: ['Date']});
	[asked, went, answer] = [[], [], tokens()];
	discovery = {
		issuer: ISSUER,
		authorization_endpoint: `${ISSUER}authorize?kept=1`,
		token_endpoint: `${ISSUER}token`,
		scopes_supported: ['openid', 'email', 'offline_access', 'address'],
	};
	stubSessionStorage();
	const {origin, pathname} = new URL(PAGE);
	now = {origin, pathname, search: '', hash: '#/renders/abc', assign: (url: URL) => went.push(url)} as unknown as typeof location;
	vi.stubGlobal('location', now);
	vi.stubGlobal('history', {
		replaceState: (_state: null, _unused: string, url: string) => {
			const {search, hash} = new URL(url, PAGE);
			Object.assign(now, {search, hash});
		},
	});
	vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
		if (url === `${ISSUER}.well-known/openid-configuration`) return Response.json(discovery);
		asked.push(new URLSearchParams(String(init.body)));
		const response = answer();
		if (!response) throw new TypeError('Failed to fetch');
		return response;
	});
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

/** Leaves for the issuer; answers what it was asked. */
async function leave(config = TENANT): Promise<URLSearchParams> {
	await new OidcSession(config, takeAnswer()).signIn();
	const sent = new URLSearchParams(went.at(-1)?.search);
	nonce = sent.get('nonce') ?? '';
	return sent;
}

/** The page is loaded again, with what the issuer has sent along. */
function comeBack(given: Record<string, string>, config = TENANT): OidcSession {
	Object.assign(now, {search: `?${new URLSearchParams(given)}`, hash: ''});
	return new OidcSession(config, takeAnswer());
}

async function signedIn(config = TENANT): Promise<OidcSession> {
	const sent = await leave(config);
	const session = comeBack({code: 'c', state: sent.get('state') ?? ''}, config);
	await session.complete();
	return session;
}

test('signing in goes to the issuer, and comes back to the same address with a token for the API', async () => {
	const sent = await leave();
	expect(went[0]?.href).toMatch(/^https:\/\/issuer\.example\/tenant\/authorize\?kept=1&/);
	expect(Object.fromEntries(sent)).toMatchObject({
		client_id: 'page',
		redirect_uri: PAGE,
		response_type: 'code',
		scope: 'openid email offline_access',
		code_challenge_method: 'S256',
		audience: AUDIENCE,
		resource: AUDIENCE,
	});
	const session = comeBack({code: 'c', state: sent.get('state') ?? ''});
	expect(session.isReturning).toBe(true);
	expect([now.search, now.hash]).toEqual(['', '#/renders/abc']);
	await session.complete();
	expect([session.user, session.owner]).toEqual(['ada@example.com', 'user|1']);
	expect(await session.token()).toBe(jwt({aud: AUDIENCE}));
	const {code_verifier, ...rest} = Object.fromEntries(asked[0] ?? []);
	expect(rest).toEqual({
		grant_type: 'authorization_code',
		code: 'c',
		redirect_uri: PAGE,
		client_id: 'page',
		audience: AUDIENCE,
		resource: AUDIENCE,
	});
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code_verifier));
	expect(sent.get('code_challenge')).toBe(base64url(String.fromCharCode(...new Uint8Array(digest))));
	// Another reload finds it again, and asks nobody.
	expect(new OidcSession(TENANT, takeAnswer()).user).toBe('ada@example.com');
	expect(asked).toHaveLength(1);
});

test('where the client is an audience, the API is sent the ID token, and no other is asked for', async () => {
	const config = {...TENANT, audiences: ['another', 'page']};
	const session = await signedIn(config);
	expect(await session.token()).toBe(jwt({aud: 'page', nonce, email: 'ada@example.com'}));
	for (const sent of [went[0]?.searchParams, asked[0]]) {
		expect([sent?.get('audience'), sent?.get('resource')]).toEqual([null, null]);
	}
});

test('an audience that is no URL is not asked for as a resource', async () => {
	const sent = await leave({...TENANT, audiences: ['authenticated']});
	expect([sent.get('audience'), sent.get('resource')]).toEqual(['authenticated', null]);
});

test('a session in its name alone is asked for where the issuer does not say what it has', async () => {
	discovery = {...discovery, scopes_supported: undefined};
	expect((await leave()).get('scope')).toBe('openid profile email');
});

test.each([
	[{email: undefined, preferred_username: 'ada', name: 'Ada L'}, 'ada'],
	[{email: '', name: 'Ada L'}, 'Ada L'],
	[{email: undefined}, 'user|1'],
])('%o is shown as %s', async (claims, shown) => {
	answer = tokens({}, claims);
	expect((await signedIn()).user).toBe(shown);
});

test('an answer to no question of this tab is refused, and brings no token', async () => {
	const wrong: Record<string, string>[] = [
		{code: 'c', state: 'another'},
		{code: 'c'},
		{code: 'c', iss: 'https://another.example', state: 'right'},
		{error: 'access_denied', state: 'another'},
	];
	for (const given of wrong) {
		const right = (await leave()).get('state') ?? '';
		const session = comeBack(given.state === 'right' ? {...given, state: right} : given);
		await expect(session.complete()).rejects.toThrow(texts.oidc.notStarted);
		expect(session.user).toBeNull();
		// Nor can it be tried again.
		await expect(comeBack({code: 'c', state: right}).complete()).rejects.toThrow(texts.oidc.notStarted);
	}
	expect(asked).toEqual([]);
});

test('the issuer says why it has signed nobody in', async () => {
	const refusals: [Record<string, string>, string][] = [
		[{error: 'access_denied', error_description: 'They said no'}, texts.oidc.denied('issuer.example')],
		[{error: 'invalid_scope'}, texts.oidc.failed('issuer.example', 'invalid_scope')],
		[{error: 'server_error', error_description: 'No such API'}, texts.oidc.failed('issuer.example', 'No such API')],
	];
	for (const [given, sentence] of refusals) {
		const sent = await leave();
		await expect(comeBack({...given, state: sent.get('state') ?? ''}).complete()).rejects.toThrow(sentence);
	}
	answer = () => Response.json({error: 'invalid_grant', error_description: 'Code expired'}, {status: 400});
	await expect(signedIn()).rejects.toThrow(texts.oidc.failed('issuer.example', 'Code expired'));
});

test("an ID token of another's sign-in is refused", async () => {
	answer = tokens({}, {nonce: 'another'});
	await expect(signedIn()).rejects.toThrow('nonce');
	answer = tokens({}, {aud: 'another-client'});
	await expect(signedIn()).rejects.toThrow('aud');
});

test('a token that API Gateway would refuse is explained, and not kept', async () => {
	const misfits: [string, string][] = [
		['opaque', texts.oidc.notJwt],
		[jwt({aud: AUDIENCE}, 'ES256'), texts.oidc.algorithm('ES256')],
		[jwt({aud: ['account', 'b']}), texts.oidc.audience('account, b', `${AUDIENCE}, another`)],
		[jwt({}), texts.oidc.audience('none', `${AUDIENCE}, another`)],
	];
	for (const [token, why] of misfits) {
		answer = tokens({access_token: token});
		await expect(signedIn()).rejects.toThrow(texts.oidc.misfit('issuer.example', why));
	}
	// Without an audience it looks at the client.
	answer = tokens({access_token: jwt({client_id: 'another'})});
	expect((await signedIn()).user).toBe('ada@example.com');
});

test('a wrong clock is named', async () => {
	const past = Math.floor(Date.now() / 1000) - 3600;
	answer = tokens({}, {iat: past - 600, exp: past});
	await expect(signedIn()).rejects.toThrow(texts.oidc.wrongClock);
});

test('an expired token is renewed, once for all who ask', async () => {
	const session = await signedIn();
	vi.setSystemTime(Date.now() + 600_000);
	answer = tokens({refresh_token: 'refresh-2', id_token: undefined});
	const [one, two] = await Promise.all([session.token(), session.token()]);
	expect([one, two]).toEqual([jwt({aud: AUDIENCE}), one]);
	expect(asked.slice(1).map((sent) => Object.fromEntries(sent))).toEqual([
		{grant_type: 'refresh_token', refresh_token: 'refresh-1', client_id: 'page', audience: AUDIENCE, resource: AUDIENCE},
	]);
	expect(session.user).toBe('ada@example.com');
	vi.setSystemTime(Date.now() + 600_000);
	await session.token();
	expect(asked[2]?.get('refresh_token')).toBe('refresh-2');
});

test('a session ends with its tokens where there is no other, and where the issuer refuses', async () => {
	const ends: [Claims, () => Response][] = [
		[{refresh_token: undefined}, tokens()],
		[{}, () => Response.json({error: 'invalid_grant'}, {status: 400})],
		[{}, () => tokens({}, {sub: 'user|2'})()],
	];
	for (const [first, next] of ends) {
		answer = tokens(first);
		const session = await signedIn();
		session.onEnded = vi.fn();
		vi.setSystemTime(Date.now() + 600_000);
		answer = next;
		await expect(session.token()).rejects.toThrow(SessionEnded);
		expect(session.onEnded).toHaveBeenCalledOnce();
		expect(session.user).toBeNull();
	}
});

test('where the API is sent ID tokens, a renewal without one ends the session', async () => {
	const session = await signedIn({...TENANT, audiences: ['page']});
	vi.setSystemTime(Date.now() + 600_000);
	answer = tokens({id_token: undefined});
	await expect(session.token()).rejects.toThrow(SessionEnded);
});

test('an issuer that does not answer ends no session', async () => {
	const session = await signedIn();
	session.onEnded = vi.fn();
	vi.setSystemTime(Date.now() + 600_000);
	for (const failing of [() => null, () => new Response('', {status: 503}), () => new Response('', {status: 429})]) {
		answer = failing;
		await expect(session.token()).rejects.toMatchObject({code: 'unreachable'});
	}
	answer = tokens();
	expect(await session.token()).toBe(jwt({aud: AUDIENCE}));
	expect(session.onEnded).not.toHaveBeenCalled();
});

test('signing out forgets all, revokes, and ends the session of the issuer where it has a way', async () => {
	const session = await signedIn();
	await session.signOut();
	expect([went.length, asked.length]).toEqual([1, 1]);
	expect(sessionStorage.getItem('session')).toBeNull();

	discovery = {...discovery, end_session_endpoint: `${ISSUER}logout`, revocation_endpoint: `${ISSUER}revoke`};
	const again = await signedIn();
	const id = jwt({aud: 'page', nonce, email: 'ada@example.com'});
	answer = () => new Response('', {status: 500});
	await again.signOut();
	expect(asked.at(-1)?.get('token')).toBe('refresh-1');
	expect(`${went.at(-1)?.origin}${went.at(-1)?.pathname}`).toBe(`${ISSUER}logout`);
	expect(Object.fromEntries(went.at(-1)?.searchParams ?? [])).toEqual({
		id_token_hint: id,
		client_id: 'page',
		post_logout_redirect_uri: PAGE,
	});
	await expect(again.token()).rejects.toThrow(SessionEnded);
});
