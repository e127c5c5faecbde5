// Cases of the routines other than `start`: each is a name and the options beyond the required ones.

import {enums} from '../census.mjs';

const each = (name, values, options) => values.map((value) => [`${name} ${JSON.stringify(value)}`, options(value)]);
const option = (name, values) => each(name, values, (value) => ({[name]: value}));
const nulls = (...names) => Object.fromEntries(names.map((name) => [name, null]));

const credentials = {
	endpoint: 'https://storage.example.com',
	accessKeyId: 'id',
	secretAccessKey: 'secret',
	region: 'auto',
	forcePathStyle: true,
};

export const still = [
	['only what is required', {}],
	[
		'null for every option that has a default',
		nulls(
			...['apiKey', 'chromiumOptions', 'deleteAfter', 'downloadBehavior', 'dumpBrowserLogs', 'envVariables', 'forceBucketName'],
			...['forceDurationInFrames', 'forceFps', 'forceHeight', 'forcePathStyle', 'forceWidth', 'frame', 'isProduction'],
			...['jpegQuality', 'licenseKey', 'logLevel', 'maxRetries', 'mediaCacheSizeInBytes', 'offthreadVideoCacheSizeInBytes'],
			...['offthreadVideoThreads', 'outName', 'quality', 'scale', 'storageClass', 'timeoutInMilliseconds'],
		),
	],
	...option('imageFormat', enums.stillImageFormat),
	...option('privacy', enums.privacy),
	...option('logLevel', enums.logLevel),
	...option('deleteAfter', enums.deleteAfter),
	...option('storageClass', enums.storageClass),
	...option('frame', [0, 30, -1]),
	...option('jpegQuality', [0, 55.5, 100]),
	['quality', {quality: 60}],
	['quality with jpegQuality', {quality: 60, jpegQuality: 70}],
	['dumpBrowserLogs', {dumpBrowserLogs: true}],
	['dumpBrowserLogs with logLevel', {dumpBrowserLogs: true, logLevel: 'error'}],
	...option('scale', [0.5, 2]),
	...option('maxRetries', [0, 3]),
	...option('timeoutInMilliseconds', [7000, 240_000]),
	...option('forceHeight', [1081]),
	...option('forceWidth', [1919]),
	...option('forceFps', [23.976]),
	...option('forceDurationInFrames', [1]),
	...option('forceBucketName', ['remotionlambda-useast1-abcdefghij']),
	...option('forcePathStyle', [true]),
	...option('isProduction', [true, false]),
	...option('offthreadVideoCacheSizeInBytes', [1024]),
	...option('offthreadVideoThreads', [2]),
	...option('mediaCacheSizeInBytes', [2048]),
	...option('licenseKey', ['free-license']),
	...option('apiKey', ['rm_key']),
	...option('outName', ['frame.png', {bucketName: 'stills.example.com', key: 'a/frame.png'}]),
	[
		'outName, a bucket of another provider',
		{outName: {bucketName: 'stills.example.com', key: 'f.png', s3OutputProvider: credentials}},
	],
	...option('downloadBehavior', [
		{type: 'play-in-browser'},
		{type: 'download', fileName: null},
		{type: 'download', fileName: 'Élan.png'},
	]),
	[
		'outName, a bucket of another provider, with what every client takes',
		{
			outName: {
				bucketName: 'stills.example.com',
				key: 'f.png',
				s3OutputProvider: {endpoint: 'https://storage.example.com', accessKeyId: 'id', secretAccessKey: 'secret'},
			},
		},
	],
	['chromiumOptions', {chromiumOptions: {gl: 'angle-egl', darkMode: true}}],
	['chromiumOptions, with what every client takes', {chromiumOptions: {gl: 'swangle', disableWebSecurity: true}}],
	['envVariables', {envVariables: {KEY: 'значение'}}],
	['inputProps', {inputProps: {title: '映像', at: 'remotion-date:2026-01-02T03:04:05.678Z'}}],
	['serveUrl, a site name', {serveUrl: 'my-site'}],
	['serveUrl with a slash at its end', {serveUrl: 'https://example.com/sites/demo/'}],
	['region where answers are not streamed', {region: 'cn-north-1'}],
];

export const status = [
	['only what is required', {}],
	['null for every option that has a default', nulls('forcePathStyle', 'logLevel', 's3OutputProvider', 'skipLambdaInvocation')],
	...option('logLevel', enums.logLevel),
	...option('forcePathStyle', [true]),
	...option('renderId', ['7-days-1pwhfhh11z']),
	['s3OutputProvider', {s3OutputProvider: credentials}],
];

export const compositions = [
	['only what is required', {}],
	[
		'null for every option that has a default',
		nulls(
			...['chromiumOptions', 'dumpBrowserLogs', 'forceBucketName', 'forcePathStyle', 'logLevel', 'mediaCacheSizeInBytes'],
			...['offthreadVideoCacheSizeInBytes', 'timeoutInMilliseconds'],
		),
	],
	...option('logLevel', enums.logLevel),
	['dumpBrowserLogs with logLevel', {dumpBrowserLogs: true, logLevel: 'error'}],
	...option('timeoutInMilliseconds', [7000]),
	...option('forceBucketName', ['remotionlambda-useast1-abcdefghij']),
	...option('forcePathStyle', [true]),
	...option('offthreadVideoCacheSizeInBytes', [1024]),
	...option('mediaCacheSizeInBytes', [2048]),
	...option('serveUrl', ['my-site']),
	['chromiumOptions', {chromiumOptions: {gl: 'vulkan'}}],
	['envVariables', {envVariables: {KEY: 'value'}}],
	['inputProps', {inputProps: {title: '映像', list: [1, 2.5]}}],
];

export const info = [['only what is required', {}], ...option('logLevel', enums.logLevel)];
