import {expect, test} from 'vitest';
import {type Draft, EMPTY} from '../src/draft';
import {elsewhere, errorsAt, marksInMore, marksInProps, stands} from '../src/refusal';

const SENT: Draft = {
	...EMPTY,
	composition: 'MyVideo',
	props: {MyVideo: '{"colors": {"accent": "none"}, "title": 7}'},
	crf: '60',
	firstFrame: '30',
	lastFrame: '9',
	more: '{"outname": "a.mp4", "metadata": {"year": 2026}}',
};

const REFUSAL = {
	sent: SENT,
	violations: [
		{pointer: '/crf', detail: 'crf'},
		{pointer: '/frameRange/1', detail: 'range'},
		{pointer: '/inputProps/colors/accent', detail: 'accent'},
		{pointer: '/inputProps/title', detail: 'title'},
		{pointer: '/outname', detail: 'outname'},
		{pointer: '/metadata/year', detail: 'year'},
		{pointer: '/serveUrl', detail: 'serveUrl'},
	],
};

test('an error is at its control', () => {
	expect(errorsAt(REFUSAL, SENT, 'crf')).toEqual(['crf']);
	expect(errorsAt(REFUSAL, SENT, 'frameRange')).toEqual(['range']);
	expect(errorsAt(REFUSAL, SENT, 'scale')).toEqual([]);
});

test('every error is at its control, however many there are', () => {
	const sent = {...SENT, crf: '99', scale: '20', more: '{"audioBitrat": "320k"}'};
	const violations = [
		{pointer: '/crf', detail: 'crf'},
		{pointer: '/scale', detail: 'scale'},
		{pointer: '/audioBitrat', detail: 'audioBitrat'},
	];
	const refusal = {sent, violations};
	expect([errorsAt(refusal, sent, 'crf'), errorsAt(refusal, sent, 'scale')]).toEqual([['crf'], ['scale']]);
	expect(marksInMore(refusal, sent).map(({message}) => message)).toEqual(['audioBitrat']);
	expect(elsewhere(refusal)).toEqual([]);
});

test('an error goes when what it is about has changed', () => {
	expect(errorsAt(REFUSAL, {...SENT, crf: '6'}, 'crf')).toEqual([]);
	expect(errorsAt(REFUSAL, {...SENT, lastFrame: '90'}, 'frameRange')).toEqual([]);
	expect(errorsAt(REFUSAL, {...SENT, lastFrame: '90'}, 'crf')).toEqual(['crf']);
	expect(errorsAt(REFUSAL, {...SENT, codec: 'vp9'}, 'crf')).toEqual([]);
});

test('an error in the props is marked, and moves with the text', () => {
	const marked = (props: string) =>
		marksInProps(REFUSAL, {...SENT, props: {MyVideo: props}}).map(({offset, length}) => props.slice(offset, offset + length));
	expect(marked('{"colors": {"accent": "none"}, "title": 7}')).toEqual(['"accent": "none"', '"title": 7']);
	expect(marked('{\n  "title": 8, "colors": {"accent": "none"}}')).toEqual(['"accent": "none"']);
	expect(marked('{"colors": {"accent": "none"')).toEqual([]);
});

test('an error of a further option is marked there', () => {
	expect(marksInMore(REFUSAL, SENT).map(({message}) => message)).toEqual(['outname', 'year']);
	expect(marksInMore(REFUSAL, {...SENT, more: '{"metadata": {"year": 2026}'})).toEqual([]);
	expect(marksInMore(REFUSAL, {...SENT, more: '{"metadata": {"year": 2026}}'}).map(({message}) => message)).toEqual(['year']);
});

test('an error without a place is told at the form', () => {
	expect(elsewhere(REFUSAL)).toEqual(['serveUrl']);
	const violations = [{parameter: 'dryRun', detail: 'a parameter'}, {pointer: '', detail: 'the body'}, {detail: 'nothing'}];
	expect(elsewhere({...REFUSAL, violations})).toEqual(['a parameter', 'the body', 'nothing']);
});

test('an error of a control that is not shown is told at the form', () => {
	const violations = [
		{pointer: '/crf', detail: 'crf'},
		{pointer: '/muted', detail: 'muted'},
		{pointer: '/jpegQuality', detail: 'jpegQuality'},
	];
	expect(elsewhere({sent: SENT, violations})).toEqual([]);
	expect(elsewhere({sent: {...SENT, codec: 'gif'}, violations})).toEqual(['crf', 'muted']);
	expect(elsewhere({sent: {...SENT, imageFormat: 'png'}, violations})).toEqual(['jpegQuality']);
});

test('a refusal stands until nothing of it is left', () => {
	const placed = {...REFUSAL, violations: REFUSAL.violations.slice(0, -1)};
	expect(stands(placed, SENT)).toBe(true);
	const corrected = {...SENT, props: {MyVideo: '{}'}, crf: '6', firstFrame: '3', more: ''};
	expect(stands(placed, corrected)).toBe(false);
	expect(stands(placed, {...corrected, crf: '60'})).toBe(true);
	expect(stands(REFUSAL, corrected)).toBe(true);
});
