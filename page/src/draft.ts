/** What somebody has filled in, and the request that it makes. */
import {type Mark, members, parseObject} from './json';
import {applies, type Codec, type Control, isControl} from './options';
import {texts} from './texts';
import type {Composition} from './types';

/** Texts as they are typed. What cannot be a number is sent as it is, for the API to refuse. */
export type Draft = {
	composition: string;
	/** The props of each composition that has been chosen, so that choosing another loses nothing. */
	props: Record<string, string>;
	codec: Codec | '';
	crf: string;
	scale: string;
	firstFrame: string;
	lastFrame: string;
	imageFormat: '' | 'jpeg' | 'png';
	jpegQuality: string;
	proResProfile: string;
	everyNthFrame: string;
	numberOfGifLoops: string;
	muted: boolean;
	outName: string;
	downloadBehavior: '' | 'download' | 'play-in-browser';
	deleteAfter: string;
	/** All other options, as a JSON object. */
	more: string;
};

const DOWNLOAD_BEHAVIORS: Record<Draft['downloadBehavior'], string> = {
	'': '',
	download: '{"type":"download","fileName":null}',
	'play-in-browser': '{"type":"play-in-browser"}',
};

export const EMPTY: Draft = {
	composition: '',
	props: {},
	codec: '',
	crf: '',
	scale: '',
	firstFrame: '',
	lastFrame: '',
	imageFormat: '',
	jpegQuality: '',
	proResProfile: '',
	everyNthFrame: '',
	numberOfGifLoops: '',
	muted: false,
	outName: '',
	// The page itself plays the output: its link is there to save it.
	downloadBehavior: 'download',
	deleteAfter: '',
	more: '',
};

/** With the first composition where none is chosen, and its default props where none are typed. */
export function filledIn(draft: Draft, compositions: readonly Composition[]): {draft: Draft; composition: Composition} | null {
	const composition = compositions.find(({id}) => id === draft.composition) ?? compositions[0];
	if (!composition) return null;
	const {id, defaultProps} = composition;
	const props = {[id]: JSON.stringify(defaultProps, null, 2), ...draft.props};
	return {draft: {...draft, composition: id, props}, composition};
}

export function propsOf(draft: Draft): string {
	return draft.props[draft.composition] ?? '';
}

/** What keeps the props from being sent. */
export function faultsInProps(draft: Draft): Mark[] {
	const {mark} = parseObject(propsOf(draft));
	return mark ? [mark] : [];
}

/** What keeps the further options from being sent. */
export function faultsInMore(draft: Draft): Mark[] {
	const {root, mark} = parseObject(draft.more);
	if (mark) return [mark];
	return members(root)
		.filter(({name}) => isControl(name))
		.map(({name, offset, length}) => ({offset, length, message: texts.json.hasControl(name)}));
}

/** Whether an option has a control in the form, as it is filled in. */
export function isShown(control: Control, {codec, imageFormat}: Draft): boolean {
	return applies(control, codec) && (control !== 'jpegQuality' || imageFormat !== 'png');
}

/**
 * The body of `POST /render`, with only those options that are set: the operator's defaults apply to the others. Props and
 * further options are sent as they are typed, because a number may have more digits than JavaScript's.
 */
export function bodyOf(draft: Draft): string {
	const options: [name: string, json: string][] = [];
	const set = (control: Control, json: string) => {
		if (json && isShown(control, draft)) options.push([control, json]);
	};
	set('composition', text(draft.composition));
	set('inputProps', propsOf(draft).trim());
	set('codec', text(draft.codec));
	set('crf', number(draft.crf));
	set('scale', number(draft.scale));
	set('frameRange', frameRange(draft.firstFrame, draft.lastFrame));
	set('imageFormat', text(draft.imageFormat));
	set('jpegQuality', number(draft.jpegQuality));
	set('proResProfile', text(draft.proResProfile));
	set('everyNthFrame', number(draft.everyNthFrame));
	set('numberOfGifLoops', number(draft.numberOfGifLoops));
	set('muted', draft.muted ? 'true' : '');
	set('outName', text(draft.outName.trim()));
	set('downloadBehavior', DOWNLOAD_BEHAVIORS[draft.downloadBehavior]);
	set('deleteAfter', text(draft.deleteAfter));
	const listed = options.map(([name, json]) => `${JSON.stringify(name)}:${json}`);
	const further = draft.more.trim().slice(1, -1).trim();
	return `{${[...listed, ...(further ? [further] : [])].join(',')}}`;
}

function text(value: string): string {
	return value && JSON.stringify(value);
}

function number(typed: string): string {
	const value = typed.trim();
	if (!value) return '';
	return JSON.stringify(Number.isFinite(Number(value)) ? Number(value) : value);
}

/** Without a first frame from the start, without a last one to the end. */
function frameRange(first: string, last: string): string {
	if (!first.trim() && !last.trim()) return '';
	return `[${number(first) || 0},${number(last) || null}]`;
}
