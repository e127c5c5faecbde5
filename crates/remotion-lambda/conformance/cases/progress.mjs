// Cases of `getRenderProgress({skipLambdaInvocation: true})`: contents of `progress.json` as the function writes them,
// at moments of a render's life. Each is a name, the file, and what differs from the usual call.

import {functionName, RELEASE} from '../releases.mjs';

const LAUNCHED = Date.UTC(2026, 0, 1);
const FUNCTION_NAME = functionName();
const BUCKET = 'remotionlambda-useast1-abcdefghij';
const RENDER_ID = '1pwhfhh11z';
const TIMEOUT = 120_000;
const GRACE = 20_000;

/** What `start` writes. */
const launched = {
	cancellationEnabled: false,
	chunks: [],
	framesRendered: 0,
	framesEncoded: 0,
	combinedFrames: 0,
	timeToCombine: null,
	timeToEncode: null,
	lambdasInvoked: 0,
	retries: [],
	postRenderData: null,
	timings: [],
	renderMetadata: null,
	errors: [],
	fatalErrorTimestamp: null,
	timeToRenderFrames: null,
	timeoutTimestamp: LAUNCHED + TIMEOUT,
	functionLaunched: LAUNCHED,
	serveUrlOpened: null,
	compositionValidated: null,
	receivedArtifact: [],
};

const opened = {...launched, serveUrlOpened: LAUNCHED + 400};
const validated = {...opened, compositionValidated: LAUNCHED + 600};

/** A minute at 30 frames a second, on nine functions. */
const metadata = {
	outputFileIsConditional: true,
	startedDate: LAUNCHED + 1,
	totalChunks: 9,
	estimatedTotalLambdaInvokations: 10,
	estimatedRenderLambdaInvokations: 9,
	compositionId: 'intro',
	siteId: 'https://example.com/sites/demo/index.html',
	codec: 'h264',
	type: 'video',
	imageFormat: 'jpeg',
	inputProps: {type: 'payload', payload: '{}'},
	lambdaVersion: RELEASE,
	framesPerLambda: 200,
	memorySizeInMb: 2048,
	region: 'us-east-1',
	renderId: RENDER_ID,
	privacy: 'private',
	everyNthFrame: 1,
	frameRange: [0, 1799],
	audioCodec: null,
	deleteAfter: null,
	numberOfGifLoops: null,
	downloadBehavior: {type: 'play-in-browser'},
	audioBitrate: null,
	muted: false,
	metadata: null,
	functionName: FUNCTION_NAME,
	dimensions: {width: 1920, height: 1080},
	rendererFunctionName: FUNCTION_NAME,
	scale: 1,
};

const planned = {...validated, renderMetadata: metadata};
const single = {
	...validated,
	renderMetadata: {
		...metadata,
		totalChunks: 1,
		framesPerLambda: 1800,
		estimatedTotalLambdaInvokations: 1,
		estimatedRenderLambdaInvokations: 0,
	},
};

const chunk = (index, milliseconds = 7_000) => ({
	chunk: index,
	start: LAUNCHED + 900 + index,
	rendered: LAUNCHED + 900 + index + milliseconds,
});
const chunks = (count) => Array.from({length: count}, (_, index) => index);

const rendering = (count, others = {}) => ({
	...planned,
	lambdasInvoked: 9,
	chunks: chunks(count),
	timings: chunks(count).map((index) => chunk(index, 5_000 + 311 * index)),
	framesRendered: 200 * count + 77 * (9 - count),
	framesEncoded: 200 * count + 31 * (9 - count),
	...others,
});

const rendered = rendering(9, {framesRendered: 1800, framesEncoded: 1800, timeToRenderFrames: 6_800, timeToEncode: 5_100});
const combined = {...rendered, combinedFrames: 1800, timeToCombine: 2_345};

