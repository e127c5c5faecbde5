// Cases of `renderMediaOnLambda()`: each is a name and the options beyond the required ones. All of them render.

import {codecs, enums} from '../census.mjs';
import {functionName} from '../releases.mjs';

const VIDEO_BUCKET = 'videos.example.com';

const each = (name, values, options) => values.map((value) => [`${name} ${JSON.stringify(value)}`, options(value)]);
const toggle = (name) => each(name, [true, false], (value) => ({[name]: value}));
const numbers = (name, values, others = {}) => each(name, values, (value) => ({...others, [name]: value}));

/** Every closed set whose values go with any codec. */
const free = ['colorSpace', 'deleteAfter', 'logLevel', 'privacy', 'storageClass'].flatMap((name) =>
	each(name, enums[name], (value) => ({[name]: value})),
);

const perCodec = Object.entries(codecs).flatMap(([codec, {crf, audioCodecs, fileExtensions}]) => [
	[`codec ${codec}`, {codec}],
	...(crf[0] === crf[1] ? [] : each(`codec ${codec} with crf`, crf, (value) => ({codec, crf: value}))),
	...audioCodecs.flatMap((audioCodec) => [
		[`codec ${codec} with audio codec ${audioCodec}`, {codec, audioCodec}],
		...each(
			`codec ${codec} with audio codec ${audioCodec} as`,
			fileExtensions.forAudioCodec[audioCodec].possible.map((extension) => `out.${extension}`),
			(outName) => ({codec, audioCodec, outName}),
		),
	]),
]);

const codecSpecific = [
	...each('pixelFormat', enums.pixelFormat, (pixelFormat) => ({codec: 'vp9', imageFormat: 'png', pixelFormat})),
	...each('pixelFormat of h264', codecs.h264.pixelFormats, (pixelFormat) => ({imageFormat: 'png', pixelFormat})),
	...each('imageFormat', ['png', 'jpeg'], (imageFormat) => ({imageFormat})),
	['imageFormat "none" for audio', {codec: 'mp3', imageFormat: 'none'}],
	...each('proResProfile', enums.proResProfile, (proResProfile) => ({codec: 'prores', proResProfile})),
	...each('x264Preset', enums.x264Preset, (x264Preset) => ({x264Preset})),
	...numbers('numberOfGifLoops', [0, 1, 12], {codec: 'gif'}),
	['a GIF of every second frame', {codec: 'gif', everyNthFrame: 2}],
	['crf, fractional', {crf: 18.5}],
	['crf 0 of h265', {codec: 'h265', crf: 0}],
	['outName of a GIF', {codec: 'gif', outName: 'out.gif'}],
	['muted GIF', {codec: 'gif', muted: true}],
];

const unions = [
	['frameRange, one frame', {frameRange: 0}],
	['frameRange, a later frame', {frameRange: 59}],
	['frameRange, closed', {frameRange: [0, 59]}],
	['frameRange, closed on one frame', {frameRange: [7, 7]}],
	['frameRange, open', {frameRange: [30, null]}],
	['downloadBehavior, play', {downloadBehavior: {type: 'play-in-browser'}}],
	['downloadBehavior, download under any name', {downloadBehavior: {type: 'download', fileName: null}}],
	['downloadBehavior, download under a name', {downloadBehavior: {type: 'download', fileName: 'Élan – 映像.mp4'}}],
	['outName, a file name', {outName: 'my-video_1.mp4'}],
	['outName, a path', {outName: '2026/jan/my-video.mp4'}],
	['outName, a bucket and a key', {outName: {bucketName: VIDEO_BUCKET, key: 'a/b/c.mp4'}}],
	[
		'outName, a bucket of another provider',
		{
			outName: {
				bucketName: VIDEO_BUCKET,
				key: 'c.mp4',
				s3OutputProvider: {endpoint: 'https://storage.example.com', accessKeyId: 'id', secretAccessKey: 'secret'},
			},
		},
	],
	[
		'outName, a bucket of another provider, in full',
		{
			outName: {
				bucketName: VIDEO_BUCKET,
				key: 'c.mp4',
				s3OutputProvider: {
					endpoint: 'https://storage.example.com',
					accessKeyId: null,
					secretAccessKey: null,
					region: 'auto',
					forcePathStyle: true,
				},
			},
		},
	],
	['webhook without a secret', {webhook: {url: 'https://example.com/hook', secret: null}}],
	['webhook without custom data', {webhook: {url: 'https://example.com/hook', secret: 's', customData: null}}],
	[
		'webhook in full',
		{webhook: {url: 'https://example.com/hook?a=1', secret: 'sécret', customData: {user: 'ü', nested: {list: [1, 2.5, null]}}}},
	],
	[
		'webhook with the most custom data',
		{webhook: {url: 'https://example.com/hook', secret: null, customData: {a: 'x'.repeat(1024 - '{"a":""}'.length)}}},
	],
	...each('chromiumOptions.gl', [...enums.gl, null], (gl) => ({chromiumOptions: {gl}})),
	[
		'chromiumOptions in full',
		{
			chromiumOptions: {
				ignoreCertificateErrors: true,
				disableWebSecurity: true,
				gl: 'swangle',
				userAgent: 'Mozilla/5.0 (compatible)',
				darkMode: true,
				headless: true,
			},
		},
	],
	['chromiumOptions, refused', {chromiumOptions: {ignoreCertificateErrors: false, darkMode: false, userAgent: null}}],
	['metadata', {metadata: {Title: 'Größe', artist: '', comment: 'a=b'}}],
	['metadata, empty', {metadata: {}}],
	['envVariables', {envVariables: {API_URL: 'https://example.com', EMPTY: '', UNICODE: 'ключ 🔑'}}],
	['envVariables, empty', {envVariables: {}}],
];

