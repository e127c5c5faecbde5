import type {ListedRender, RenderPage} from 'remotion-render-api-client';
import {expect, test} from 'vitest';
import {matches, merged, NOTHING, PAGE, type Read, readOn, VIEW} from '../src/search';

const listed = (number: number) => ({renderId: `r${number}`, name: `Clip ${number}`, composition: 'MyVideo'}) as ListedRender;

/** A list of so many renders, newest first, and the requests for it, of which one is under way at a time. */
function listOf(count: number) {
	const asked: (string | undefined)[] = [];
	let underWay = 0;
	const more = async (cursor: string | undefined): Promise<RenderPage> => {
		asked.push(cursor);
		underWay += 1;
		expect(underWay).toBe(1);
		await new Promise((next) => setTimeout(next, 0));
		underWay -= 1;
		const first = Number(cursor ?? count);
		const renders = Array.from({length: Math.min(PAGE, first)}, (_, at) => listed(first - at));
		return {renders, cursor: first > PAGE ? String(first - PAGE) : null};
	};
	return {asked, more};
}

async function found(count: number, text: string, from: Read = NOTHING, goal = VIEW) {
	const {asked, more} = listOf(count);
	let read = from;
	const matching = ({renders}: Read) => renders.filter((render) => matches(render, text));
	await readOn(
		from,
		(now) => matching(now).length >= goal,
		more,
		(now) => {
			read = now;
		},
	);
	return {asked, read, names: matching(read).map(({name}) => name)};
}

test('the oldest of a thousand renders is found by ten requests', async () => {
	const {asked, read, names} = await found(1000, 'clip 1');
	expect(asked).toEqual([undefined, '900', '800', '700', '600', '500', '400', '300', '200', '100'].slice(0, asked.length));
	expect(names.length).toBeGreaterThanOrEqual(VIEW);
	const oldest = await found(1000, ' R7 ', NOTHING, 1000);
	expect(oldest.asked).toHaveLength(10);
	expect(oldest.names).toContain('Clip 7');
	expect(oldest.read.cursor).toBeNull();
	expect(read.renders.length).toBeLessThanOrEqual(1000);
});

test('it ends where the view is full, or after ten pages, and goes on from there', async () => {
	expect((await found(1000, 'myvideo')).asked).toHaveLength(1);
	const first = await found(3000, 'nothing');
	expect([first.asked.length, first.read.renders.length, first.read.cursor]).toEqual([10, 1000, '2000']);
	const then = await found(3000, 'nothing', first.read);
	expect(then.asked[0]).toBe('2000');
	expect(then.read.renders).toHaveLength(2000);
	expect((await found(50, 'nothing')).asked).toHaveLength(1);
	expect((await found(50, 'nothing', {renders: [], cursor: null})).asked).toHaveLength(0);
});

test('a request that is refused ends it, and loses nothing', async () => {
	const tellings: Read[] = [];
	const {more} = listOf(1000);
	const failing = (cursor: string | undefined) => (cursor === '800' ? Promise.reject(new Error('no longer')) : more(cursor));
	await expect(
		readOn(
			NOTHING,
			() => false,
			failing,
			(read) => void tellings.push(read),
		),
	).rejects.toThrow('no longer');
	expect(tellings.map(({renders, cursor}) => [renders.length, cursor])).toEqual([
		[100, '900'],
		[200, '800'],
	]);
});

test('a render is in the list once, as it was heard of last', () => {
	const [old, now] = [
		{...listed(1), status: 'started'},
		{...listed(1), status: 'done'},
	] as ListedRender[];
	expect(merged([now as ListedRender], [listed(2), old as ListedRender])).toEqual([now, listed(2)]);
});
