import {expect, test} from 'vitest';
import {lineAndColumn, locate, members, parseObject, textAt} from '../src/json';
import {texts} from '../src/texts';

/** The marked part of a text, and what is said of it. */
function fault(text: string): [marked: string, message: string] | null {
	const {mark} = parseObject(text);
	return mark && [text.slice(mark.offset, mark.offset + mark.length), mark.message];
}

function located(text: string, pointer: string): string {
	const {root} = parseObject(text);
	if (!root) throw new Error('no JSON');
	const {offset, length} = locate(root, pointer);
	return text.slice(offset, offset + length);
}

test('an object and an empty text are right', () => {
	expect(fault('{"title": "Hello", "list": [1, {"a": null}]}')).toBeNull();
	expect(fault('')).toBeNull();
	expect(fault(' \n')).toBeNull();
});

test('the first fault is marked where it is', () => {
	const {syntax, notAnObject} = texts.json;
	expect(fault('{"a": 1 "b": 2}')).toEqual(['"b"', syntax.CommaExpected]);
	expect(fault('{"a" 1}')).toEqual(['1', syntax.ColonExpected]);
	expect(fault('{"a": }')).toEqual(['}', syntax.ValueExpected]);
	expect(fault('{a: 1}')).toEqual(['a', syntax.InvalidSymbol]);
	expect(fault('{"a": 1,}')).toEqual(['}', syntax.PropertyNameExpected]);
	expect(fault('{"a": "b}')).toEqual(['"b}', syntax.UnexpectedEndOfString]);
	expect(fault('{"a": 1} x')).toEqual(['x', syntax.InvalidSymbol]);
	expect(fault('{"a": 1} 2')).toEqual(['2', syntax.EndOfFileExpected]);
	expect(fault('{/* why */}')).toEqual(['/* why */', syntax.InvalidCommentToken]);
	expect(fault('[1]')).toEqual(['[1]', notAnObject]);
	expect(fault('null')).toEqual(['null', notAnObject]);
});

test('at the end of a text the last character is marked', () => {
	expect(fault('{"a": 1')).toEqual(['1', texts.json.syntax.CloseBraceExpected]);
	expect(fault('{"a": [\n')).toEqual(['[', texts.json.syntax.CloseBracketExpected]);
});

test('what JSON.parse refuses is never right', () => {
	for (const text of [
		'{"a": 01}',
		'{"a": .5}',
		'{"a": 1.}',
		'{"a": +1}',
		'{"a": NaN}',
		'{"a": "\t"}',
		"{'a': 1}",
		'{"a": "\\x"}',
		'{,}',
	]) {
		expect(() => JSON.parse(text)).toThrow();
		expect(fault(text), text).not.toBeNull();
	}
});

test('a pointer leads to a property, or to an item', () => {
	const text = '{"title": "Hello", "colors": {"a/b": 1, "c~d": [10, 20]}}';
	expect(located(text, '/title')).toBe('"title": "Hello"');
	expect(located(text, '/colors/a~1b')).toBe('"a/b": 1');
	expect(located(text, '/colors/c~0d/1')).toBe('20');
	expect(located(text, '/colors')).toBe('"colors"');
	expect(located('{"list": [{"a": 1}]}', '/list/0')).toBe('{"a": 1}');
});

test('a pointer that leads further than the text leads as far as it does', () => {
	expect(located('{"colors": {"a": 1}}', '/colors/b')).toBe('"colors"');
	expect(located('{"colors": 1}', '/colors/b/c')).toBe('"colors": 1');
	expect(located('{"colors": 1}', '')).toBe('{');
	expect(located('{"colors": 1}', '/other')).toBe('{');
});

test('the text that a pointer leads to', () => {
	const text = '{"list": [1, {"a": "b"}]}';
	const {root} = parseObject(text);
	expect(textAt(text, root, '/list/1/a')).toBe('"b"');
	expect(textAt(text, root, '')).toBe(text);
	expect(textAt(text, root, '/list/7')).toBeUndefined();
});

test('members are found by their names', () => {
	expect(members(parseObject('{"codec": 1, "crf": 2}').root)).toEqual([
		{name: 'codec', offset: 1, length: 7},
		{name: 'crf', offset: 13, length: 5},
	]);
	expect(members(undefined)).toEqual([]);
});

test('lines and columns count from 1', () => {
	expect(lineAndColumn('{\n  "a"\n}', 0)).toEqual({line: 1, column: 1});
	expect(lineAndColumn('{\n  "a"\n}', 4)).toEqual({line: 2, column: 3});
});
