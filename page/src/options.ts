/** The options that have a control of their own: names and rules are those of docs/options.md. */

/** The codecs, with the extension of their files. */
export const CODECS = {
	h264: 'mp4',
	h265: 'mp4',
	vp8: 'webm',
	vp9: 'webm',
	prores: 'mov',
	gif: 'gif',
	mp3: 'mp3',
	aac: 'aac',
	wav: 'wav',
} as const;

export type Codec = keyof typeof CODECS;

/** What is taken where nobody chooses, unless the operator says otherwise. */
export const USUAL_CODEC: Codec = 'h264';

/** The lowest and the highest `crf` of those codecs that have one. */
const CRF: Partial<Record<Codec, readonly [number, number]>> = {h264: [1, 51], h265: [0, 51], vp8: [4, 63], vp9: [0, 63]};

const AUDIO_ONLY: readonly Codec[] = ['mp3', 'aac', 'wav'];

export const CONTROLS = [
	'composition',
	'name',
	'inputProps',
	'codec',
	'crf',
	'scale',
	'frameRange',
	'imageFormat',
	'jpegQuality',
	'proResProfile',
	'everyNthFrame',
	'numberOfGifLoops',
	'muted',
	'outName',
	'downloadBehavior',
	'deleteAfter',
] as const;

export type Control = (typeof CONTROLS)[number];

export function isControl(name: string): name is Control {
	return CONTROLS.some((control) => control === name);
}

export function crfRange(codec: Codec | ''): readonly [number, number] | undefined {
	return CRF[codec || USUAL_CODEC];
}

/** Whether an option means anything with a codec. */
export function applies(control: Control, codec: Codec | ''): boolean {
	const picture = !codec || !AUDIO_ONLY.includes(codec);
	switch (control) {
		case 'crf':
			return crfRange(codec) !== undefined;
		case 'scale':
		case 'imageFormat':
		case 'jpegQuality':
			return picture;
		case 'muted':
			return picture && codec !== 'gif';
		case 'proResProfile':
			return codec === 'prores';
		case 'everyNthFrame':
		case 'numberOfGifLoops':
			return codec === 'gif';
		default:
			return true;
	}
}
