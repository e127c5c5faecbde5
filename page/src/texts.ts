/** Every text of the page. */
import type {printParseErrorCode} from 'jsonc-parser';
import type {Status} from './types';

const ofStatus: Record<number, string> = {
	401: 'Sign in again.',
	403: 'You may not do this.',
	404: 'This does not exist.',
	413: 'The request is too large.',
	429: 'Too many requests.',
	500: 'The API failed. Its operator can find the reason in the log.',
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
	expired: 'Expired',
};

const phase: Record<Status, string> = {
	queued: 'Remotion has not started this render yet.',
	rendering: 'Frames are being rendered.',
	encoding: 'All frames are rendered. They are being combined into one file.',
	done: 'The render is done.',
	failed: 'The render failed.',
	cancelled: 'The render was cancelled.',
	timed_out: 'The render ran out of time. Try a shorter frame range or a smaller scale.',
	expired: 'The files are gone: they were to be deleted after some days.',
};

const syntax: Record<ReturnType<typeof printParseErrorCode>, string> = {
	InvalidSymbol: 'This is not a valid value. Put text in double quotes.',
	InvalidNumberFormat: 'This is not a valid number.',
	PropertyNameExpected: 'Expected a name in double quotes.',
	ValueExpected: 'Expected a value.',
	ColonExpected: 'Expected a colon.',
	CommaExpected: 'Expected a comma.',
	CloseBraceExpected: 'Expected a closing brace.',
	CloseBracketExpected: 'Expected a closing bracket.',
	EndOfFileExpected: 'The object ends before this. Remove what follows it.',
	InvalidCommentToken: 'JSON does not allow comments.',
	UnexpectedEndOfComment: 'JSON does not allow comments.',
	UnexpectedEndOfString: 'The closing quote is missing.',
	UnexpectedEndOfNumber: 'This number is incomplete.',
	InvalidUnicode: 'This is not a valid Unicode escape.',
	InvalidEscapeCharacter: 'This is not a valid escape.',
	InvalidCharacter: 'Escape this character.',
	'<unknown ParseErrorCode>': 'This is not JSON.',
};

