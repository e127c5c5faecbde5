import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import type {Client, ListedRender, ListQuery} from 'remotion-render-api-client';
import {pause} from 'remotion-render-api-client/pause';
import type {UseRenders} from 'remotion-render-api-client/react';
import {matches, merged, NOTHING, PAGE, type Read, readOn, VIEW} from '../search';

export type Search = {
	text: string;
	setText: (text: string) => void;
	/** What the list shows: all, or what matches the text, as far as it has been read. */
	rows: ListedRender[] | null;
	/** In how many renders it was looked for. */
	count: number;
	isSearching: boolean;
	/** Whether there are older ones in which it was not looked for. */
	hasOlder: boolean;
	error: unknown;
	/** Looks in older ones. */
	goOn: () => void;
	/** Forgets what was read, as that may have changed. */
	restart: () => void;
	drop: (renderId: string) => void;
};

/** Nobody has typed all of a name before. */
const TYPING = 300;

/** The search in the list of renders. What has been read is not read again, for whatever is typed next. */
export function useSearch(client: Client, query: ListQuery, {renders, hasMore}: UseRenders): Search {
	const [text, setText] = useState('');
	const [state, setState] = useState<{query: ListQuery; read: Read}>({query, read: NOTHING});
	const [isSearching, setIsSearching] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const [turn, setTurn] = useState(0);
	const goal = useRef(VIEW);
	// Of another query, nothing has been read.
	const read = state.query === query ? state.read : NOTHING;
	const wanted = text.trim();
	const all = merged(renders ?? [], read.renders);
	const found = wanted ? all.filter((render) => matches(render, wanted)) : (renders ?? []);
	const hasOlder = hasMore && read.cursor !== null;

	// biome-ignore lint/correctness/useExhaustiveDependencies: what has been read is where it begins, not why
	useEffect(() => {
		setError(null);
		if (!wanted || !hasOlder) return;
		const abort = new AbortController();
		const {signal} = abort;
		const search = async () => {
			await pause(TYPING, signal);
			await readOn(
				read,
				({renders: more}) => merged(renders ?? [], more).filter((render) => matches(render, wanted)).length >= goal.current,
				async (cursor) => {
					const page = await client.list({...query, limit: PAGE, ...(cursor && {cursor})}, {signal});
					signal.throwIfAborted();
					return page;
				},
				(read) => setState({query, read}),
			);
		};
		setIsSearching(true);
		search()
			.catch((reason) => {
				if (!signal.aborted) setError(reason);
			})
			.finally(() => {
				if (!signal.aborted) setIsSearching(false);
			});
		return () => {
			abort.abort();
			setIsSearching(false);
		};
	}, [client, query, wanted, turn, renders !== null]);

	const goOn = (matchesWanted: number) => {
		goal.current = matchesWanted;
		setTurn((last) => last + 1);
	};
	return {
		text,
		setText: (text) => {
			goal.current = VIEW;
			setText(text);
		},
		rows: renders && found,
		count: all.length,
		isSearching,
		hasOlder,
		error,
		goOn: () => goOn(found.length + VIEW),
		restart: () => {
			setState({query, read: NOTHING});
			goOn(VIEW);
		},
		drop: useCallback((id) => {
			setState(({query, read}) => ({query, read: {...read, renders: read.renders.filter(({renderId}) => renderId !== id)}}));
		}, []),
	};
}
