/** What somebody has filled in, and the request that it makes. */
import type {Composition} from 'remotion-render-api-client';
import {type Mark, members, parseObject} from './json';
import {applies, type Codec, type Control, isControl} from './options';
import {texts} from './texts';

/** Texts as they are typed. What cannot be a number is sent as it is, for the API to refuse. */
export type Draft = {
	composition: string;
	/** Shown in the list. Where it is empty, the first text of the props stands for it. */
	name: string;
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
	name: '',
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

/** The composition that is asked for and that the site does not have: another one must not be rendered in its place. */
export function missingIn(compositions: readonly Pick<Composition, 'id'>[], {composition}: Draft): string | null {
	return composition && !compositions.some(({id}) => id === composition) ? composition : null;
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
	const name = nameOf(draft);
	if (name) options.push(['name', text(name)]);
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

/** The longest name of a render. */
const NAME_LENGTH = 100;

/** What the render is called: as it was typed, or by the first text of its props; `''` where there is neither. */
export function nameOf(draft: Draft): string {
	return nameable(draft.name) || suggestedName(draft);
}

export function suggestedName(draft: Draft): string {
	const {root} = parseObject(propsOf(draft));
	for (const {children} of root?.children ?? []) {
		const value = children?.[1];
		// Not a link, nor a colour: they tell nobody anything.
		if (value?.type === 'string' && !/^([a-z]+:\/\/|#[0-9a-f]{3,8}$)/i.test(value.value)) {
			const name = nameable(value.value);
			if (name) return name;
		}
	}
	return '';
}

function nameable(typed: string): string {
	return (
		typed
			.replace(/[\s\p{Cc}]+/gu, ' ')
			.trim()
			.slice(0, NAME_LENGTH)
			// Not in the middle of a character.
			.replace(/[\uD800-\uDBFF]$/, '')
	);
}

type Options = Record<string, unknown>;

/** A draft of what was sent for a render; what has no control of its own is among the further options. */
export function draftOf(options: Options, inputProps: Options, composition: string): Draft {
	const draft: Draft = {...EMPTY, composition, downloadBehavior: ''};
	const more: Record<string, unknown> = {};
	for (const [option, value] of Object.entries(options)) {
		if (value !== null && !take(draft, option, value)) more[option] = value;
	}
	if (Object.keys(more).length > 0) draft.more = JSON.stringify(more, null, 2);
	return {...draft, props: {[draft.composition]: JSON.stringify(inputProps, null, 2)}};
}

/** Puts an option into its control; `false` where it has none that can show it. */
function take(draft: Draft, option: string, value: unknown): boolean {
	switch (option) {
		case 'composition':
		case 'name':
		case 'codec':
		case 'crf':
		case 'scale':
		case 'imageFormat':
		case 'jpegQuality':
		case 'proResProfile':
		case 'everyNthFrame':
		case 'numberOfGifLoops':
		case 'outName':
		case 'deleteAfter':
			Object.assign(draft, {[option]: String(value)});
			return true;
		case 'muted':
			draft.muted = value === true;
			return true;
		case 'frameRange':
			[draft.firstFrame, draft.lastFrame] = [value]
				.flat()
				.concat(value)
				.slice(0, 2)
				.map((frame) => String(frame ?? '')) as [string, string];
			return true;
		case 'downloadBehavior':
			draft.downloadBehavior = (value as {type: Draft['downloadBehavior']}).type;
			return true;
		default:
			return false;
	}
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
