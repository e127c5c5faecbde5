// What the pinned packages say of themselves at run time: option names, payload keys, closed sets, limits.

import {payloadOf, ROUTINES, required} from './client.mjs';
import {awsS3, lambdaClient, noReact, regions, renderer, rendererClient, serverlessClient, VERSION} from './packages.mjs';

const {BrowserSafeApis} = rendererClient;
const {RenderInternals} = renderer;
const aws = lambdaClient.LambdaClientInternals.awsImplementation;

/** The names of the options that the client reads, in the order of the alphabet. */
const optionsRead = async (routine) => {
	const names = new Set();
	const options = new Proxy(required[routine], {
		get: (target, name) => {
			names.add(name);
			return target[name];
		},
	});
	await payloadOf(routine, options);
	return [...names].sort();
};

/** The largest size that still passes, below a bound that surely does not. */
const largest = (bound, passes) => {
	let [low, high] = [0, bound];
	while (low < high - 1) {
		const middle = Math.floor((low + high) / 2);
		if (passes(middle)) {
			low = middle;
		} else {
			high = middle;
		}
	}

	return low;
};

const inlineLimit = (type) =>
	largest(2 ** 30, (size) => !serverlessClient.getNeedsToUpload({type, sizes: [size], providerSpecifics: aws}));

const errorOf = (check) => {
	try {
		check();
	} catch (error) {
		return error.message;
	}

	return null;
};

const customDataLimit = () => {
	const frame = JSON.stringify({a: ''}).length;
	return (
		frame +
		largest(2 ** 20, (size) => errorOf(() => serverlessClient.validateWebhook({customData: {a: 'x'.repeat(size)}})) === null)
	);
};

/** The set itself is not exported, but the message names it. */
const privacies = () =>
	errorOf(() => serverlessClient.validatePrivacy('', true))
		.match(/"[^"]+"/g)
		.map((quoted) => JSON.parse(quoted));

const perRoutine = async (measure) =>
	Object.fromEntries(await Promise.all(ROUTINES.map(async (routine) => [routine, await measure(routine)])));

const perCodec = (measure) => Object.fromEntries(serverlessClient.serverlessCodecs.map((codec) => [codec, measure(codec)]));

/** What a region's functions cost in its currency: read off sums so large that the rounding to five decimals does not show. */
const pricesOf = (region) => {
	const LARGE = 1e15;
	const price = (others) =>
		aws.estimatePrice({region, memorySizeInMb: 1024, diskSizeInMb: 512, lambdasInvoked: 0, durationInMilliseconds: 0, ...others});
	const perUnit = (sum, units) => Number((sum / units).toPrecision(8));
	const duration = price({durationInMilliseconds: LARGE});
	return {
		currency: aws.getBillingCurrency(region),
		request: perUnit(price({lambdasInvoked: LARGE}), LARGE),
		gigabyteSecond: perUnit(duration, LARGE / 1000),
		diskGigabyteSecond: perUnit(price({durationInMilliseconds: LARGE, diskSizeInMb: 512 + 1024}) - duration, LARGE / 1000),
	};
};

/** Closed sets, by the name of the option that takes them. */
export const enums = {
	codec: serverlessClient.serverlessCodecs,
	audioCodec: BrowserSafeApis.validAudioCodecs,
	colorSpace: BrowserSafeApis.validColorSpaces,
	deleteAfter: Object.keys(serverlessClient.expiryDays),
	gl: BrowserSafeApis.validOpenGlRenderers,
	imageFormat: BrowserSafeApis.validVideoImageFormats,
	logLevel: BrowserSafeApis.logLevels,
	pixelFormat: BrowserSafeApis.validPixelFormats,
	privacy: privacies(),
	proResProfile: noReact.NoReactInternals.proResProfileOptions,
	region: regions.AWS_REGIONS,
	stillImageFormat: BrowserSafeApis.validStillImageFormats,
	// Remotion takes the AWS SDK's set as it is.
	storageClass: Object.values(awsS3.StorageClass),
	x264Preset: BrowserSafeApis.x264PresetOptions,
};

/** What goes with each codec. */
export const codecs = perCodec((codec) => ({
	crf: BrowserSafeApis.getValidCrfRanges(codec),
	defaultCrf: BrowserSafeApis.getDefaultCrfForCodec(codec),
	media: RenderInternals.codecSupportsMedia(codec),
	pixelFormats: BrowserSafeApis.validPixelFormatsForCodec(codec),
	audioCodecs: BrowserSafeApis.supportedAudioCodecs[codec],
	defaultAudioCodec: BrowserSafeApis.defaultAudioCodecs[codec],
	fileExtensions: BrowserSafeApis.defaultFileExtensionMap[codec],
}));

export const takeCensus = async () => ({
	version: VERSION,
	options: await perRoutine(optionsRead),
	payloadKeys: await perRoutine(async (routine) => Object.keys(await payloadOf(routine, required[routine]))),
	enums,
	codecs,
	limits: {
		functionsPerRender: serverlessClient.MAX_FUNCTIONS_PER_RENDER,
		minimumFramesPerFunction: serverlessClient.MINIMUM_FRAMES_PER_FUNCTION,
		inlinePropsOfAVideo: inlineLimit('video-or-audio'),
		inlinePropsOfAStill: inlineLimit('still'),
		webhookCustomData: customDataLimit(),
	},
	defaults: {
		colorSpace: BrowserSafeApis.DEFAULT_COLOR_SPACE,
		jpegQuality: BrowserSafeApis.DEFAULT_JPEG_QUALITY,
		pixelFormat: BrowserSafeApis.DEFAULT_PIXEL_FORMAT,
		timeoutInMilliseconds: BrowserSafeApis.DEFAULT_TIMEOUT,
	},
	prices: Object.fromEntries(enums.region.map((region) => [region, pricesOf(region)])),
	pricedDiskSizeInMb: aws.getEphemeralStorageForPriceCalculation(),
	expiryDays: serverlessClient.expiryDays,
	routines: Object.values(serverlessClient.ServerlessRoutines),
	bucketPrefix: aws.getBucketPrefix(),
});
