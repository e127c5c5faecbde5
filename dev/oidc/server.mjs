// An OpenID Connect provider on this machine, for tests: users of an issuer that is not Cognito. It prints its URL when it is ready.
//
// Real: discovery, keys, client credentials, and users who sign in on its page: see users.mjs. POST /sign gives a token with any
// claims, signed by the provider's own key, as an issuer might write them.
import {createServer} from 'node:http';

import {exportJWK, generateKeyPair, SignJWT} from 'jose';
import Provider from 'oidc-provider';

import {askToSignOut, configuration, PAGES, signIn} from './users.mjs';

const AUDIENCE = 'https://render.example';
const SCOPES = 'render:act render:read';

const machine = (id, scope) => ({
	client_id: id,
	client_secret: `${id}-secret`,
	grant_types: ['client_credentials'],
	redirect_uris: [],
	response_types: [],
	scope,
});

const keyOf = async (alg) => {
	const {privateKey} = await generateKeyPair(alg, {extractable: true});
	return {privateKey, jwk: {...(await exportJWK(privateKey)), alg, use: 'sig', kid: alg}};
};
const keys = {RS256: await keyOf('RS256'), ES256: await keyOf('ES256')};

const server = createServer();
const port = Number(process.env.PORT ?? 0);
await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
	...configuration(AUDIENCE),
	clients: [machine('backend', SCOPES), machine('reader', 'render:read'), machine('stranger', SCOPES), ...PAGES],
	jwks: {keys: Object.values(keys).map(({jwk}) => jwk)},
	scopes: ['openid', 'offline_access', ...SCOPES.split(' ')],
	features: {
		clientCredentials: {enabled: true},
		devInteractions: {enabled: false},
		revocation: {enabled: true},
		rpInitiatedLogout: {logoutSource: askToSignOut},
		resourceIndicators: {
			enabled: true,
			// A machine need not ask. A user's page does.
			defaultResource: ({oidc}) => (PAGES.some(({client_id}) => client_id === oidc.client?.clientId) ? undefined : AUDIENCE),
			getResourceServerInfo: () => ({
				scope: SCOPES,
				audience: AUDIENCE,
				accessTokenFormat: 'jwt',
				jwt: {sign: {alg: 'RS256'}},
			}),
		},
	},
});

// The address of a page is known when its stack is deployed, and the stack is told of this issuer: any page on this machine.
const isLocal = (url) => /^http:\/\/([\w-]+\.)*localhost:\d+\/$/.test(url);
Object.assign(provider.Client.prototype, {redirectUriAllowed: isLocal, postLogoutRedirectUriAllowed: isLocal});

const sign = async (request) => {
	const pieces = [];
	for await (const piece of request) pieces.push(piece);
	const {alg = 'RS256', ...claims} = JSON.parse(Buffer.concat(pieces).toString());
	const now = Math.floor(Date.now() / 1000);
	const all = {iss: issuer, aud: AUDIENCE, iat: now, exp: now + 600, ...claims};
	const given = Object.entries(all).filter(([, value]) => value !== null);
	return new SignJWT(Object.fromEntries(given)).setProtectedHeader({alg, kid: alg}).sign(keys[alg].privateKey);
};

const answer = provider.callback();
server.on('request', async (request, response) => {
	if (request.method === 'POST' && request.url === '/sign') {
		response.end(await sign(request));
	} else if (request.url.startsWith('/interaction/')) {
		await signIn(provider, request, response);
	} else {
		answer(request, response);
	}
});
console.log(issuer);
