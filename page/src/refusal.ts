/** What the API has refused, at the place in the form that it is about, for as long as that is unchanged. */

import type {Violation} from 'remotion-render-api-client';
import {type Draft, isShown, propsOf} from './draft';
import {locate, type Mark, members, parseObject, segments, textAt} from './json';
import {CONTROLS, type Control, isControl} from './options';

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
	return violations.filter((violation) => optionOf(violation) === control).map(({detail}) => detail);
}

/** The errors within the props. */
export function marksInProps({violations, sent}: Refusal, draft: Draft): Mark[] {
	const own = violations.filter((violation) => optionOf(violation) === 'inputProps');
	const relative = own.map(({pointer = '', detail}) => ({pointer: pointer.slice('/inputProps'.length), detail}));
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

/** The errors that have no place in the form, such as those of an option that the operator has set. */
export function elsewhere({violations, sent}: Refusal): string[] {
	return violations
		.filter((violation) => {
			const option = optionOf(violation);
			return !(isControl(option) && isShown(option, sent)) && !isInMore(violation, sent);
		})
		.map(({detail}) => detail);
}

/** The name of the option that an error is about; empty where it is about none. */
function optionOf({pointer = ''}: Violation): string {
	return segments(pointer)[0] ?? '';
}

function isInMore(violation: Violation, sent: Draft): boolean {
	return members(parseObject(sent.more).root).some(({name}) => name === optionOf(violation));
}

function marks(violations: readonly Violation[], sent: string, text: string): Mark[] {
	const {root, mark} = parseObject(text);
	if (!root || mark) return [];
	const before = parseObject(sent).root;
	return violations
		.filter(({pointer = ''}) => textAt(sent, before, pointer) === textAt(text, root, pointer))
		.map(({pointer = '', detail}) => ({...locate(root, pointer), message: detail}));
}
