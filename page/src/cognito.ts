/**
 * The operations of Cognito that a user may call. None of them is signed, so they are plain POST requests: AWS's libraries
 * would be most of the page, and Amplify keeps steps of the sign-in in sessionStorage.
 *
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html
 */
import type {CognitoConfig} from './config';
import {unreachable} from './errors';

type Operations = {
	InitiateAuth: {
		input: {ClientId: string; AuthFlow: 'USER_PASSWORD_AUTH' | 'REFRESH_TOKEN_AUTH'; AuthParameters: Record<string, string>};
		output: AuthOutput;
	};
	RespondToAuthChallenge: {
		input: {ClientId: string; ChallengeName: string; Session: string; ChallengeResponses: Record<string, string>};
		output: AuthOutput;
	};
	/** Ends the use of the authenticator app that was set up before. */
	AssociateSoftwareToken: {input: Proof; output: {SecretCode: string; Session?: string}};
	VerifySoftwareToken: {input: Proof & {UserCode: string}; output: {Session?: string}};
	SetUserMFAPreference: {
		input: {AccessToken: string; SoftwareTokenMfaSettings: {Enabled: boolean; PreferredMfa: boolean}};
		output: object;
	};
	GetUser: {
		input: {AccessToken: string};
		output: {UserAttributes: {Name: string; Value?: string}[]; UserMFASettingList?: string[]};
	};
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

/** Who asks: somebody who is signing in, or is signed in. */
type Proof = {Session: string} | {AccessToken: string};

/** Either tokens, or what Cognito asks for first. */
export type AuthOutput = {
	AuthenticationResult?: {IdToken: string; AccessToken: string; RefreshToken?: string; ExpiresIn: number};
	ChallengeName?: string;
	ChallengeParameters?: Record<string, string>;
	Session?: string;
};

type WithoutClient<Input> = Input extends {ClientId: string} ? Omit<Input, 'ClientId'> : Input;

export type Cognito = <Name extends keyof Operations>(
	operation: Name,
	input: WithoutClient<Operations[Name]['input']>,
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

/** These take a session or an access token instead of the client's id. */
const WITHOUT_CLIENT = new Set<keyof Operations>([
	'AssociateSoftwareToken',
	'VerifySoftwareToken',
	'SetUserMFAPreference',
	'GetUser',
]);

/** All who want a new token wait for the same answer. */
const LONGEST_ANSWER = 20_000;

export function cognitoOf(config: CognitoConfig): Cognito {
	return async (operation, input) => {
		const body = WITHOUT_CLIENT.has(operation) ? input : {ClientId: config.userPoolClientId, ...input};
		const {status, ok, text} = await fetch(`${config.cognitoEndpoint}/`, {
			method: 'POST',
			headers: {
				'content-type': 'application/x-amz-json-1.1',
				'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
			},
			body: JSON.stringify(body),
			cache: 'no-store',
			credentials: 'omit',
			referrerPolicy: 'no-referrer',
			signal: AbortSignal.timeout(LONGEST_ANSWER),
		})
			.then(async (response) => ({status: response.status, ok: response.ok, text: await response.text()}))
			// Half an answer is none: it says nothing of the session.
			.catch(() => {
				throw unreachable();
			});
		const output = parsed(text);
		if (ok) return output;
		const type = String(output.__type ?? status);
		throw new CognitoError(type.slice(type.lastIndexOf('#') + 1), output.message ?? output.Message ?? '');
	};
}

/** Some answers are empty, and those of something in between are no JSON. */
function parsed(text: string) {
	try {
		return JSON.parse(text);
	} catch {
		return {};
	}
}
