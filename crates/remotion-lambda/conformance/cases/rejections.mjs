// Options of `renderMediaOnLambda()` and of `renderStillOnLambda()` that break one official rule each, beyond the
// required ones.

import {codecs, enums} from '../census.mjs';

const {audioCodec, codec, pixelFormat} = enums;
const SINGLE = {concurrency: 1};

const each = (name, values, options) => values.map((value) => [`${name} ${JSON.stringify(value)}`, options(value)]);
const option = (name, values, others = {}) => each(name, values, (value) => ({...others, [name]: value}));
const entries = Object.entries(codecs);
const audioOnly = codec.filter((name) => !codecs[name].media.video);

const byTheClient = [
	[
		'frameRange, several',
		{
			frameRange: [
				[0, 10],
				[20, 30],
			],
		},
	],
	['quality', {quality: 80}],
	...option('codec', [null, 264, 'h264-mkv', 'h264-ts', 'av1', 'H264', '']),
	...option('serveUrl', [null, 7]),
	...option('downloadBehavior', ['download', {}, [], {type: 'open'}, {type: 'download'}, {type: 'download', fileName: 1}]),
	[
		'webhook with too much custom data',
		{webhook: {url: 'https://example.com', secret: null, customData: {a: 'x'.repeat(1024 - '{"a":""}'.length + 1)}}},
	],
];

const byTheFunction = [...option('serveUrl', ['src/index.ts']), ...option('deleteAfter', ['2-days', '1', 1])];

const quality = [
	...entries.flatMap(
		([
			name,
			{
				crf: [least, most],
			},
		]) =>
			least === most
				? [
						// A GIF's chunks are rendered as h264.
						[`crf of ${name}`, {codec: name, crf: 20, ...(name === 'gif' ? SINGLE : {})}],
					]
				: option('crf', [least - 0.5, most + 0.5, most + 1], {codec: name}).map(([text, options]) => [
						`${text} of ${name}`,
						options,
					]),
	),
	...option('crf', [0, -1]),
	['crf 0 of a GIF', {codec: 'gif', crf: 0}],
	['crf with videoBitrate', {crf: 20, videoBitrate: '1M'}],
	['crf with videoBitrate for a codec that has neither', {codec: 'prores', crf: 0, videoBitrate: '1M'}],
	['encodingMaxRate without encodingBufferSize', {encodingMaxRate: '1M'}],
	...['audioBitrate', 'videoBitrate', 'encodingBufferSize'].flatMap((name) => option(name, ['128', '1m', '128 kbps', 'k1', 128])),
	...option('encodingMaxRate', ['128', '1m'], {encodingBufferSize: '1M'}),
	['audioBitrate, empty', {audioBitrate: ''}],
	...option('gopSize', [0, -1, 1.5]),
	...option('jpegQuality', [-1, -0.5, 100.5, 101]),
	...option('scale', [0, -1, 16.5, 17]),
];

const formats = [
	...codec.filter((name) => name !== 'prores').map((name) => [`proResProfile of ${name}`, {codec: name, proResProfile: 'hq'}]),
	['proResProfile, unknown', {codec: 'prores', proResProfile: 'best'}],
	...codec
		.filter((name) => name !== 'h264')
		.map((name) => [`x264Preset of ${name}`, {codec: name, x264Preset: 'fast', ...(name === 'gif' ? SINGLE : {})}]),
	['x264Preset, unknown', {x264Preset: 'quick'}],
	...entries.flatMap(([name, {pixelFormats}]) =>
		pixelFormat
			.filter((format) => !pixelFormats.includes(format))
			.map((format) => [`pixelFormat ${format} of ${name}`, {codec: name, imageFormat: 'png', pixelFormat: format}]),
	),
	['pixelFormat, unknown', {pixelFormat: 'rgb24'}],
	...['yuva420p', 'yuva444p10le'].map((format) => [`pixelFormat ${format} of JPEG frames`, {codec: 'vp9', pixelFormat: format}]),
	[
		'pixelFormat with alpha of JPEG frames for ProRes',
		{codec: 'prores', proResProfile: '4444', pixelFormat: 'yuva444p10le', imageFormat: 'jpeg'},
	],
	['imageFormat, unknown', {imageFormat: 'webp'}],
	...entries.flatMap(([name, {audioCodecs}]) =>
		audioCodec
			.filter((audio) => !audioCodecs.includes(audio))
			.map((audio) => [`audioCodec ${audio} of ${name}`, {codec: name, audioCodec: audio}]),
	),
	['audioCodec, unknown', {audioCodec: 'flac'}],
	...audioOnly.map((name) => [`muted ${name}`, {codec: name, muted: true}]),
	['preferLossless on a single function', {...SINGLE, preferLossless: true}],
	...option('numberOfGifLoops', [-1, 1.5], {codec: 'gif'}),
	...codec.filter((name) => name !== 'gif').map((name) => [`numberOfGifLoops of ${name}`, {codec: name, numberOfGifLoops: 1}]),
	['a GIF of more than 50 frames a second on a single function', {...SINGLE, codec: 'gif', forceFps: 60}],
];

