/**
 * The operations of Cognito that a user may call: AWS signs none of them, so that they are plain POST requests. Its
 * libraries would be most of the page, and Amplify keeps steps of the sign-in in sessionStorage.
 *
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html
 */
import type {Config} from './config';
import {Unreachable} from './problem';

type Operations = {
	InitiateAuth: {
		input: {ClientId: string; AuthFlow: 'USER_PASSWORD_AUTH' | 'REFRESH_TOKEN_AUTH'; AuthParameters: Record<string, string>};
		output: AuthOutput;
	};
	RespondToAuthChallenge: {
		input: {ClientId: string; ChallengeName: string; Session: string; ChallengeResponses: Record<string, string>};
		output: AuthOutput;
	};
	AssociateSoftwareToken: {input: {Session: string}; output: {SecretCode: string; Session: string}};
	VerifySoftwareToken: {input: {Session: string; UserCode: string}; output: {Session: string}};
	SignUp: {input: {ClientId: string; Username: string; Password: string}; output: {UserConfirmed: boolean}};
	ConfirmSignUp: {input: {ClientId: string; Username: string; ConfirmationCode: string}; output: object};
	ResendConfirmationCode: {input: {ClientId: string; Username: string}; output: object};
	ForgotPassword: {input: {ClientId: string; Username: string}; output: object};
	ConfirmForgotPassword: {
		input: {ClientId: string; Username: string; ConfirmationCode: string; Password: string};
		output: object;
	};
	RevokeToken: {input: {ClientId: string; Token: string}; output: object};
};

/** Either tokens, or what Cognito asks for first. */
export type AuthOutput = {
	AuthenticationResult?: {IdToken: string; RefreshToken?: string; ExpiresIn: number};
	ChallengeName?: string;
	ChallengeParameters?: Record<string, string>;
	Session?: string;
};

export type Cognito = <Name extends keyof Operations>(
	operation: Name,
	input: Omit<Operations[Name]['input'], 'ClientId'>,
) => Promise<Operations[Name]['output']>;

export class CognitoError extends Error {
	override name = 'CognitoError';
	/** Such as `NotAuthorizedException`. */
	readonly type: string;

	constructor(type: string, message: string) {
		super(message);
		this.type = type;
	}
}

/** Those that take a session instead of the client's id. */
const OF_A_SESSION = new Set<keyof Operations>(['AssociateSoftwareToken', 'VerifySoftwareToken']);

export function cognitoOf(config: Config): Cognito {
	const endpoint = config.cognitoEndpoint ?? `https://cognito-idp.${config.region}.amazonaws.com`;
	return async (operation, input) => {
		const body = OF_A_SESSION.has(operation) ? input : {ClientId: config.userPoolClientId, ...input};
		const response = await fetch(`${endpoint.replace(/\/$/, '')}/`, {
			method: 'POST',
			headers: {
				'content-type': 'application/x-amz-json-1.1',
				'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
			},
			body: JSON.stringify(body),
			cache: 'no-store',
			credentials: 'omit',
			referrerPolicy: 'no-referrer',
		}).catch(() => {
			throw new Unreachable();
		});
		const output = await response.json().catch(() => ({}));
		if (response.ok) return output;
		const type = String(output.__type ?? response.status);
		throw new CognitoError(type.slice(type.lastIndexOf('#') + 1), output.message ?? output.Message ?? '');
	};
}
