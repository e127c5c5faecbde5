import {afterEach, expect, test, vi} from 'vitest';
import {cognitoOf} from '../src/cognito';

const CONFIG = {region: 'us-east-1', userPoolClientId: 'page', selfSignUp: true, cognitoEndpoint: 'https://cognito.example'};

/** Asks Cognito, whose answer is that one. */
function asked(answer: (signal: AbortSignal) => Promise<Response>) {
	vi.stubGlobal('fetch', (_: string, {signal}: {signal: AbortSignal}) => answer(signal));
	return cognitoOf(CONFIG)('GetUser', {AccessToken: 'access'});
}

afterEach(() => {
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
});

test('whoever waits for Cognito hears after a time that it cannot be reached', async () => {
	const ends = new AbortController();
	const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(ends.signal);
	const silent = asked((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
	ends.abort();
	await expect(silent).rejects.toMatchObject({code: 'unreachable'});
	expect(timeout).toHaveBeenCalledWith(20_000);
});

test('an answer that breaks off is none', async () => {
	const broken = new ReadableStream({
		start(controller) {
			controller.enqueue(new TextEncoder().encode('{"AuthenticationResult"'));
			controller.error(new TypeError('the connection is lost'));
		},
	});
	await expect(asked(async () => new Response(broken))).rejects.toMatchObject({code: 'unreachable'});
});

test('an answer may be empty, and an error no JSON', async () => {
	expect(await asked(async () => new Response(''))).toEqual({});
	await expect(asked(async () => new Response('<html>', {status: 502}))).rejects.toMatchObject({type: '502'});
	const refusal = {__type: 'com.amazonaws#NotAuthorizedException', message: 'Expired.'};
	await expect(asked(async () => Response.json(refusal, {status: 400}))).rejects.toMatchObject({type: 'NotAuthorizedException'});
});
