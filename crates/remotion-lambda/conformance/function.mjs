// What the deployed function does with a payload of `start` or `still`, as far as the options alone decide it.
//
// The official start, launch, renderer and still routines run as published, with stand-ins for what surrounds them:
// Chrome, S3, the other functions, ffmpeg. A render that comes to where frames or files would be needed has passed.

import {mkdirSync} from 'node:fs';
import path from 'node:path';

import {FUNCTION_NAME, lambdaClient, renderer, rendererModule, serverless, temporary} from './packages.mjs';

const {RenderInternals} = renderer;
const BUCKET = 'remotionlambda-useast1-abcdefghij';
const RENDER_ID = 'renderid01';
const FUNCTION_LIFE_MS = 120_000;

/** Thrown by a stand-in: everything before it has been checked. */
const passed = new Error('passed');
const pass = () => {
	throw passed;
};

/** An object that ends the run as soon as anything but the given properties is used. */
const endOfTheRoad = (known = {}) => new Proxy(known, {get: (target, key) => (key in target ? target[key] : pass())});

// A composition is as long as the frames asked for want it to be, so that only the options decide.
const LONGEST = 200_000;
const compositionFor = ({composition, frame, frameRange}) => {
	const ends = [frame, frameRange].flat().filter((end) => Number.isInteger(end) && end < LONGEST);
	return {id: composition, durationInFrames: Math.max(0, ...ends) + 100, fps: 30, width: 1280, height: 720, props: {}};
};

let launched = null;
const {validateOffthreadVideoCacheSizeInBytes} = rendererModule('options/offthreadvideo-cache-size.js');
RenderInternals.internalSelectComposition = async ({offthreadVideoCacheSizeInBytes, timeoutInMilliseconds}) => {
	validateOffthreadVideoCacheSizeInBytes(offthreadVideoCacheSizeInBytes);
	RenderInternals.validatePuppeteerTimeout(timeoutInMilliseconds);
	return {metadata: compositionFor(launched)};
};

// Piping frames into ffmpeg depends on the function's memory.
rendererModule('can-use-parallel-encoding.js').canUseParallelEncoding = () => false;

// The routines make folders by the dozen, and leave them to the function's end.
RenderInternals.tmpDir = (name) => {
	const folder = path.join(temporary, name);
	mkdirSync(folder, {recursive: true});
	return folder;
};
rendererModule('tmp-dir.js').tmpDir = RenderInternals.tmpDir;

const cleanupServer = async () => undefined;
rendererModule('prepare-server.js').makeOrReuseServer = async (server) => ({
	// biome-ignore lint/suspicious/noThenProperty: whoever awaits the server must not take its proxy for a promise
	server: server ?? endOfTheRoad({compositor: {pid: null}, then: undefined}),
	cleanupServer,
});
// A still checks more once the server is up; its road ends at the browser.
RenderInternals.makeOrReuseServer = async () => ({server: {closeServer: cleanupServer}, cleanupServer});

const renderFrames = rendererModule('render-frames.js');
const {internalRenderFrames} = renderFrames;
renderFrames.internalRenderFrames = (options) =>
	internalRenderFrames(options).catch((error) => {
		if (error !== passed) {
			throw error;
		}

		return {assetsInfo: endOfTheRoad({downloadMap: {preventCleanup: () => undefined, stitchFrames: ''}}), frameCount: 0};
	});

const {internalCombineChunks} = RenderInternals;
RenderInternals.internalCombineChunks = (options) =>
	internalCombineChunks({...options, audioFiles: endOfTheRoad(), videoFiles: endOfTheRoad()});

const browser = {instance: {newPage: pass}};

const insideFunction = {
	closeBrowserInstance: async () => undefined,
	defaultX264Preset: null,
	forgetBrowserEventLoop: () => undefined,
	generateRandomId: () => RENDER_ID,
	getBrowserInstance: async () => browser,
	getCurrentFunctionName: () => FUNCTION_NAME,
	getCurrentMemorySizeInMb: () => 2048,
	getCurrentRegionInFunction: () => 'us-east-1',
	timer: () => ({end: () => undefined}),
};

const storage = {
	...lambdaClient.LambdaClientInternals.awsImplementation,
	deleteFile: async () => undefined,
	headFile: async () => {
		throw Object.assign(new Error('NotFound'), {name: 'NotFound'});
	},
	readFile: async () => Buffer.from('{}'),
	writeFile: async () => undefined,
};

