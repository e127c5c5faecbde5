import {expect, test, vi} from 'vitest';
import {type Cognito, CognitoError} from '../src/cognito';
import {CognitoSession} from '../src/cognitoSession';
import {SessionEnded, unreachable} from '../src/errors';
import {stubSessionStorage} from './storage';

type Answer = object | Error;

/** A session with a Cognito that answers in turn, and what it was asked. */
function sessionWith(...answers: Answer[]) {
	const asked: [operation: string, input: unknown][] = [];
	const cognito = async (operation: string, input: unknown) => {
		asked.push([operation, input]);
		const answer = answers.shift() ?? {};
		if (answer instanceof Error) throw answer;
		return answer;
	};
	return {session: new CognitoSession(cognito as Cognito), asked};
}

function tokens(id: string, expiresIn = 3600) {
	return {AuthenticationResult: {IdToken: id, AccessToken: `access-${id}`, RefreshToken: 'refresh', ExpiresIn: expiresIn}};
}

test('signing in gives a token', async () => {
	const {session, asked} = sessionWith(tokens('one'));
	expect(await session.signIn('ada@example.com', 'secret')).toBeNull();
	expect(await session.token()).toBe('one');
	expect(await session.accessToken()).toBe('access-one');
	expect(asked).toEqual([
		['InitiateAuth', {AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: {USERNAME: 'ada@example.com', PASSWORD: 'secret'}}],
	]);
});

test('a challenge is answered under the name that Cognito uses', async () => {
	const challenge = {ChallengeName: 'SOFTWARE_TOKEN_MFA', Session: 's1', ChallengeParameters: {USER_ID_FOR_SRP: 'u-1'}};
	const {session, asked} = sessionWith(challenge, tokens('one'));
	const totp = await session.signIn('ada@example.com', 'secret');
	expect(totp).toEqual({kind: 'totp', username: 'u-1', session: 's1', secret: ''});
	if (totp) expect(await session.answer(totp, '123456')).toBeNull();
	expect(asked[1]).toEqual([
		'RespondToAuthChallenge',
		{
			ChallengeName: 'SOFTWARE_TOKEN_MFA',
			Session: 's1',
			ChallengeResponses: {USERNAME: 'u-1', SOFTWARE_TOKEN_MFA_CODE: '123456'},
		},
	]);
});

test('an authenticator app is set up in three steps', async () => {
	const {session, asked} = sessionWith(
		{ChallengeName: 'MFA_SETUP', Session: 's1'},
		{SecretCode: 'KEY', Session: 's2'},
		{Session: 's3'},
		tokens('one'),
	);
	const setup = await session.signIn('ada@example.com', 'secret');
	expect(setup).toMatchObject({kind: 'totpSetup', secret: 'KEY', session: 's2'});
	if (setup) expect(await session.answer(setup, '123456')).toBeNull();
	expect(asked.map(([operation]) => operation)).toEqual([
		'InitiateAuth',
		'AssociateSoftwareToken',
		'VerifySoftwareToken',
		'RespondToAuthChallenge',
	]);
	expect(asked[3]?.[1]).toMatchObject({ChallengeName: 'MFA_SETUP', Session: 's3'});
});

test('an unknown challenge is named', async () => {
	const {session} = sessionWith({ChallengeName: 'SMS_MFA', Session: 's1'});
	await expect(session.signIn('ada@example.com', 'secret')).rejects.toThrow('SMS_MFA');
});

test('an expired token is renewed, once for all who ask', async () => {
	const {session, asked} = sessionWith(tokens('one', 10), {AuthenticationResult: {IdToken: 'two', ExpiresIn: 3600}});
	await session.signIn('ada@example.com', 'secret');
	expect(await Promise.all([session.token(), session.token()])).toEqual(['two', 'two']);
	expect(asked.slice(1)).toEqual([
		['InitiateAuth', {AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: {REFRESH_TOKEN: 'refresh'}}],
	]);
});

test('a refused renewal ends the session', async () => {
	const {session} = sessionWith(tokens('one', 10), new CognitoError('NotAuthorizedException', 'Refresh Token has expired'));
	session.onEnded = vi.fn();
	await session.signIn('ada@example.com', 'secret');
	await expect(session.token()).rejects.toThrow(SessionEnded);
	await expect(session.token()).rejects.toThrow(SessionEnded);
	expect(session.onEnded).toHaveBeenCalledOnce();
});

test('a renewal that is refused does not end the session that has begun meanwhile', async () => {
	let refuse = () => {};
	const refusal = new Promise<never>((_, reject) => {
		refuse = () => reject(new CognitoError('NotAuthorizedException', 'Revoked'));
	});
	const {session} = sessionWith(tokens('one', 10), refusal, {}, tokens('two'));
	session.onEnded = vi.fn();
	await session.signIn('ada@example.com', 'secret');
	const renewed = session.token();
	await session.signOut();
	await session.signIn('bob@example.com', 'secret');
	refuse();
	await expect(renewed).rejects.toThrow(SessionEnded);
	expect(session.user).toBe('bob@example.com');
	expect(await session.token()).toBe('two');
	expect(session.onEnded).not.toHaveBeenCalled();
});

test('a renewal that was not answered does not', async () => {
	const {session} = sessionWith(
		tokens('one', 10),
		unreachable(),
		new CognitoError('TooManyRequestsException', ''),
		tokens('two'),
	);
	session.onEnded = vi.fn();
	await session.signIn('ada@example.com', 'secret');
	await expect(session.token()).rejects.toMatchObject({code: 'unreachable'});
	await expect(session.token()).rejects.toMatchObject({code: 'unreachable'});
	expect(await session.token()).toBe('two');
	expect(session.onEnded).not.toHaveBeenCalled();
});

test('signing out revokes the refresh token and forgets all', async () => {
	const {session, asked} = sessionWith(tokens('one'));
	await session.signIn('ada@example.com', 'secret');
	await session.signOut();
	expect(asked[1]).toEqual(['RevokeToken', {Token: 'refresh'}]);
	await expect(session.token()).rejects.toThrow(SessionEnded);
});

test('a token that the API refuses is replaced, and the session ends where it refuses the new one, too', async () => {
	const {session} = sessionWith(tokens('one'), tokens('two'));
	session.onEnded = vi.fn();
	await session.signIn('ada@example.com', 'secret');
	session.refused('one');
	expect(await session.token({refresh: true})).toBe('two');
	expect(session.onEnded).not.toHaveBeenCalled();
	session.refused('two');
	expect(session.onEnded).toHaveBeenCalledOnce();
	expect(session.user).toBeNull();
});

test('whoever hears late that the last token was refused takes the new one', async () => {
	const {session} = sessionWith(tokens('one'), tokens('two'));
	session.onEnded = vi.fn();
	await session.signIn('ada@example.com', 'secret');
	for (let request = 0; request < 3; request++) {
		session.refused('one');
		expect(await session.token({refresh: true})).toBe('two');
	}
	expect(session.onEnded).not.toHaveBeenCalled();
});

test('a reload finds the session again, until its user signs out', async () => {
	const items = stubSessionStorage();
	const {session} = sessionWith(tokens('one'));
	await session.signIn('ada@example.com', 'secret');
	const after = sessionWith().session;
	expect(after.user).toBe('ada@example.com');
	expect(await after.token()).toBe('one');
	await after.signOut();
	expect(items.size).toBe(0);
	expect(sessionWith().session.user).toBeNull();
	vi.unstubAllGlobals();
});
