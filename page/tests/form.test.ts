import {expect, test} from 'vitest';
import {bodyAgain, changeOf, fixes} from '../src/again';
import {bodyOf, draftOf, EMPTY, missingIn, nameOf} from '../src/draft';
import {opened} from '../src/file';
import {crfOf, qualityOf} from '../src/presets';
import {fieldsOf, kindOf, withProp} from '../src/props';
import {hashOf, routeOf} from '../src/route';

const draftWith = (props: string, name = '') => ({...EMPTY, composition: 'A', name, props: {A: props}});

test('a render is called by its name, or by the first text of its props', () => {
	expect(nameOf(draftWith('{"n": 1, "logo": "https://a.example/b.png", "title": " Hello\\n world "}'))).toBe('Hello world');
	expect(nameOf(draftWith('{"title": "Hello"}', 'Mine'))).toBe('Mine');
	expect(nameOf(draftWith('{"colour": "#ff0000", "n": 1}'))).toBe('');
	expect(nameOf(draftWith(`{"title": "${'x'.repeat(500)}"}`))).toHaveLength(100);
	expect(nameOf(draftWith(`{"title": "${'x'.repeat(99)}\u{1f600}"}`))).toBe('x'.repeat(99));
	expect(JSON.parse(bodyOf(draftWith('{"title": "Hello"}'))).name).toBe('Hello');
});

test('what was sent for a render fills the form in, and comes out the same', () => {
	const options = {
		composition: 'A',
		name: 'Ada',
		codec: 'vp8',
		crf: 10,
		scale: 0.5,
		frameRange: [0, 29],
		muted: true,
		downloadBehavior: {type: 'download', fileName: null},
		customData: {order: 1},
	};
	const draft = draftOf(options, {title: 'Hello'}, 'A');
	expect(JSON.parse(bodyOf(draft))).toEqual({...options, inputProps: {title: 'Hello'}});
	// One frame is a range of one, and what is null was not chosen.
	expect(JSON.parse(bodyOf(draftOf({frameRange: 7, crf: null}, {}, 'B')))).toEqual({
		composition: 'B',
		inputProps: {},
		frameRange: [7, 7],
	});
});

test('each prop has the field of its kind', () => {
	const kinds = ['Hi', 'x'.repeat(61), 'a\nb', '#00ff00', '2026-11-26', 1.5, false, ['a', 'b'], [1], {a: 1}, null].map(kindOf);
	expect(kinds).toEqual(['text', 'lines', 'lines', 'colour', 'date', 'number', 'switch', 'list', null, null, null]);
	const defaults = {title: 'Hi', colour: '#00ff00', deep: {a: 1}};
	expect(fieldsOf('{"title": "#ffffff", "colour": "red", "more": true}', defaults)).toEqual({
		fields: [
			{name: 'title', kind: 'text', value: '#ffffff'},
			{name: 'colour', kind: 'text', value: 'red'},
			{name: 'more', kind: 'switch', value: true},
		],
		rest: ['deep'],
	});
	for (const text of ['{', '[]', '"x"', '{"deep": {}}']) expect(fieldsOf(text, {})).toBeNull();
});

test('a field changes its prop and nothing else', () => {
	const text = '{\n  "n": 1.000000000000000000001,\n  "title": "Hello"\n}';
	expect(withProp(text, 'title', 'Bye')).toBe(text.replace('Hello', 'Bye'));
	expect(JSON.parse(withProp('', 'title', 'Bye'))).toEqual({title: 'Bye'});
});

test('a quality is another number with another codec', () => {
	expect([crfOf('high', ''), crfOf('high', 'vp8'), crfOf('', 'h264'), crfOf('high', 'gif')]).toEqual(['14', '6', '', null]);
	expect([qualityOf('14', ''), qualityOf('', 'vp9'), qualityOf('15', 'h264')]).toEqual(['high', '', null]);
});

test('a file is a batch, the options of a render, or props', () => {
	const items = [{inputProps: {n: 1}}, {inputProps: {n: 2}}];
	const batch = {batch: {composition: 'A', items}, count: 2};
	expect(opened(JSON.stringify(items), 'A')).toEqual(batch);
	expect(opened(JSON.stringify({items}), 'A')).toEqual(batch);
	expect(opened('{"title": "Hello"}', 'A')).toEqual({props: '{"title": "Hello"}'});
	const whole = opened('{"composition": "B", "inputProps": {"title": "Hello"}, "crf": 3}', 'A');
	expect(whole).toMatchObject({draft: {composition: 'B', crf: '3'}});
	for (const text of ['', '1', '[1]', '{"items": [1]}', '{']) expect(opened(text, 'A')).toBeNull();
});

test('a render is made again as it was, or with what may help', () => {
	const render = {options: {composition: 'A', scale: 2}, inputProps: {n: 1}, status: 'timed_out', errors: []} as never;
	expect(JSON.parse(bodyAgain(render) ?? '')).toEqual({composition: 'A', scale: 2, inputProps: {n: 1}});
	expect(fixes(render)).toEqual(['smaller']);
	expect(JSON.parse(bodyAgain(render, changeOf('smaller', render)) ?? '').scale).toBe(1);
	const slow = {...(render as object), status: 'failed', errors: [{message: 'A delayRender() was not cleared'}]} as never;
	expect(fixes(slow)).toEqual(['longer']);
	expect(changeOf('longer', slow)).toEqual({timeoutInMilliseconds: 120_000});
	expect(bodyAgain({...(render as object), inputProps: null} as never)).toBeNull();
});

test('an address leads to a render and back', () => {
	const routes = [
		{kind: 'render', id: '7-days-1pwhfhh11z'},
		{kind: 'batch', id: 'b-1'},
		{kind: 'account'},
		{kind: 'start'},
	] as const;
	for (const route of routes) expect(routeOf(hashOf(route))).toEqual(route);
	for (const hash of ['', '#', '#/renders/', '#/renders/../x', '#/else/1']) expect(routeOf(hash)).toEqual({kind: 'start'});
});

test('a composition that the site does not have is told, and none is none', () => {
	const site = [{id: 'A'}, {id: 'B'}];
	expect(missingIn(site, {...EMPTY, composition: 'B'})).toBeNull();
	expect(missingIn(site, EMPTY)).toBeNull();
	expect(missingIn(site, {...EMPTY, composition: 'Nope'})).toBe('Nope');
});