/** The official `start` routine: the payload that it sends to `launch`, or its error. */
const start = async (payload) => {
	let launch = null;
	await serverless.startHandler({
		// Without a bucket the routine would look for one.
		params: {...payload, bucketName: payload.bucketName ?? BUCKET},
		options: {expectedBucketOwner: null, renderId: RENDER_ID, timeoutInMilliseconds: FUNCTION_LIFE_MS},
		providerSpecifics: {
			...storage,
			callFunctionAsync: async (call) => {
				launch = call.payload;
			},
		},
		insideFunctionSpecifics: insideFunction,
	});
	return JSON.parse(JSON.stringify(launch));
};

/** The official renderer routine for one chunk: its error, which there always is. */
const renderChunk = async (payload) => {
	let failure = null;
	await serverless.rendererHandler({
		params: JSON.parse(JSON.stringify(payload)),
		options: {expectedBucketOwner: null, isWarm: false},
		onStream: async ({type, payload: message}) => {
			if (type === 'error-occurred') {
				failure = message.errorInfo;
			}
		},
		onMediaFiles: null,
		executionMode: 'invoked',
		requestContext: {requestId: 'request'},
		providerSpecifics: storage,
		insideFunctionSpecifics: insideFunction,
	});
	return failure;
};

/** The official `launch` routine: the first error of the render, or null when it would render. */
const launch = (payload) =>
	new Promise((resolve, reject) => {
		const errors = [];
		launched = payload;
		// The routine keeps its error to itself: this is the first that can be seen of it. It is waited for also when a chunk
		// has failed already, or else it would be taken for the next render's.
		RenderInternals.Log.error = (_options, text, error) => {
			if (text === 'Error occurred') {
				const [{message}] = [...errors, error];
				resolve(message === passed.message ? null : message);
			}
		};

		serverless
			.launchHandler({
				params: payload,
				options: {
					expectedBucketOwner: null,
					getRemainingTimeInMillis: () => FUNCTION_LIFE_MS,
					requestContext: {requestId: 'request'},
				},
				providerSpecifics: {
					...storage,
					callFunctionStreaming: async (call) => {
						// All chunks carry the same options.
						if (call.payload.chunk === 0) {
							const error = await renderChunk(call.payload);
							if (error.message !== passed.message) {
								errors.push(error);
								throw error;
							}
						}

						const type = RenderInternals.codecSupportsMedia(payload.codec).video ? 'video' : 'audio';
						call.receivedStreamingPayload({message: {type: `${type}-chunk-rendered`, payload: new Uint8Array()}});
					},
				},
				insideFunctionSpecifics: insideFunction,
			})
			.then(() => reject(new Error('The launch routine ended in a way that the stand-ins do not provide for.')), reject);
	});

for (const level of ['error', 'info', 'trace', 'verbose', 'warn']) {
	RenderInternals.Log[level] = () => undefined;
}

/** The official `still` routine: its error, or null when it would render. */
const still = async (payload) => {
	launched = payload;
	// The function checks this before it enters the routine.
	storage.validateDeleteAfter(payload.deleteAfter);
	const {message} = await serverless.stillHandler({
		params: {...payload, bucketName: payload.bucketName ?? BUCKET, streamed: false},
		expectedBucketOwner: null,
		renderId: RENDER_ID,
		onStream: async () => undefined,
		timeoutInMilliseconds: FUNCTION_LIFE_MS,
		providerSpecifics: storage,
		insideFunctionSpecifics: insideFunction,
	});
	return message === passed.message ? null : message;
};

const errorOf = async (run) => {
	try {
		return await run();
	} catch (error) {
		return error.message;
	}
};

/** Chrome is not started with anything else. The default is the Lambda function's own. */
const checkBrowser = async ({chromiumOptions}) => {
	RenderInternals.validateOpenGlRenderer(chromiumOptions.gl ?? 'swangle');
	return null;
};

const refusals = {
	start: async (payload) => {
		let launchPayload;
		const refused = await errorOf(async () => {
			launchPayload = await start(payload);
			return null;
		});
		if (refused !== null) {
			return {by: 'function', message: refused};
		}

		const message = (await errorOf(() => checkBrowser(launchPayload))) ?? (await launch(launchPayload));
		return message === null ? null : {by: 'render', message};
	},
	still: async (payload) => {
		const message = (await errorOf(() => still(payload))) ?? (await errorOf(() => checkBrowser(payload)));
		return message === null ? null : {by: 'function', message};
	},
};

/** Null when the function would render this payload; else who refuses it, and with what message. */
export const refusalOf = async (routine, payload) => (routine in refusals ? refusals[routine](payload) : null);
