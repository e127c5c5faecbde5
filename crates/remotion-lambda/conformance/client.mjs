// What the official client does with options: the payload it would send, or its error.
//
// The public functions run as they are. Only what would reach AWS is replaced: the Invoke call hands its payload over.

import {FUNCTION_NAME, lambdaClient} from './packages.mjs';

const aws = lambdaClient.LambdaClientInternals.awsImplementation;

class Sent extends Error {
	constructor(payload) {
		super('The client got as far as sending.');
		this.payload = payload;
	}
}

const send = ({payload}) => Promise.reject(new Sent(payload));
aws.callFunctionSync = send;
aws.callFunctionStreaming = send;

// Where no bucket is given, large props go to the one that is found.
aws.getBuckets = async ({region}) => [{name: 'remotionlambda-useast1-abcdefghij', region, creationDate: 0}];

// Uploaded props are named at random.
aws.randomHash = () => 'propshash1';

/** Replaces the upload of large props. */
export const onUpload = (writeFile) => {
	aws.writeFile = writeFile;
};

const calls = {
	start: lambdaClient.renderMediaOnLambda,
	still: lambdaClient.renderStillOnLambda,
	status: lambdaClient.getRenderProgress,
	compositions: lambdaClient.getCompositionsOnLambda,
	info: lambdaClient.getFunctionVersion,
};

export const ROUTINES = Object.keys(calls);

/** The payload as the function receives it: after the way through JSON. */
export const payloadOf = async (routine, options) => {
	try {
		await calls[routine](options);
	} catch (error) {
		if (error instanceof Sent) {
			return JSON.parse(JSON.stringify(error.payload));
		}

		throw error;
	}

	throw new Error(`The client sent nothing for "${routine}".`);
};

const site = {
	functionName: FUNCTION_NAME,
	region: 'us-east-1',
	serveUrl: 'https://example.com/sites/demo/index.html',
};

/** What a call of each routine cannot do without. */
export const required = {
	start: {...site, composition: 'intro', codec: 'h264'},
	still: {...site, composition: 'intro', inputProps: {}, imageFormat: 'png', privacy: 'public'},
	status: {
		functionName: FUNCTION_NAME,
		region: 'us-east-1',
		bucketName: 'remotionlambda-useast1-abcdefghij',
		renderId: '1pwhfhh11z',
	},
	// The client measures envVariables without a default for it.
	compositions: {...site, inputProps: {}, envVariables: {}},
	info: {functionName: FUNCTION_NAME, region: 'us-east-1', logLevel: 'info'},
};
