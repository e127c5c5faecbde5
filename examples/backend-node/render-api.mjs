/** The render API, for a backend that renders for its users. */
import {createClient} from 'remotion-render-api-client';

/** @param {{apiUrl: string, tokenUrl: string, clientId: string, clientSecret: string, scope: string}} settings */
export function renderApi({apiUrl, ...credentials}) {
	return createClient({url: apiUrl, token: machineToken(credentials)});
}

/** Client credentials. The token is kept until shortly before it expires: Cognito charges for each. */
function machineToken({tokenUrl, clientId, clientSecret, scope}) {
	let token = '';
	let goodUntil = 0;
	return async ({refresh}) => {
		if (refresh || Date.now() >= goodUntil) {
			const response = await fetch(tokenUrl, {
				method: 'POST',
				headers: {Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`},
				body: new URLSearchParams({grant_type: 'client_credentials', scope}),
			});
			if (!response.ok) {
				throw new Error(`No token: ${response.status} ${await response.text()}`);
			}
			const {access_token, expires_in} = await response.json();
			token = access_token;
			goodUntil = Date.now() + (expires_in - 60) * 1000;
		}
		return token;
	};
}