const names = [
	...entries.flatMap(([name, {fileExtensions}]) => [
		[`outName without an extension, of ${name}`, {codec: name, outName: 'video'}],
		[`outName with another extension, of ${name}`, {codec: name, outName: 'video.avi'}],
		[
			`outName with the extension in capitals, of ${name}`,
			{codec: name, outName: `video.${fileExtensions.default.toUpperCase()}`},
		],
	]),
	['outName with an extension that the audio codec does not go into', {audioCodec: 'pcm-16', outName: 'video.mp4'}],
	['outName with an audio codec that the codec does not have', {codec: 'vp8', audioCodec: 'aac', outName: 'video.webm'}],
	...option('outName', ['', ' video.mp4', 'ü.mp4', '#.mp4', '\\.mp4']),
	['outName, an object without a key', {outName: {bucketName: 'videos'}}],
	['outName, an object with an empty key', {outName: {bucketName: 'videos', key: ''}}],
	['outName, an object with a key that starts badly', {outName: {bucketName: 'videos', key: ' a'}}],
	['outName, an object without a bucket', {outName: {key: 'a'}}],
	...each(
		'outName into the bucket',
		['ab', 'Videos', 'a_b', '-ab', 'ab-', 'a..b', '192.168.0.1', 'x'.repeat(64)],
		(bucketName) => ({
			outName: {bucketName, key: 'a'},
		}),
	),
	...option('privacy', ['secret', '', 1]),
	['chromiumOptions.gl, unknown', {chromiumOptions: {gl: 'metal'}}],
];

const frames = [
	...option('frameRange', [
		-1,
		1.5,
		[],
		[1],
		[0, 1, 2],
		[-1, 5],
		[1.5, 5],
		[0, 1.5],
		[0, -1],
		[5, 4],
		[null, 5],
		['0', 5],
		[0, '5'],
		'all',
		{},
	]),
	['frameRange beyond forceDurationInFrames', {forceDurationInFrames: 100, frameRange: [0, 100]}],
	['frameRange, one frame beyond forceDurationInFrames', {forceDurationInFrames: 100, frameRange: 100}],
	...option('everyNthFrame', [0, -1, 0.5, 1.5]),
	...option('forceDurationInFrames', [0, -1, 1.5]),
	...option('forceFps', [0, -1]),
	...option('forceHeight', [0, -2, 100.5, 1]),
	...option('forceWidth', [0, -2, 100.5, 1]),
	...option('forceWidth', [0, 100.5], {codec: 'vp8'}).map(([name, options]) => [`${name} of vp8`, options]),
];

const functions = [
	['concurrency with framesPerLambda', {concurrency: 5, framesPerLambda: 20}],
	...option('concurrency', [0, -1, 1.5, 201]),
	...option('framesPerLambda', [4, 1, 0, -5, 20.5]),
	['framesPerLambda under the frames of a short range', {framesPerLambda: 2, frameRange: [0, 2]}],
	['too many functions', {framesPerLambda: 5, frameRange: [0, 1000]}],
	['too many functions, of every second frame', {framesPerLambda: 5, frameRange: [0, 2000], everyNthFrame: 2}],
	...option('concurrencyPerLambda', [0, -1, 1.5, 7, '0%', '50', '%', 'half']),
	...option('offthreadVideoCacheSizeInBytes', [0, -1, 1.5]),
	...option('timeoutInMilliseconds', [0, 6999, 7000.5]),
];

const stills = [
	...option('deleteAfter', ['2-days', 1]),
	...option('downloadBehavior', ['download', {}, {type: 'open'}, {type: 'download'}]),
	...option('privacy', [null, 'secret']),
	...option('outName', [
		' a.png',
		'ü.png',
		{bucketName: 'Stills', key: 'a.png'},
		{bucketName: 'stills', key: ''},
		{key: 'a.png'},
	]),
	...option('serveUrl', ['src/index.ts']),
	...option('offthreadVideoCacheSizeInBytes', [0, 1.5]),
	...option('timeoutInMilliseconds', [6999, 7000.5]),
	...option('forceHeight', [0, 100.5]),
	...option('forceWidth', [-2, 100.5]),
	...option('forceFps', [0]),
	...option('forceDurationInFrames', [0, 1.5]),
	...option('imageFormat', [null, 'none', 'gif']),
	...option('frame', [1.5]),
	['frame before the first', {forceDurationInFrames: 10, frame: -21}],
	['frame beyond the last', {forceDurationInFrames: 10, frame: 10}],
	...option('scale', [0, 17]),
	...option('jpegQuality', [-1, 101]),
	['chromiumOptions.gl, unknown', {chromiumOptions: {gl: 'metal'}}],
	['region, unknown', {region: 'eu-middle-1'}],
];

export const rejections = {
	start: [...byTheClient, ...byTheFunction, ...quality, ...formats, ...names, ...frames, ...functions],
	still: stills,
};
