/** What the server writes into the page: where its users sign in. */
export type CognitoConfig = {
	region: string;
	userPoolClientId: string;
	/** Whether users may create accounts themselves. */
	selfSignUp: boolean;
	/** Such as `https://cognito-idp.eu-central-1.amazonaws.com`: AWS's domain depends on the region. */
	cognitoEndpoint: string;
	/** What the pool asks of a password, in addition to letters of both cases and a digit; not of a pool of another stack. */
	password?: {length: number; symbols: boolean};
};

export type OidcConfig = {
	/** As its tokens have it in `iss`. */
	issuer: string;
	clientId: string;
	/** The audiences whose tokens the API takes. */
	audiences: string[];
};

/** The operator's name for the page, and its colour, as `#rrggbb`. */
type Brand = {title?: string; color?: string};

export type Config = (CognitoConfig | OidcConfig) & Brand;

/** `null` where no server has written one. */
export function readConfig(): Config | null {
	const text = document.getElementById('config')?.textContent.trim();
	return text ? JSON.parse(text) : null;
}