const error = (others) => ({
	chunk: null,
	frame: null,
	name: 'Error',
	stack: `Error: ${others.message}\n    at render (https://example.com/sites/demo/bundle.js:1:1)`,
	type: 'stitcher',
	isFatal: true,
	tmpDir: null,
	attempt: 1,
	totalAttempts: 1,
	willRetry: false,
	...others,
});
const retried = error({
	message: 'Target closed.',
	name: 'ProtocolError',
	type: 'renderer',
	chunk: 3,
	isFatal: false,
	willRetry: true,
	totalAttempts: 2,
});
const fatal = error({message: 'deliberate failure at frame 7', frame: 7});
const failing = (base, errors, others = {}) => ({...base, errors, fatalErrorTimestamp: LAUNCHED + 5_000, ...others});

const artifact = {
	filename: 'captions.srt',
	sizeInBytes: 123,
	s3Url: `https://s3.us-east-1.amazonaws.com/${BUCKET}/renders/${RENDER_ID}/artifacts/captions.srt`,
	s3Key: `renders/${RENDER_ID}/artifacts/captions.srt`,
};

const after = {
	cost: {
		currency: 'USD',
		disclaimer: 'Estimated cost for function invocations only. Does not include cost for storage and data transfer.',
		estimatedCost: 0.01234,
		estimatedDisplayCost: '$0.012',
	},
	outputFile: `https://s3.us-east-1.amazonaws.com/${BUCKET}/renders/${RENDER_ID}/out.mp4`,
	timeToFinish: 12_345,
	errors: [],
	startTime: LAUNCHED + 1,
	endTime: LAUNCHED + 12_600,
	outputSize: 4_567_890,
	renderSize: 4_567_890,
	filesCleanedUp: 0,
	timeToEncode: 5_100,
	timeToCleanUp: 12,
	timeToRenderChunks: 7_500,
	timeToRenderFrames: 6_800,
	retriesInfo: [],
	mostExpensiveFrameRanges: [{timeInMilliseconds: 7_488, chunk: 8, frameRange: [1600, 1799]}],
	deleteAfter: null,
	estimatedBillingDurationInMilliseconds: 56_796,
	timeToCombine: 2_345,
	artifactProgress: [],
};
const done = {...combined, postRenderData: after};

const withMetadata = (progress, others) => ({...progress, renderMetadata: {...progress.renderMetadata, ...others}});
const at = (milliseconds) => ({now: LAUNCHED + milliseconds});
const there = {output: {sizeInBytes: 4_567_890}};
const beyond = (multiple, more = 1) => ({now: metadata.startedDate + multiple * TIMEOUT + GRACE + more});
const of = (others) => ({options: others});

const credentials = {endpoint: 'https://storage.example.com', accessKeyId: 'id', secretAccessKey: 'secret'};
const elsewhere = {
	outName: {bucketName: 'videos.example.com', key: 'a/b.mp4', s3OutputProvider: {endpoint: credentials.endpoint}},
};

const life = [
	['started', launched],
	['started, long ago', launched, beyond(10)],
	['site opened', opened],
	['composition validated', validated],
	['planned', planned],
	['planned, cancellable', {...planned, cancellationEnabled: true}],
	['functions invoked, four of nine', {...planned, lambdasInvoked: 4}],
	['functions invoked, all', {...planned, lambdasInvoked: 9}],
	['first frames', {...planned, lambdasInvoked: 9, framesRendered: 1}],
	['rendering, no chunk done', rendering(0)],
	['rendering, one chunk done', rendering(1)],
	['rendering, eight chunks done', rendering(8), at(60_000)],
	['rendering, a frame of many', {...planned, lambdasInvoked: 9, framesRendered: 1799, framesEncoded: 1711}],
	['all chunks done', rendered],
	['combining, a third of the way', {...rendered, combinedFrames: 600.3333333333334}],
	['combined', combined],
	['combined, with the output there', combined, there],
	['done', done, at(20_000)],
	['done, long ago', done, beyond(100)],
	['done, with artifacts', {...done, receivedArtifact: [artifact]}],
	[
		'done, with errors on the way',
		{
			...done,
			errors: [retried],
			retries: [{chunk: 3, attempt: 2, time: LAUNCHED + 3_000}],
			postRenderData: {
				...after,
				retriesInfo: [{chunk: 3, attempt: 2, time: LAUNCHED + 3_000}],
				errors: [{...retried, explanation: null, s3Location: ''}],
			},
		},
	],
	[
		'done, of a release that knew no expensive frame ranges',
		{...done, postRenderData: {...after, mostExpensiveFrameRanges: undefined}},
	],
	['done, every third frame of a range', withMetadata(done, {frameRange: [100, 199], everyNthFrame: 3})],
	['done, under a name', withMetadata(done, {outName: 'video.mp4'})],
	['done, in a bucket of the caller', withMetadata(done, {outName: {bucketName: 'videos.example.com', key: 'a/b.mp4'}})],
	['done, with another provider', withMetadata(done, elsewhere), of({s3OutputProvider: credentials})],
	['done, with another provider, in public', withMetadata(done, {...elsewhere, privacy: 'public'})],
	['done, with a 7-day life', withMetadata(done, {deleteAfter: '7-days'}), of({renderId: '7-days-1pwhfhh11z'})],
	...[
		['h265 with pcm-16', {codec: 'h265', audioCodec: 'pcm-16'}],
		['vp8', {codec: 'vp8'}],
		['gif', {codec: 'gif'}],
		['mp3', {codec: 'mp3'}],
		['prores', {codec: 'prores'}],
		['wav', {codec: 'wav', muted: true}],
	].map(([name, others]) => [`done, ${name}`, withMetadata(done, others)]),
];

