/** What the server writes into the page: where its users sign in. */
export type CognitoConfig = {
	region: string;
	userPoolClientId: string;
	/** Whether users may create accounts themselves. */
	selfSignUp: boolean;
	/** Such as `https://cognito-idp.eu-central-1.amazonaws.com`: AWS's domain depends on the region. */
	cognitoEndpoint: string;
};

export type OidcConfig = {
	/** As its tokens have it in `iss`. */
	issuer: string;
	clientId: string;
	/** The audiences whose tokens the API takes. */
	audiences: string[];
};

export type Config = CognitoConfig | OidcConfig;

/** `null` where no server has written one. */
export function readConfig(): Config | null {
	const text = document.getElementById('config')?.textContent.trim();
	return text ? JSON.parse(text) : null;
}
