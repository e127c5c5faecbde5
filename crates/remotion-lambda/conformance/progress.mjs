// The official derivation of a render's progress from `progress.json`, without AWS and at a given time.

import {Readable} from 'node:stream';

import {lambdaClient} from './packages.mjs';

const aws = lambdaClient.LambdaClientInternals.awsImplementation;
const {headFile} = aws;

const forbidden = {handle: async () => ({response: {statusCode: 403, headers: {}, body: Readable.from([])}})};

const headOf = (output) => async (request) => {
	if (output === 'denied') {
		// The client tells this error by its class, which it keeps to itself.
		return headFile({...request, requestHandler: forbidden});
	}

	if (output === null) {
		throw Object.assign(new Error('The output is not there.'), {name: 'NotFound'});
	}

	return {ContentLength: output.sizeInBytes};
};

/**
 * @param progress the contents of the file
 * @param now milliseconds since 1970
 * @param options the official ones, but for `skipLambdaInvocation`
 * @param output what S3 says of the output: `{sizeInBytes}`, null where it is not there, or "denied"
 */
export const progressOf = async ({progress, now, options, output = null}) => {
	aws.readFile = async () => Buffer.from(JSON.stringify(progress));
	aws.headFile = headOf(output);
	const {now: clock} = Date;
	const {stackTraceLimit} = Error;
	Date.now = () => now;
	// The client makes an error of its own for a timeout, and reports its stack.
	Error.stackTraceLimit = 0;
	try {
		return JSON.parse(JSON.stringify(await lambdaClient.getRenderProgress({...options, skipLambdaInvocation: true})));
	} finally {
		Date.now = clock;
		Error.stackTraceLimit = stackTraceLimit;
	}
};
