/** What the API has refused, at the place where it stands, for as long as that is unchanged. */
import {type Draft, propsOf} from './draft';
import {locate, type Mark, members, parseObject, segments, textAt} from './json';
import {CONTROLS, type Control, isControl} from './options';
import type {Violation} from './types';

export type Refusal = {violations: readonly Violation[]; sent: Draft};

/** The parts of the form that an option is made of. Rules often depend on the codec. */
function partsOf(draft: Draft, control: Control): string {
	const {codec} = draft;
	switch (control) {
		case 'inputProps':
			return propsOf(draft);
		case 'frameRange':
			return JSON.stringify([codec, draft.firstFrame, draft.lastFrame]);
		default:
			return JSON.stringify([codec, draft[control]]);
	}
}

/** The errors of an option that has a control. */
export function errorsAt({violations, sent}: Refusal, draft: Draft, control: Control): string[] {
	if (partsOf(sent, control) !== partsOf(draft, control)) return [];
	return violations.filter(({pointer}) => segments(pointer)[0] === control).map(({detail}) => detail);
}

/** The errors within the props. */
export function marksInProps({violations, sent}: Refusal, draft: Draft): Mark[] {
	const own = violations.filter(({pointer}) => segments(pointer)[0] === 'inputProps');
	const relative = own.map(({pointer, detail}) => ({pointer: pointer.slice('/inputProps'.length), detail}));
	return marks(relative, propsOf(sent), propsOf(draft));
}

/** The errors within the further options. */
export function marksInMore({violations, sent}: Refusal, draft: Draft): Mark[] {
	return marks(
		violations.filter((violation) => isInMore(violation, sent)),
		sent.more,
		draft.more,
	);
}

/** Whether anything of it is still there to be corrected. */
export function stands(refusal: Refusal, draft: Draft): boolean {
	const atControls = CONTROLS.some((control) => control !== 'inputProps' && errorsAt(refusal, draft, control).length > 0);
	return (
		atControls || [marksInProps(refusal, draft), marksInMore(refusal, draft), elsewhere(refusal)].some(({length}) => length > 0)
	);
}

/** The errors that have no place in the form. */
export function elsewhere({violations, sent}: Refusal): string[] {
	return violations
		.filter((violation) => !isControl(segments(violation.pointer)[0] ?? '') && !isInMore(violation, sent))
		.map(({detail}) => detail);
}

function isInMore({pointer}: Violation, sent: Draft): boolean {
	const [option] = segments(pointer);
	return members(parseObject(sent.more).root).some(({name}) => name === option);
}

function marks(violations: readonly Violation[], sent: string, text: string): Mark[] {
	const {root, mark} = parseObject(text);
	if (!root || mark) return [];
	const before = parseObject(sent).root;
	return violations
		.filter(({pointer}) => textAt(sent, before, pointer) === textAt(text, root, pointer))
		.map(({pointer, detail}) => ({...locate(root, pointer), message: detail}));
}