const scalars = [
	...['enableCancellation', 'forcePathStyle', 'isProduction', 'muted', 'overwrite', 'preferLossless'].flatMap(toggle),
	...each('audioBitrate', ['128k', '320K', '1M'], (audioBitrate) => ({audioBitrate})),
	['videoBitrate', {videoBitrate: '4M'}],
	['encodingBufferSize', {encodingBufferSize: '10000k'}],
	['encodingMaxRate', {encodingMaxRate: '5M', encodingBufferSize: '10M'}],
	...numbers('concurrency', [1, 2, 200]),
	...numbers('concurrencyPerLambda', [1, 2]),
	['concurrencyPerLambda as a percentage', {concurrencyPerLambda: '50%'}],
	...numbers('everyNthFrame', [1, 3]),
	...numbers('forceDurationInFrames', [1, 300]),
	...numbers('forceFps', [1, 23.976, 60]),
	...numbers('forceHeight', [2, 1081]),
	...numbers('forceWidth', [2, 1919]),
	...numbers('framesPerLambda', [5, 200]),
	['framesPerLambda for fewer frames than five', {framesPerLambda: 3, frameRange: [0, 2]}],
	...numbers('gopSize', [1, 250]),
	...numbers('jpegQuality', [0, 55.5, 100]),
	...numbers('maxRetries', [0, 3]),
	...numbers('mediaCacheSizeInBytes', [1, 1_000_000_000]),
	...numbers('offthreadVideoCacheSizeInBytes', [1, 4_294_967_296]),
	...numbers('offthreadVideoThreads', [1, 4]),
	...numbers('sampleRate', [44_100, 48_000]),
	...numbers('scale', [0.0625, 1, 1.5, 16]),
	...numbers('timeoutInMilliseconds', [7000, 900_000]),
	['forceBucketName', {forceBucketName: 'remotionlambda-useast1-abcdefghij'}],
	['rendererFunctionName', {rendererFunctionName: functionName({memory: 3008, disk: 10240, seconds: 900})}],
	['serveUrl, a site name', {serveUrl: 'my-site'}],
	['serveUrl with a slash at its end', {serveUrl: 'https://example.com/sites/demo/'}],
	['serveUrl with a query', {serveUrl: 'http://127.0.0.1:8080/?v=1#top'}],
	['composition in unicode', {composition: 'Élan-映像'}],
	['functionName, an ARN', {functionName: `arn:aws:lambda:us-east-1:000000000000:function:${functionName()}`}],
	['region', {region: 'eu-central-1'}],
	['licenseKey', {licenseKey: 'free-license'}],
	['apiKey', {apiKey: 'rm_key'}],
	['apiKey with licenseKey', {apiKey: 'rm_old', licenseKey: 'rm_new'}],
	['apiKey with a licenseKey that is null', {apiKey: 'rm_old', licenseKey: null}],
	['quality, null', {quality: null}],
];

