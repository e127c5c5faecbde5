import {expect, test} from 'vitest';
import {bodyOf, type Draft, EMPTY, faultsInMore, faultsInProps, filledIn} from '../src/draft';
import {texts} from '../src/texts';

const PLAIN: Draft = {...EMPTY, composition: 'MyVideo', props: {MyVideo: '{}'}, downloadBehavior: ''};

function body(change: Partial<Draft>): unknown {
	return JSON.parse(bodyOf({...PLAIN, ...change}));
}

test('what nobody has set is left to the operator', () => {
	expect(body({})).toEqual({composition: 'MyVideo', inputProps: {}});
	expect(body({props: {}})).toEqual({composition: 'MyVideo'});
	expect(body(EMPTY)).toEqual({downloadBehavior: {type: 'download', fileName: null}});
});

test('each control sets its option', () => {
	expect(
		body({
			codec: 'h265',
			crf: ' 20 ',
			scale: '0.5',
			imageFormat: 'jpeg',
			jpegQuality: '90',
			muted: true,
			outName: 'greeting.mp4',
			downloadBehavior: 'play-in-browser',
			deleteAfter: '7-days',
		}),
	).toEqual({
		composition: 'MyVideo',
		inputProps: {},
		codec: 'h265',
		crf: 20,
		scale: 0.5,
		imageFormat: 'jpeg',
		jpegQuality: 90,
		muted: true,
		outName: 'greeting.mp4',
		downloadBehavior: {type: 'play-in-browser'},
		deleteAfter: '7-days',
	});
});

test('half a frame range is the other half of all', () => {
	expect(body({firstFrame: '30'})).toMatchObject({frameRange: [30, null]});
	expect(body({lastFrame: '29'})).toMatchObject({frameRange: [0, 29]});
	expect(body({firstFrame: '7', lastFrame: '7'})).toMatchObject({frameRange: [7, 7]});
	expect(body({firstFrame: ' '})).not.toHaveProperty('frameRange');
});

test('text that is not a number is sent for the API to refuse', () => {
	expect(body({scale: 'big', firstFrame: 'x'})).toMatchObject({scale: 'big', frameRange: ['x', null]});
});

test('options that mean nothing with the codec are not sent', () => {
	const change = {crf: '20', scale: '2', muted: true, proResProfile: 'hq', everyNthFrame: '2', numberOfGifLoops: '0'} as const;
	expect(body({...change, codec: 'mp3'})).toEqual({composition: 'MyVideo', inputProps: {}, codec: 'mp3'});
	expect(body({...change, codec: 'gif'})).toMatchObject({scale: 2, everyNthFrame: 2, numberOfGifLoops: 0});
	expect(body({...change, codec: 'gif'})).not.toHaveProperty('muted');
	expect(body({...change, codec: 'prores'})).toMatchObject({proResProfile: 'hq', muted: true});
	expect(body({...change, codec: 'prores'})).not.toHaveProperty('crf');
	expect(body({imageFormat: 'png', jpegQuality: '90'})).not.toHaveProperty('jpegQuality');
});

test('further options go next to the others', () => {
	expect(body({more: ' {"audioBitrate": "320k"} '})).toEqual({composition: 'MyVideo', inputProps: {}, audioBitrate: '320k'});
	expect(body({more: '{ }'})).toEqual({composition: 'MyVideo', inputProps: {}});
});

test('props are sent digit for digit', () => {
	const props = '{"id": 12345678901234567890, "x": 1.0}';
	expect(bodyOf({...PLAIN, props: {MyVideo: props}})).toBe(`{"composition":"MyVideo","inputProps":${props}}`);
});

test('an option that has a control is refused among the further ones', () => {
	const more = '{"audioBitrate": "320k", "codec": "vp8"}';
	expect(faultsInMore({...PLAIN, more})).toEqual([{offset: 25, length: 7, message: texts.json.hasControl('codec')}]);
	expect(faultsInMore({...PLAIN, more: '{"audioBitrate": "320k"}'})).toEqual([]);
	expect(faultsInProps({...PLAIN, props: {MyVideo: '{"codec": "vp8"}'}})).toEqual([]);
});

test('a composition brings its default props, but not over what has been typed', () => {
	const facts = {width: 1, height: 1, fps: 1, durationInFrames: 1};
	const compositions = [
		{id: 'A', ...facts, defaultProps: {title: 'a'}},
		{id: 'B', ...facts, defaultProps: {title: 'b'}},
	];
	expect(filledIn(EMPTY, compositions)?.draft).toMatchObject({composition: 'A', props: {A: '{\n  "title": "a"\n}'}});
	const typed = {...EMPTY, composition: 'B', props: {B: '{}'}};
	expect(filledIn(typed, compositions)?.draft).toMatchObject({composition: 'B', props: {B: '{}'}});
	expect(filledIn({...EMPTY, composition: 'gone'}, compositions)?.composition.id).toBe('A');
	expect(filledIn(EMPTY, [])).toBeNull();
});
