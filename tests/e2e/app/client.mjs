// An app's own client of the API, for Node.js and for browsers alike: it has fetch(), and nothing else.

const FINAL = ['done', 'failed', 'cancelled', 'timed_out', 'expired'];

/** The ID token of a user, by the password. */
export async function signIn({cognito, clientId, email, password}) {
	const response = await fetch(cognito, {
		method: 'POST',
		headers: {
			'content-type': 'application/x-amz-json-1.1',
			'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
		},
		body: JSON.stringify({
			ClientId: clientId,
			AuthFlow: 'USER_PASSWORD_AUTH',
			AuthParameters: {USERNAME: email, PASSWORD: password},
		}),
	});
	return (await told(response)).AuthenticationResult.IdToken;
}

export async function start({apiUrl}, token, options) {
	const headers = {
		authorization: `Bearer ${token}`,
		'content-type': 'application/json',
		'idempotency-key': crypto.randomUUID(),
	};
	return told(await fetch(`${apiUrl}/render`, {method: 'POST', headers, body: JSON.stringify(options)}));
}

/** Asks when the API says so, until the render is over. Answers what was told last, and each pause in seconds. */
export async function watch({apiUrl}, token, renderId) {
	const pauses = [];
	for (;;) {
		const response = await fetch(`${apiUrl}/render/${renderId}`, {headers: {authorization: `Bearer ${token}`}});
		const render = await told(response);
		if (FINAL.includes(render.status)) return {render, pauses};
		pauses.push(response.headers.get('retry-after'));
		await new Promise((resolve) => setTimeout(resolve, Number(pauses.at(-1)) * 1000));
	}
}

export async function remove({apiUrl}, token, renderId) {
	const response = await fetch(`${apiUrl}/render/${renderId}`, {method: 'DELETE', headers: {authorization: `Bearer ${token}`}});
	return response.status;
}

async function told(response) {
	const body = await response.json();
	if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
	return body;
}
