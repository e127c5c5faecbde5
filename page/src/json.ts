/** JSON as somebody types it: where it is wrong, and where a pointer points to. */
import {type Node, type ParseError, parseTree, printParseErrorCode} from 'jsonc-parser';
import {texts} from './texts';

/** A part of a text, and what is wrong with it. */
export type Mark = {offset: number; length: number; message: string};

export type Parsed = {
	/** The tree of what could be read; `undefined` for an empty text. */
	root: Node | undefined;
	/** What is wrong; only the first, as it is often the cause of the others. */
	mark: Mark | null;
};

/** Reads a text that should be a JSON object, or empty. */
export function parseObject(text: string): Parsed {
	const errors: ParseError[] = [];
	const root = parseTree(text, errors, {disallowComments: true, allowTrailingComma: false});
	if (text.trim() === '') return {root: undefined, mark: null};
	const [first] = errors;
	if (first) return {root, mark: markOf(first, text)};
	if (root?.type === 'object') return {root, mark: null};
	return {root, mark: {offset: root?.offset ?? 0, length: root?.length ?? text.length, message: texts.json.notAnObject}};
}

/** The part of a text that a JSON pointer leads to; where it leads further than the text, as far as it does. */
export function locate(root: Node, pointer: string): {offset: number; length: number} {
	let at: Place = {node: root, value: root};
	for (const segment of segments(pointer)) {
		const next = child(at.value, segment);
		if (!next) break;
		at = next;
	}
	if (at.node === root) return {offset: root.offset, length: 1};
	// The name alone stands for a property that may be many lines long.
	const name = at.node.type === 'property' && at.value.children ? at.node.children?.[0] : undefined;
	const {offset, length} = name ?? at.node;
	return {offset, length};
}

/** The text of what a JSON pointer leads to; `undefined` where it leads to nothing. */
export function textAt(text: string, root: Node | undefined, pointer: string): string | undefined {
	let value = root;
	for (const segment of segments(pointer)) value = value && child(value, segment)?.value;
	return value && text.slice(value.offset, value.offset + value.length);
}

/** The names of an object's members. */
export function members(root: Node | undefined): {name: string; offset: number; length: number}[] {
	return (root?.children ?? []).flatMap(({children}) => {
		const [key] = children ?? [];
		return key ? [{name: String(key.value), offset: key.offset, length: key.length}] : [];
	});
}

/** The segments of a JSON pointer. */
export function segments(pointer: string): string[] {
	return pointer
		.split('/')
		.slice(1)
		.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Counted from 1, as editors do. */
export function lineAndColumn(text: string, offset: number): {line: number; column: number} {
	const before = text.slice(0, offset).split('\n');
	return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1};
}

/** The property of an object with its value, or the item of an array. */
type Place = {node: Node; value: Node};

function child({type, children = []}: Node, segment: string): Place | undefined {
	if (type === 'object') {
		const node = children.find((property) => property.children?.[0]?.value === segment);
		return node && {node, value: node.children?.[1] ?? node};
	}
	const node = type === 'array' ? children[Number(segment)] : undefined;
	return node && {node, value: node};
}

/** At the end of a text there is nothing to mark: what comes last is. */
function markOf({error, offset, length}: ParseError, text: string): Mark {
	const message = texts.json.syntax[printParseErrorCode(error)];
	const end = text.trimEnd().length;
	if (offset < end) return {offset, length: Math.max(length, 1), message};
	return {offset: Math.max(end - 1, 0), length: 1, message};
}
