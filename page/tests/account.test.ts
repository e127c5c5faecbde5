import {expect, test} from 'vitest';
import {Account} from '../src/account';
import {type Cognito, CognitoError} from '../src/cognito';
import {CognitoSession} from '../src/cognitoSession';
import {explain, isOfPassword} from '../src/refusedByCognito';
import {texts} from '../src/texts';

/** The account of somebody who has signed in, with a Cognito that answers in turn, and what it was asked. */
async function accountWith(...answers: object[]) {
	const asked: [operation: string, input: unknown][] = [];
	const signedIn = {AuthenticationResult: {IdToken: 'id', AccessToken: 'access', RefreshToken: 'refresh', ExpiresIn: 3600}};
	const all = [signedIn, ...answers];
	const cognito = (async (operation: string, input: unknown) => {
		asked.push([operation, input]);
		return all.shift() ?? {};
	}) as Cognito;
	const session = new CognitoSession(cognito);
	await session.signIn('ada@example.com', 'secret');
	return {account: new Account(cognito, session), asked: () => asked.slice(1)};
}

test('an address is verified only if Cognito says so', async () => {
	const verified = (value: string) => ({UserAttributes: [{Name: 'email_verified', Value: value}]});
	const {account} = await accountWith(verified('true'), verified('false'), {UserAttributes: []});
	const states = [await account.state(), await account.state(), await account.state()];
	expect(states.map(({isEmailVerified}) => isEmailVerified)).toEqual([true, false, false]);
});

test('the state of the second factor is read without ending its use', async () => {
	const {account, asked} = await accountWith(
		{UserAttributes: [], UserMFASettingList: ['SOFTWARE_TOKEN_MFA']},
		{UserAttributes: [], UserMFASettingList: ['EMAIL_OTP']},
		{UserAttributes: []},
	);
	const states = [await account.state(), await account.state(), await account.state()];
	expect(states.map(({hasSecondFactor}) => hasSecondFactor)).toEqual([true, false, false]);
	expect(asked()).toEqual(Array(3).fill(['GetUser', {AccessToken: 'access'}]));
});

test('a second factor is turned on by a code, and off again', async () => {
	const {account, asked} = await accountWith({SecretCode: 'KEY'});
	expect(await account.newKey()).toBe('KEY');
	await account.turnOn('123456');
	await account.turnOff();
	const preference = (on: boolean) => [
		'SetUserMFAPreference',
		{AccessToken: 'access', SoftwareTokenMfaSettings: {Enabled: on, PreferredMfa: on}},
	];
	expect(asked()).toEqual([
		['AssociateSoftwareToken', {AccessToken: 'access'}],
		['VerifySoftwareToken', {AccessToken: 'access', UserCode: '123456'}],
		preference(true),
		preference(false),
	]);
});

test('Cognito is explained where it speaks to developers', () => {
	const message = 'Cannot reset password for the user as there is no registered/verified email or phone_number';
	expect(explain(new CognitoError('InvalidParameterException', message))).toBe(texts.forgot.unverified);
	expect(explain(new CognitoError('InvalidParameterException', 'Other'))).toBe('Other');
	expect(explain(new CognitoError('SoftwareTokenMFANotFoundException', 'Software Token MFA is not enabled'))).toContain(
		'does not offer',
	);
});

test('what a password lacks is told in the words of the rule', () => {
	const refused = (message: string, type = 'InvalidPasswordException') => {
		const error = new CognitoError(type, message);
		expect(isOfPassword(error)).toBe(true);
		return explain(error);
	};
	const policy = 'Password did not conform with policy: ';
	expect(refused(`${policy}Password not long enough`)).toBe('This password needs more characters.');
	expect(refused(`${policy}Password must have uppercase characters; Password must have symbol characters`)).toBe(
		'This password needs an upper-case letter and a symbol.',
	);
	// What this page does not know is told as it is.
	expect(refused(`${policy}Password must rhyme`)).toBe(`${policy}Password must rhyme`);
	expect(refused('The password is known to be stolen.')).toBe('The password is known to be stolen.');
	expect(refused('Password has previously been used.', 'PasswordHistoryPolicyViolationException')).toBe(
		'Password has previously been used.',
	);
	const pattern = "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular";
	expect(refused(pattern, 'InvalidParameterException')).toBe(texts.password.malformed);
	expect(isOfPassword(new CognitoError('InvalidParameterException', 'Other'))).toBe(false);
	expect(isOfPassword(new Error('Other'))).toBe(false);
	expect(texts.password.rule(14, false)).toBe(
		'At least 14 characters, with an upper-case letter, a lower-case letter and a digit.',
	);
	expect(texts.password.rule(20, true)).toBe(
		'At least 20 characters, with an upper-case letter, a lower-case letter, a digit and a symbol.',
	);
});
