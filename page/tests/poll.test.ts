import {expect, test} from 'vitest';
import {fileName, outputKind} from '../src/output';
import {atMost, nextAsk, nextAskAfter} from '../src/poll';
import {Problem, SessionEnded, Unreachable} from '../src/problem';
import type {Render, Status} from '../src/types';

const LINK = 'https://bucket.s3.us-east-1.amazonaws.com/renders/1pwhfhh11z/out.mp4?X-Amz-Expires=900&X-Amz-Signature=0';

function render(status: Status, outputUrl: string | null = null): Render {
	return {
		renderId: '1pwhfhh11z',
		status,
		overallProgress: 0,
		framesRendered: 0,
		framesTotal: null,
		framesEncoded: 0,
		costs: null,
		startedAt: null,
		finishedAt: null,
		timeToFinish: null,
		errors: [],
		outputSizeInBytes: null,
		composition: 'MyVideo',
		outputUrl,
	};
}

test('what runs is asked for when the API says so', () => {
	expect(nextAsk(render('rendering'), 5000)).toBe(5000);
	expect(nextAsk(render('queued'), null)).toBe(2000);
});

test('what is over is asked for when its link ends', () => {
	expect(nextAsk(render('done', LINK), null)).toBe(895_000);
	expect(nextAsk(render('done', LINK.replace('900', '1')), null)).toBe(5000);
	expect(nextAsk(render('done', 'https://example.com/out.mp4'), null)).toBeNull();
	expect(nextAsk(render('done'), null)).toBeNull();
	expect(nextAsk(render('failed'), null)).toBeNull();
	expect(nextAsk(render('expired'), null)).toBeNull();
});

test('the link that ends first counts, also those to artifacts', () => {
	const artifact = {name: 'captions.srt', sizeInBytes: 1, url: LINK.replace('900', '600')};
	expect(nextAsk({...render('done', LINK), artifacts: [artifact]}, null)).toBe(595_000);
	expect(nextAsk({...render('done'), artifacts: [artifact]}, null)).toBe(595_000);
});

test('errors are backed off from, up to half a minute', () => {
	const waits = [1, 2, 3, 4, 5, 6].map((failures) => nextAskAfter(new Unreachable(), failures, 0));
	expect(waits).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000]);
	expect(nextAskAfter(new Problem('', {status: 503, code: 'storage_unavailable', retryAt: 7000}), 1, 2000)).toBe(5000);
	expect(nextAskAfter(new Problem('', {status: 502, code: 'storage_refused'}), 1, 0)).toBe(2000);
});

test('what will not change is not asked for again', () => {
	expect(nextAskAfter(new SessionEnded(), 1, 0)).toBeNull();
	expect(nextAskAfter(new Problem('', {status: 404, code: 'render_not_found'}), 1, 0)).toBeNull();
});

test('at most so many at once', async () => {
	let running = 0;
	let most = 0;
	const done: number[] = [];
	await atMost(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
		running += 1;
		most = Math.max(most, running);
		await new Promise((resolve) => setTimeout(resolve, 1));
		running -= 1;
		done.push(item);
	});
	expect(most).toBe(3);
	expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('the kind of an output is told by its name', () => {
	expect(fileName(LINK)).toBe('out.mp4');
	expect(outputKind(LINK)).toBe('video');
	expect(outputKind(LINK.replace('mp4', 'GIF'))).toBe('image');
	expect(outputKind(LINK.replace('mp4', 'wav'))).toBe('audio');
	expect(outputKind(LINK.replace('mp4', 'png'))).toBe('image');
	expect(outputKind(LINK.replace('mp4', 'pdf'))).toBe('file');
});
