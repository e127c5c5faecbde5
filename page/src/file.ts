/** A JSON file that somebody opens: props, the options of a render, or a batch. */
import type {BatchOptions} from 'remotion-render-api-client';
import {type Draft, draftOf} from './draft';

export type Opened = {batch: BatchOptions; count: number} | {draft: Draft} | {props: string};

/** `null` for what is no object or array of objects. `composition` is the one that is chosen. */
export function opened(text: string, composition: string): Opened | null {
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch {
		return null;
	}
	if (Array.isArray(content)) content = {items: content};
	if (!isObject(content)) return null;
	if (Array.isArray(content.items)) {
		const {items} = content;
		if (!items.every(isObject)) return null;
		return {batch: {composition, ...content} as BatchOptions, count: items.length};
	}
	if (!isObject(content.inputProps) && typeof content.composition !== 'string') return {props: text};
	const {inputProps, ...options} = content;
	return {draft: draftOf(options, isObject(inputProps) ? inputProps : {}, composition)};
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
