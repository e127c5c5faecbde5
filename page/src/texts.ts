/** Every text of the page. */
import type {printParseErrorCode} from 'jsonc-parser';
import type {Status} from './types';

const ofStatus: Record<number, string> = {
	401: 'Sign in again.',
	403: 'You may not do this.',
	404: 'The API does not have this.',
	413: 'The request is too large.',
	429: 'There are too many requests at once.',
	500: 'The API has a fault. Its operator finds the reason in the log.',
	503: 'The API is overloaded. Try again.',
	504: 'The API took too long to answer. Try again.',
};

const status: Record<Status, string> = {
	queued: 'Queued',
	rendering: 'Rendering',
	encoding: 'Encoding',
	done: 'Done',
	failed: 'Failed',
	cancelled: 'Cancelled',
	timed_out: 'Timed out',
};

const phase: Record<Status, string> = {
	queued: 'The render waits for its function to open the site.',
	rendering: 'Frames are being rendered.',
	encoding: 'All frames are there, and are being made one file.',
	done: 'The render is done.',
	failed: 'The render has failed.',
	cancelled: 'The render was cancelled.',
	timed_out: 'The function ran out of time, or died. A shorter frame range or a smaller scale may help.',
};

const syntax: Record<ReturnType<typeof printParseErrorCode>, string> = {
	InvalidSymbol: 'This is no value. Texts are in double quotes.',
	InvalidNumberFormat: 'This is no number.',
	PropertyNameExpected: 'Here should be a name in double quotes.',
	ValueExpected: 'Here should be a value.',
	ColonExpected: 'Here should be a colon.',
	CommaExpected: 'Here should be a comma.',
	CloseBraceExpected: 'Here should be a closing brace.',
	CloseBracketExpected: 'Here should be a closing bracket.',
	EndOfFileExpected: 'The object has ended before.',
	InvalidCommentToken: 'JSON has no comments.',
	UnexpectedEndOfComment: 'JSON has no comments.',
	UnexpectedEndOfString: 'This text has no closing quote.',
	UnexpectedEndOfNumber: 'This number has no end.',
	InvalidUnicode: 'This is no Unicode escape.',
	InvalidEscapeCharacter: 'This is no escape.',
	InvalidCharacter: 'This character must be escaped.',
	'<unknown ParseErrorCode>': 'This is not JSON.',
};