export const texts = {
	title: 'Renders',
	noConfig: 'This page has no configuration. The API adds it when it serves the page.',
	signOut: 'Sign out',
	retry: 'Retry',

	quota: (left: number, limit: number | null, reset: string) =>
		`${limit === null ? left : `${left} of ${limit}`} renders left until ${reset}`,

	wait: {
		again: (span: string) => `Try again in ${span}.`,
		newRenders: (span: string) => `Your quota resets in ${span}.`,
		over: 'You can try again now.',
	},

	time: {
		today: (time: string) => `Today, ${time}`,
		on: (day: string, time: string) => `${day}, ${time}`,
	},

	problem: {
		ofStatus: (code: number) => ofStatus[code] ?? `The API answered with status ${code}.`,
		unreachable: 'The API cannot be reached. Check your connection.',
		quotaSpent: "You have used all of today's renders.",
		request: (id: string) => `The operator can find this in the log as ${id}.`,
		outcomeUnknown:
			'An earlier attempt may have started this render. Check your renders first: starting again makes another one.',
		startUnreachable: 'The connection was lost. Try again: this cannot start a second render.',
		startUnreachableWithoutKey: 'The connection was lost. The render may have started.',
		fields: 'Some options are wrong. They are marked.',
		options: 'Some options are wrong.',
		over: 'This render is already over. There is nothing to cancel.',
		mayStart: 'This render may still start. You can delete it when it is over.',
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
		sessionEnded: 'Your session has ended. Sign in again. The form is still filled in.',
		unknownChallenge: (name: string) => `Your account requires a step that this page does not support: ${name}.`,
		errors: {
			UsernameExistsException: 'An account with this e-mail address exists. Sign in, or reset its password.',
			CodeMismatchException: 'The code is wrong.',
			EnableSoftwareTokenMFAException: 'The code is wrong.',
			ExpiredCodeException: 'The code is wrong or has expired. Request a new one.',
			LimitExceededException: 'Too many attempts. Wait a few minutes.',
			TooManyRequestsException: 'Too many attempts. Wait a few minutes.',
			TooManyFailedAttemptsException: 'Too many attempts. Wait a few minutes.',
			SoftwareTokenMFANotFoundException: 'This deployment does not offer a second factor.',
		} as Record<string, string>,
		challengeEnded: 'This took too long. Sign in again.',
		refused: 'Cognito refused this request.',
	},

	signUp: {
		title: 'Create an account',
		lead: 'You will get a code by e-mail to confirm the address.',
		submit: 'Create the account',
	},

	confirm: {
		title: 'Confirm your e-mail address',
		lead: (email: string) => `Enter the code sent to ${email}.`,
		code: 'Code',
		submit: 'Confirm',
		resend: 'Send a new code',
		resent: 'A new code is on its way.',
		confirmed: 'The account is confirmed. Sign in.',
	},

	forgot: {
		title: 'Reset your password',
		lead: 'You will get a code by e-mail.',
		submit: 'Send the code',
		unverified:
			'Cognito cannot send you a code: the e-mail address of this account is not verified. Ask your administrator to verify it, or to set a new password.',
	},

	reset: {
		title: 'Choose a new password',
		lead: (email: string) => `If ${email} has an account, a code was sent to it.`,
		noCode:
			'No code? If an administrator confirmed your account, its address may not be verified. Then only an administrator can set a new password.',
		required: 'Your password must be reset before you sign in.',
		newPassword: 'New password',
		submit: 'Set the password',
		done: 'The password is set. Sign in with it.',
	},

	newPassword: {
		title: 'Choose a new password',
		lead: 'Your current password is temporary.',
		submit: 'Set the password',
	},

	totp: {
		title: 'Enter your code',
		lead: 'Open your authenticator app to see it.',
		submit: 'Sign in',
	},

	totpSetup: {
		title: 'Set up a second factor',
		lead: 'Add this key to your authenticator app. Then enter the code that it shows.',
		key: 'Key',
		open: 'Open the authenticator app on this device',
		submit: 'Sign in',
	},

	account: {
		title: 'Account',
		loading: 'Loading your account.',
		secondFactor: (on: boolean) =>
			on ? 'Signing in takes your password and a code from your authenticator app.' : 'Signing in takes only your password.',
		unverified:
			'Your e-mail address is not verified, so you cannot reset a forgotten password. Ask your administrator to verify it.',
		setUp: 'Set up an authenticator app',
		confirm: 'Turn on',
		turnOff: 'Turn off the second factor',
		back: 'Cancel',
		close: 'Back to your renders',
	},

	form: {
		title: 'New render',
		composition: 'Composition',
		loading: 'Loading the compositions of the site. This can take a few seconds.',
		none: 'The site has no compositions that you may render.',
		facts: {size: 'Size', fps: 'Rate', length: 'Length', frames: 'Frames'},
		size: (width: number, height: number) => `${width} × ${height}`,
		fps: (value: string) => `${value} fps`,
		seconds: (value: string) => `${value} s`,
		props: 'Props',
		propsHint: 'The input of the composition, as a JSON object.',
		resetProps: 'Reset to default props',
		output: 'Output',
		more: 'More options',
		moreLabel: 'Further options',
		moreHint: 'Other render options, as a JSON object, such as {"audioBitrate": "320k"}.',
		reference: 'All options',
		start: 'Start render',
		waiting: 'An earlier request is still running. Waiting for its answer.',
		started: (composition: string, id: string) => `Render ${id} of ${composition} has started.`,
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
			mp3: 'MP3, audio only',
			aac: 'AAC, audio only',
			wav: 'WAV, audio only',
		},
		crf: 'Quality (CRF)',
		crfHint: (lowest: number, highest: number) => `${lowest} to ${highest}. Lower means better quality.`,
		scale: 'Scale',
		scaleHint: 'Such as 0.5 or 2.',
		scaledTo: (width: number, height: number) => `The output is ${width} × ${height}.`,
		frameRange: 'Frame range',
		firstFrame: 'First frame',
		lastFrame: 'Last frame',
		frameRangeTo: 'to',
		frameRangeHint: (last: number) => `0 to ${last}.`,
		imageFormat: 'Image format',
		imageFormats: {jpeg: 'JPEG', png: 'PNG'},
		imageFormatHint: 'PNG keeps transparency.',
		jpegQuality: 'JPEG quality',
		jpegQualityHint: '0 to 100.',
		proResProfile: 'ProRes profile',
		everyNthFrame: 'Every nth frame',
		everyNthFrameHint: '2 renders every second frame.',
		numberOfGifLoops: 'Number of loops',
		numberOfGifLoopsHint: '0 plays once. Leave empty to loop forever.',
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
		notAnObject: 'Expected an object in braces.',
		hasControl: (name: string) => `"${name}" has its own field on this page. Set it there.`,
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
		cancelling: 'Cancelling. This takes a few seconds.',
		download: 'Download',
		output: (name: string) => `Output ${name}`,
		unplayable: 'This browser cannot show the file. Download it.',
		noLink: 'The operator stores outputs elsewhere. There is no link here.',
		stillDone: 'The still is done.',
		artifacts: 'More files',
		atFrame: (frame: number) => `Frame ${frame}`,
		noError: 'Remotion gave no reason.',
		close: 'Close',
		loading: 'Loading the status of the render.',
		gone: 'This render no longer exists.',
		keepsAsking: 'The page keeps trying.',
	},

	list: {
		title: 'Your renders',
		refresh: 'Refresh',
		loading: 'Loading your renders.',
		empty: 'You have no renders yet.',
		emptyHint: 'Renders that you start appear here. You can watch, open and delete them.',
		older: 'Show older renders',
		remove: 'Delete',
		removeLabel: (composition: string, moment: string) => `Delete ${composition}, ${moment}`,
		still: (moment: string) => `Still, ${moment}`,
		confirm: 'Delete this render and its files?',
		confirmStill: 'Delete this still and its file?',
		confirmRemove: 'Delete',
		keep: 'Keep',
		removed: 'The render is deleted.',
		removedStill: 'The still is deleted.',
		notKept: 'This deployment keeps no record of renders. You can start renders here, but not watch them.',
	},

	status,
};