const onOneFunction = [
	['on one function, planned', single],
	['on one function, rendering', {...single, framesRendered: 94, framesEncoded: 11}],
	[
		'on one function, all frames',
		{
			...single,
			framesRendered: 1800,
			framesEncoded: 1800,
			combinedFrames: 1800,
			timeToRenderFrames: 9_000,
			timeToEncode: 700,
			chunks: [0],
			timings: [chunk(0, 9_000)],
		},
	],
	[
		'on one function, done',
		{
			...single,
			chunks: [0],
			framesRendered: 1800,
			postRenderData: {...after, timeToCombine: null, cost: {...after.cost, estimatedCost: 0.00012, estimatedDisplayCost: '$0'}},
		},
	],
];

const failures = [
	[
		'composition unknown',
		failing(opened, [error({message: 'Could not find composition with ID Nope. Available compositions: intro'})]),
	],
	['component throws', failing(rendering(0), [fatal])],
	['component throws, at a later time', failing(rendering(2), [fatal]), at(100_000)],
	[
		'component throws, on a renderer and then in the launcher',
		failing(rendering(2), [error({message: 'x', type: 'renderer', chunk: 2}), error({message: 'Error: x', chunk: null})]),
	],
	['cancelled', failing(rendering(1, {cancellationEnabled: true}), [error({message: 'renderMedia() got cancelled'})])],
	[
		'cancelled, by name',
		failing(rendering(1, {cancellationEnabled: true}), [error({message: 'cancelled', name: 'CancelledError'})]),
	],
	[
		'cancelled before the plan',
		failing({...opened, cancellationEnabled: true}, [error({message: 'renderMedia() got cancelled'})]),
	],
	['an error that is retried', rendering(2, {errors: [retried], retries: [{chunk: 3, attempt: 2, time: LAUNCHED + 3_000}]})],
	['a fatal error that is retried', rendering(2, {errors: [{...retried, isFatal: true}]})],
	[
		'the webhook fails',
		rendering(9, {errors: [error({message: 'Failed to send webhook', type: 'webhook', isFatal: false, frame: 0, chunk: 0})]}),
	],
	...[
		['zygote', 'FATAL:zygote_communication_linux.cc(164)] Cannot communicate with zygote'],
		['libnss3', 'error while loading shared libraries: libnss3.so: cannot open shared object file'],
		['throttled', 'TooManyRequestsException: Rate Exceeded.'],
		['throttled, otherwise', 'ConcurrentInvocationLimitExceeded'],
		['disk full', 'Error: ENOSPC: no space left on device, write'],
		['disk full, in capitals', 'No Space Left On Device'],
		['memory full', 'net::ERR_INSUFFICIENT_RESOURCES at https://example.com'],
		['browser crashed', 'Protocol error: Target closed.'],
		['session closed', 'Protocol error: Session closed.'],
	].map(([name, message]) => [`explained: ${name}`, failing(rendering(1), [error({message})])]),
];

