// Users who sign in with a browser: the clients of their pages, and the form that asks who somebody is. Nobody needs a password.

/** Pages keep no secret. One is given refresh tokens, and one is not. */
export const PAGES = ['page', 'page-without-refresh'].map((client_id) => ({
	client_id,
	token_endpoint_auth_method: 'none',
	grant_types: ['authorization_code', ...(client_id === 'page' ? ['refresh_token'] : [])],
	response_types: ['code'],
	// Not looked at: see server.mjs.
	redirect_uris: ['http://localhost/'],
}));

const OF_PAGES = PAGES.map(({client_id}) => client_id);

/** What a provider needs for them. The API of such an audience takes their access tokens. */
export function configuration(audience) {
	return {
		pkce: {required: () => true},
		// As other providers have it: the page asks for no consent.
		issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
		clientBasedCORS: (_context, _origin, client) => OF_PAGES.includes(client.clientId),
		claims: {openid: ['sub'], email: ['email', 'email_verified'], profile: ['name']},
		conformIdTokenClaims: false,
		findAccount: (_context, id) => ({
			accountId: id,
			claims: () => ({sub: id, email: id.replace('user|', ''), email_verified: true, name: 'Somebody'}),
		}),
		// Shorter than an ID token, so that a test can let one expire and still trust the other.
		ttl: {AccessToken: 600, IdToken: 3600, RefreshToken: 86_400, Session: 86_400, Grant: 86_400, Interaction: 600},
		interactions: {url: (_context, interaction) => `/interaction/${interaction.uid}`},
		loadExistingGrant: async ({oidc}) => {
			const {accountId} = oidc.session;
			const grant = new oidc.provider.Grant({clientId: oidc.client.clientId, accountId});
			grant.addOIDCScope('openid email profile offline_access');
			grant.addResourceScope(audience, '');
			await grant.save();
			return grant;
		},
	};
}

// Without an icon, browsers ask for one and complain.
const page = (content) => `<!doctype html><html lang="en"><head><title>The issuer</title><link rel="icon" href="data:,"></head>
<body><main><h1>The issuer</h1>${content}</main></body></html>`;

const FORM = page(`<form method="post"><label>Who are you? <input name="email" autofocus></label>
<button name="answer" value="continue">Continue</button> <button name="answer" value="cancel">Cancel</button></form>`);

/** Whether its user wants to sign out. The provider's own page loads its fonts from elsewhere. */
export function askToSignOut(context, form) {
	context.body = page(`${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out here too</button>`);
}

/** Asks who somebody is, and takes their word for it. */
export async function signIn(provider, request, response) {
	if (request.method !== 'POST') {
		response.setHeader('content-type', 'text/html; charset=utf-8').end(FORM);
		return;
	}
	const pieces = [];
	for await (const piece of request) pieces.push(piece);
	const form = new URLSearchParams(Buffer.concat(pieces).toString());
	const result =
		form.get('answer') === 'cancel'
			? {error: 'access_denied', error_description: 'The user did not want to.'}
			: {login: {accountId: `user|${form.get('email')}`}};
	await provider.interactionFinished(request, response, result);
}
