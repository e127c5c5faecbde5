// Input props around the size from which the client uploads them: each is a name, the routine, the options beyond the
// required ones, and the text that fills `inputProps.text`.

const BUCKET = {forceBucketName: 'remotionlambda-useast1-abcdefghij'};
const VIDEO_LIMIT = 193_976;
const STILL_LIMIT = 4_993_976;

const frame = JSON.stringify({text: ''}).length;
const none = JSON.stringify({}).length;
const envVariables = {KEY: 'value'};
const fill = (text, times) => ({text, times});

export const largeProps = [
	['a video, the most that stays inline', 'start', BUCKET, fill('a', VIDEO_LIMIT - frame - none)],
	['a video, one more', 'start', BUCKET, fill('a', VIDEO_LIMIT - frame - none + 1)],
	[
		'a video, the most with envVariables',
		'start',
		{...BUCKET, envVariables},
		fill('a', VIDEO_LIMIT - frame - JSON.stringify(envVariables).length),
	],
	[
		'a video, one more with envVariables',
		'start',
		{...BUCKET, envVariables},
		fill('a', VIDEO_LIMIT - frame - JSON.stringify(envVariables).length + 1),
	],
	['a video, of two bytes a letter: the client counts UTF-16 units', 'start', BUCKET, fill('é', VIDEO_LIMIT - frame - none)],
	['a video, of two units a sign', 'start', BUCKET, fill('🎬', (VIDEO_LIMIT - frame - none) / 2 + 1)],
	['a video, where a letter is escaped', 'start', BUCKET, fill('"', VIDEO_LIMIT / 2)],
	['a video, private', 'start', {...BUCKET, privacy: 'private'}, fill('a', VIDEO_LIMIT)],
	['a video, no-acl', 'start', {...BUCKET, privacy: 'no-acl'}, fill('a', VIDEO_LIMIT)],
	[
		'a video, with what applies to the output alone',
		'start',
		{
			...BUCKET,
			storageClass: 'GLACIER_IR',
			downloadBehavior: {type: 'download', fileName: 'a.mp4'},
			deleteAfter: '1-day',
			forcePathStyle: true,
		},
		fill('a', VIDEO_LIMIT),
	],
	['a video of 4 MB', 'start', BUCKET, fill('a', 4_000_000)],
	['a still, the most that stays inline', 'still', BUCKET, fill('a', STILL_LIMIT - frame - none)],
	['a still, one more', 'still', BUCKET, fill('a', STILL_LIMIT - frame - none + 1)],
	['compositions, the most that stays inline', 'compositions', BUCKET, fill('a', VIDEO_LIMIT - frame - none)],
	['compositions, one more', 'compositions', BUCKET, fill('a', VIDEO_LIMIT - frame - none + 1)],
];