const props = [
	['inputProps, empty', {inputProps: {}}],
	['inputProps, nested', {inputProps: {title: 'Hello', list: [1, -2.5, true, null, {deep: []}], empty: '', nothing: null}}],
	[
		'inputProps in unicode',
		{inputProps: {ключ: 'значение', emoji: '👩‍🚀', quotes: '"\\/', control: '\u0000\u001f\u007f\u2028', html: '</script>'}},
	],
	['inputProps, key order', {inputProps: {z: 1, a: 2, Z: 3, _: 4}}],
	['inputProps, numbers', {inputProps: {integer: 9007199254740991, negative: -1, fraction: 0.1, small: 1e-7, large: 1e21}}],
	[
		'inputProps, tokens of the special types',
		{inputProps: {date: 'remotion-date:2026-01-02T03:04:05.678Z', file: 'remotion-file:logo.png'}},
	],
];

/** Null everywhere that a default exists: the same payload as with none of them given. */
const nulls = Object.fromEntries(
	[
		...['apiKey', 'audioBitrate', 'audioCodec', 'chromiumOptions', 'colorSpace', 'concurrency', 'concurrencyPerLambda', 'crf'],
		...['deleteAfter', 'downloadBehavior', 'enableCancellation', 'encodingBufferSize', 'encodingMaxRate', 'envVariables'],
		...['everyNthFrame', 'forceBucketName', 'forceDurationInFrames', 'forceFps', 'forceHeight', 'forcePathStyle', 'forceWidth'],
		...['frameRange', 'framesPerLambda', 'gopSize', 'imageFormat', 'inputProps', 'isProduction', 'jpegQuality', 'licenseKey'],
		...['logLevel', 'maxRetries', 'mediaCacheSizeInBytes', 'metadata', 'muted', 'numberOfGifLoops'],
		...['offthreadVideoCacheSizeInBytes', 'offthreadVideoThreads', 'outName', 'overwrite', 'pixelFormat', 'preferLossless'],
		...['privacy', 'proResProfile', 'rendererFunctionName', 'sampleRate', 'scale', 'storageClass', 'timeoutInMilliseconds'],
		...['videoBitrate', 'webhook', 'x264Preset'],
	].map((name) => [name, null]),
);

const everything = {
	apiKey: 'rm_old',
	audioBitrate: '192k',
	audioCodec: 'aac',
	chromiumOptions: {gl: 'swiftshader', disableWebSecurity: true},
	codec: 'h264',
	colorSpace: 'bt709',
	concurrencyPerLambda: 2,
	crf: 23,
	deleteAfter: '7-days',
	downloadBehavior: {type: 'download', fileName: 'video.mp4'},
	enableCancellation: true,
	encodingBufferSize: '8M',
	encodingMaxRate: '6M',
	envVariables: {KEY: 'value'},
	everyNthFrame: 2,
	forceBucketName: 'remotionlambda-useast1-abcdefghij',
	forceDurationInFrames: 240,
	forceFps: 60,
	forceHeight: 720,
	forcePathStyle: true,
	forceWidth: 1280,
	frameRange: [10, 199],
	framesPerLambda: 25,
	gopSize: 60,
	imageFormat: 'png',
	inputProps: {title: 'Everything'},
	isProduction: false,
	jpegQuality: 90,
	licenseKey: 'rm_new',
	logLevel: 'verbose',
	maxRetries: 2,
	mediaCacheSizeInBytes: 2048,
	metadata: {artist: 'A'},
	muted: false,
	offthreadVideoCacheSizeInBytes: 4096,
	offthreadVideoThreads: 3,
	outName: 'everything.mp4',
	overwrite: true,
	pixelFormat: 'yuv444p',
	preferLossless: false,
	privacy: 'private',
	rendererFunctionName: functionName({memory: 3008, seconds: 240}),
	sampleRate: 44_100,
	scale: 2,
	storageClass: 'STANDARD_IA',
	timeoutInMilliseconds: 60_000,
	webhook: {url: 'https://example.com/hook', secret: 'secret', customData: {id: 1}},
	x264Preset: 'veryslow',
};

export const start = [
	['only what is required', {}],
	['null for every option that has a default', nulls],
	['nearly everything at once', everything],
	...perCodec,
	...codecSpecific,
	...free,
	...unions,
	...scalars,
	...props,
];
