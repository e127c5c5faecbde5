/** The account of the user who is signed in, as Cognito has it. */
import type {Cognito} from './cognito';
import type {CognitoSession} from './cognitoSession';

export type AccountState = {
	/** Whether signing in asks for a code from an authenticator app. */
	hasSecondFactor: boolean;
	/** Without a verified address there is nowhere to send a code for a new password. */
	isEmailVerified: boolean;
};

const AUTHENTICATOR = 'SOFTWARE_TOKEN_MFA';

export class Account {
	readonly #cognito: Cognito;
	readonly #session: CognitoSession;

	constructor(cognito: Cognito, session: CognitoSession) {
		this.#cognito = cognito;
		this.#session = session;
	}

	async state(): Promise<AccountState> {
		const user = await this.#cognito('GetUser', {AccessToken: await this.#session.accessToken()});
		return {
			hasSecondFactor: user.UserMFASettingList?.includes(AUTHENTICATOR) ?? false,
			isEmailVerified: user.UserAttributes.some(({Name, Value}) => Name === 'email_verified' && Value === 'true'),
		};
	}

	/** The key for an authenticator app, whose first code turns the second factor on. */
	async newKey(): Promise<string> {
		const {SecretCode} = await this.#cognito('AssociateSoftwareToken', {AccessToken: await this.#session.accessToken()});
		return SecretCode;
	}

	async turnOn(code: string): Promise<void> {
		await this.#cognito('VerifySoftwareToken', {AccessToken: await this.#session.accessToken(), UserCode: code});
		await this.#prefer(true);
	}

	async turnOff(): Promise<void> {
		await this.#prefer(false);
	}

	async #prefer(on: boolean): Promise<void> {
		const settings = {Enabled: on, PreferredMfa: on};
		await this.#cognito('SetUserMFAPreference', {
			AccessToken: await this.#session.accessToken(),
			SoftwareTokenMfaSettings: settings,
		});
	}
}
