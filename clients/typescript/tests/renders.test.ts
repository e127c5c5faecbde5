// @vitest-environment happy-dom
import {act} from 'react';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {ListedRender} from '../src/index.ts';
import type {UseRenders} from '../src/react.ts';
import {asked, begin, clientWith, end, held, mounted, never, ok, refusal, useRenders} from './hooks.ts';
import {until} from './until.ts';

beforeEach(begin);
afterEach(end);

const listed = (renderId: string) => ({renderId, status: 'done'}) as ListedRender;

test('the list is read page by page, and what is deleted leaves it', async () => {
	const client = clientWith({
		'GET render?limit=2': [ok({renders: [listed('a'), listed('b')], cursor: '1.b'})],
		'GET render?limit=2&cursor=1.b': [ok({renders: [listed('b'), listed('c')], cursor: null})],
		'DELETE render/a': [() => new Response(null, {status: 204})],
	});
	const {seen, unmount} = mounted<UseRenders>(() => useRenders(client, {limit: 2}));
	const ids = () => seen.current.renders?.map(({renderId}) => renderId).join('');
	expect(seen.current).toMatchObject({renders: null, isLoading: true});
	await until(() => ids() === 'ab');
	expect(seen.current).toMatchObject({hasMore: true, isLoading: false});
	act(() => seen.current.loadMore());
	await until(() => ids() === 'abc');
	expect(seen.current.hasMore).toBe(false);
	await act(() => seen.current.remove('a'));
	expect(ids()).toBe('bc');
	unmount();
});

test('after the last page there is no other', async () => {
	const client = clientWith({
		'GET render': [ok({renders: [listed('b')], cursor: '1.b'})],
		'GET render?cursor=1.b': [ok({renders: [listed('a')], cursor: null})],
	});
	const {seen, unmount} = mounted<UseRenders>(() => useRenders(client));
	await until(() => seen.current.hasMore);
	act(() => seen.current.loadMore());
	await until(() => !seen.current.hasMore);
	const before = asked.length;
	await act(async () => seen.current.loadMore());
	expect(seen.current.renders?.map(({renderId}) => renderId)).toEqual(['b', 'a']);
	expect(asked).toHaveLength(before);
	unmount();
});

test('another query has neither the cursor nor the error of the one before', async () => {
	const client = clientWith({
		'GET render': [ok({renders: [listed('b')], cursor: '1.b'}), refusal(422, 'invalid_options')],
		'GET render?status=done': [never],
	});
	let query = {};
	const {seen, repaint, unmount} = mounted<UseRenders>(() => useRenders(client, query));
	await until(() => seen.current.hasMore);
	act(() => seen.current.reload());
	await until(() => seen.current.error !== null);
	query = {status: 'done'};
	repaint();
	expect(seen.current).toMatchObject({renders: null, hasMore: false, error: null, isLoading: true});
	act(() => seen.current.loadMore());
	await act(() => vi.advanceTimersByTimeAsync(100));
	expect(asked.map(({url}) => url)).toEqual(['render', 'render', 'render?status=done']);
	unmount();
});

test('pages of which nothing fits the query are followed ten at a time', async () => {
	let pages = 0;
	const client = clientWith({});
	client.list = async () => ({renders: ++pages === 22 ? [listed('a')] : [], cursor: `${pages}`});
	const {seen, unmount} = mounted<UseRenders>(() => useRenders(client, {status: 'failed'}));
	await until(() => !seen.current.isLoading);
	expect(seen.current).toMatchObject({renders: [], hasMore: true});
	expect(pages).toBe(11);
	act(() => seen.current.loadMore());
	await until(() => seen.current.renders?.length === 1);
	expect(pages).toBe(22);
	unmount();
});

test('a page of which nothing fits the query is followed by the next one', async () => {
	const client = clientWith({
		'GET render?limit=2&status=failed': [ok({renders: [], cursor: '2'})],
		'GET render?limit=100&status=failed&cursor=2': [ok({renders: [], cursor: '1'})],
		'GET render?limit=100&status=failed&cursor=1': [ok({renders: [listed('a')], cursor: null})],
	});
	const {seen, unmount} = mounted<UseRenders>(() => useRenders(client, {limit: 2, status: 'failed'}));
	await until(() => !seen.current.isLoading);
	expect(seen.current.renders?.map(({renderId}) => renderId)).toEqual(['a']);
	unmount();
});

test('what is changed while a list is on its way is changed in that, too', async () => {
	const list = held(ok({renders: [listed('b'), listed('a')], cursor: null}));
	const client = clientWith({
		'GET render': [list.answer],
		'DELETE render/a': [() => new Response(null, {status: 204})],
	});
	const {seen, unmount} = mounted<UseRenders>(() => useRenders(client));
	act(() => seen.current.setRenders((before) => [listed('c'), ...before]));
	await act(() => seen.current.remove('a'));
	await list.release();
	await until(() => !seen.current.isLoading);
	expect(seen.current.renders?.map(({renderId}) => renderId)).toEqual(['c', 'b']);
	unmount();
});
