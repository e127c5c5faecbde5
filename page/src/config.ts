/** What the server writes into the page: where its users sign in. */
export type Config = {
	region: string;
	userPoolClientId: string;
	/** Whether users may create accounts themselves. */
	selfSignUp: boolean;
	/** Such as `https://cognito-idp.eu-central-1.amazonaws.com`: AWS's domain depends on the region. */
	cognitoEndpoint: string;
};

/** `null` where no server has written one. */
export function readConfig(): Config | null {
	const text = document.getElementById('config')?.textContent.trim();
	return text ? JSON.parse(text) : null;
}