export const texts = {
	title: 'Renders',
	noConfig: 'This page has no configuration. The API writes it in where it serves the page.',
	signOut: 'Sign out',
	retry: 'Retry',

	quota: (left: number, limit: number | null, reset: string) =>
		`${limit === null ? left : `${left} of ${limit}`} renders left until ${reset}`,

	wait: {
		again: (span: string) => `Try again in ${span}.`,
		newRenders: (span: string) => `There are new ones in ${span}.`,
		over: 'You can try again now.',
	},

	time: {
		today: (time: string) => `Today, ${time}`,
		on: (day: string, time: string) => `${day}, ${time}`,
	},

	problem: {
		ofStatus: (code: number) => ofStatus[code] ?? `The API answered with status ${code}.`,
		unreachable: 'There is no connection.',
		quotaSpent: 'You have started all renders of today.',
		request: (id: string) => `The operator finds it in the log as ${id}`,
		outcomeUnknown: 'An earlier attempt may have started this render. Look at your renders. Start again to have another one.',
		startUnreachable: 'The connection was lost. Start again: that cannot make a second render.',
		startUnreachableWithoutKey: 'The connection was lost. The render may have started.',
		fields: 'Some options are wrong. They are marked.',
	},

	signIn: {
		title: 'Sign in',
		lead: 'Sign in to render videos.',
		submit: 'Sign in',
		email: 'E-mail address',
		password: 'Password',
		showPassword: 'Show',
		hidePassword: 'Hide',
		toSignUp: 'Create an account',
		toForgot: 'Forgot your password?',
		toSignIn: 'Back to sign in',
		sessionEnded: 'Your session has ended. Sign in again: what you have filled in is kept.',
		unknownChallenge: (name: string) => `Your account asks for a step that this page does not have: ${name}.`,
		errors: {
			UsernameExistsException: 'There is an account with this e-mail address. Sign in, or reset its password.',
			CodeMismatchException: 'The code is wrong.',
			EnableSoftwareTokenMFAException: 'The code is wrong.',
			ExpiredCodeException: 'The code is wrong or too old. Ask for a new one.',
			LimitExceededException: 'There were too many attempts. Wait some minutes.',
			TooManyRequestsException: 'There were too many attempts. Wait some minutes.',
			TooManyFailedAttemptsException: 'There were too many attempts. Wait some minutes.',
		} as Record<string, string>,
		challengeEnded: 'This took too long. Sign in again.',
		refused: 'Cognito has refused this.',
	},

	signUp: {
		title: 'Create an account',
		lead: 'You get a code by e-mail to confirm the address.',
		submit: 'Create the account',
	},

	confirm: {
		title: 'Confirm your e-mail address',
		lead: (email: string) => `Enter the code that was sent to ${email}.`,
		code: 'Code',
		submit: 'Confirm',
		resend: 'Send a new code',
		resent: 'A new code is on its way.',
		confirmed: 'The account is confirmed. Sign in.',
	},

	forgot: {
		title: 'Reset your password',
		lead: 'You get a code by e-mail.',
		submit: 'Send the code',
	},

	reset: {
		title: 'Choose a new password',
		lead: (email: string) => `If ${email} has an account, a code was sent to it.`,
		required: 'Your password must be reset before you sign in.',
		newPassword: 'New password',
		submit: 'Set the password',
		done: 'The password is set. Sign in with it.',
	},

	newPassword: {
		title: 'Choose a new password',
		lead: 'Your password was a temporary one.',
		submit: 'Set the password',
	},

	totp: {
		title: 'Enter your code',
		lead: 'Your authenticator app shows it.',
		submit: 'Sign in',
	},

	totpSetup: {
		title: 'Set up a second factor',
		lead: 'Add this key to your authenticator app. Then enter the code that it shows.',
		key: 'Key',
		open: 'Open the authenticator app of this device',
		submit: 'Sign in',
	},

	form: {
		title: 'New render',
		composition: 'Composition',
		loading: 'Asking the site for its compositions. This can take some seconds.',
		none: 'The site has no composition that you may render.',
		facts: {size: 'Size', fps: 'Rate', length: 'Length', frames: 'Frames'},
		size: (width: number, height: number) => `${width} × ${height}`,
		fps: (value: string) => `${value} fps`,
		seconds: (value: string) => `${value} s`,
		props: 'Props',
		propsHint: 'What the composition receives, as a JSON object.',
		resetProps: 'Reset to default props',
		output: 'Output',
		more: 'More options',
		moreLabel: 'Further options',
		moreHint: 'Any other option of a render, as a JSON object, such as {"audioBitrate": "320k"}.',
		reference: 'All options',
		start: 'Start render',
		waiting: 'An earlier request is under way. Waiting for its answer.',
		started: (composition: string, id: string) => `The render ${id} of ${composition} has started.`,
	},

	options: {
		default: 'Default',
		codec: 'Codec',
		codecs: {
			h264: 'H.264 (MP4)',
			h265: 'H.265 (MP4)',
			vp8: 'VP8 (WebM)',
			vp9: 'VP9 (WebM)',
			prores: 'ProRes (MOV)',
			gif: 'GIF',
			mp3: 'MP3, sound alone',
			aac: 'AAC, sound alone',
			wav: 'WAV, sound alone',
		},
		crf: 'Quality (CRF)',
		crfHint: (lowest: number, highest: number) => `${lowest} to ${highest}. Lower is better, and larger.`,
		scale: 'Scale',
		scaleHint: 'Up to 16.',
		scaledTo: (width: number, height: number) => `Makes it ${width} × ${height}.`,
		frameRange: 'Frame range',
		firstFrame: 'First frame',
		lastFrame: 'Last frame',
		frameRangeTo: 'to',
		frameRangeHint: (last: number) => `Within 0 to ${last}.`,
		imageFormat: 'Image format',
		imageFormats: {jpeg: 'JPEG', png: 'PNG'},
		imageFormatHint: 'PNG keeps transparency.',
		jpegQuality: 'JPEG quality',
		jpegQualityHint: '0 to 100.',
		proResProfile: 'ProRes profile',
		everyNthFrame: 'Every nth frame',
		everyNthFrameHint: '2 halves the frame rate.',
		numberOfGifLoops: 'Number of loops',
		numberOfGifLoopsHint: '0 plays once. Empty is for ever.',
		muted: 'Muted',
		outName: 'Out name',
		outNamePlaceholder: (extension: string) => `out.${extension}`,
		downloadBehavior: 'Download behavior',
		downloadBehaviors: {download: 'Save the file', 'play-in-browser': 'Play in the browser'},
		deleteAfter: 'Delete after',
		deleteAfters: {
			'1-day': '1 day',
			'3-days': '3 days',
			'7-days': '7 days',
			'30-days': '30 days',
		},
	},

	json: {
		syntax,
		notAnObject: 'This should be an object, in braces.',
		hasControl: (name: string) => `"${name}" has a field of its own on this page. Set it there.`,
		at: (line: number, column: number) => `Line ${line}, column ${column}`,
	},

	render: {
		progress: 'Progress',
		phase,
		progressed: (percent: string) => `${percent} done.`,
		facts: {
			frames: 'Frames',
			rendered: 'Frames rendered',
			encoded: 'Frames encoded',
			elapsed: 'Time',
			cost: 'Cost',
			size: 'File size',
		},
		ofFrames: (count: string, total: string) => `${count} of ${total}`,
		cancel: 'Cancel render',
		cancelling: 'Cancelling. It stops within seconds.',
		download: 'Download',
		output: (name: string) => `Output ${name}`,
		unplayable: 'This browser cannot play the file. Download it.',
		noLink: 'The output lies where the operator has put it. There is no link to it here.',
		atFrame: (frame: number) => `Frame ${frame}`,
		noError: 'Remotion gives no reason.',
		close: 'Close',
		loading: 'Asking how the render stands.',
		gone: 'This render does not exist any more.',
		keepsAsking: 'The page keeps asking.',
	},

	list: {
		title: 'Your renders',
		refresh: 'Refresh',
		loading: 'Loading your renders.',
		empty: 'You have no renders yet.',
		emptyHint: 'What you start appears here: you can watch it, open it again, and delete it.',
		older: 'Show older renders',
		remove: 'Delete',
		removeLabel: (composition: string, moment: string) => `Delete ${composition}, ${moment}`,
		confirm: 'Delete this render and its file?',
		confirmRemove: 'Delete',
		keep: 'Keep',
		removed: 'The render is deleted.',
		notKept: 'This deployment keeps no list of renders. You can start them here, but not watch them.',
	},

	status,
};