const timeouts = [
	['at the timeout', rendering(3), beyond(1, -GRACE)],
	['at the end of the grace', rendering(3), beyond(1, 0)],
	['past the grace, six chunks missing', rendering(3), beyond(1)],
	['past the grace, all but the last chunk there', rendering(8), beyond(1)],
	['past the grace, no chunk missing', rendered, beyond(1)],
	['past the grace, with a fatal error', failing(rendering(3), [fatal]), beyond(1)],
	['past the grace, on one function', {...single, framesRendered: 94}, beyond(1)],
	['past twice the timeout', rendered, beyond(2)],
	['past twice the timeout, with the output there', rendered, {...beyond(2), ...there}],
	['past twice the timeout, muted, with the output there', withMetadata(rendered, {muted: true}), {...beyond(2), ...there}],
	['past twice the timeout, muted, without the output', withMetadata(rendered, {muted: true}), beyond(2)],
	['past twice the timeout, muted, the output denied', withMetadata(rendered, {muted: true}), {...beyond(2), output: 'denied'}],
	['combined, muted, with the output there', withMetadata(combined, {muted: true}), there],
	['combined, muted, without the output', withMetadata(combined, {muted: true})],
	['combined, a GIF, with the output there', withMetadata(combined, {codec: 'gif'}), there],
	['combined, muted, with a fatal error and the output there', failing(withMetadata(combined, {muted: true}), [fatal]), there],
	[
		'combined, muted, with the output there, on another name of a function',
		withMetadata(combined, {muted: true, rendererFunctionName: 'renderer'}),
		there,
	],
	['a function of 900 seconds', rendering(3), {...beyond(1), options: {functionName: functionName({seconds: 900})}}],
];

const costs = [
	[
		'the price of the largest function',
		withMetadata(rendering(4), {rendererFunctionName: functionName({memory: 10240, disk: 10240, seconds: 900})}),
		at(60_000),
	],
	[
		'the price where the renderer has another name',
		withMetadata(rendering(4), {rendererFunctionName: 'renderer'}),
		{...at(60_000), options: {functionName: functionName({memory: 3008})}},
	],
	[
		'the price of a long render',
		rendering(4, {lambdasInvoked: 200, timings: chunks(150).map((index) => chunk(index, 899_000))}),
		{...at(800_000), options: {functionName: functionName({seconds: 900})}},
	],
	[
		'the price of more than a thousand',
		rendering(4, {lambdasInvoked: 200, timings: chunks(150).map((index) => chunk(index, 1e9))}),
		at(60_000),
	],
	...['eu-central-1', 'af-south-1', 'sa-east-1', 'cn-north-1'].map((region) => [
		`the price in ${region}`,
		rendering(4),
		{...at(60_000), options: {region}},
	]),
	['a clock that runs behind', rendering(4, {timings: [{chunk: 0, start: LAUNCHED + 10, rendered: LAUNCHED}]}), at(-60_000)],
];

const refused = [
	['a function name that does not say its size', launched, of({functionName: 'renderer'})],
	['a still', withMetadata(planned, {type: 'still', codec: null, imageFormat: 'png'})],
	['done, a still', withMetadata(done, {type: 'still', codec: null, imageFormat: 'png'})],
	['done, without metadata', {...done, renderMetadata: null}],
	['done, with another provider and no credentials', withMetadata(done, elsewhere)],
	['a region that does not exist', planned, of({region: 'eu-middle-1'})],
];

const usual = {functionName: FUNCTION_NAME, region: 'us-east-1', bucketName: BUCKET, renderId: RENDER_ID};

export const progress = [...life, ...onOneFunction, ...failures, ...timeouts, ...costs, ...refused].map(
	([name, file, {now = LAUNCHED + 10_000, options = {}, output = null} = {}]) => [
		name,
		{progress: file, now, options: {...usual, ...options}, output},
	],
);
