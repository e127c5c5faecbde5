import {useCallback, useEffect, useState} from 'preact/hooks';
import type {Api} from '../api';
import type {ListedRender} from '../types';

export type Renders = {
	/** Newest first; `null` until the first page is there. */
	list: ListedRender[] | null;
	hasOlder: boolean;
	busy: boolean;
	error: unknown;
	reload: () => void;
	older: () => void;
	add: (render: ListedRender) => void;
	drop: (id: string) => void;
};

/** The caller's own renders, page by page. */
export function useRenders(api: Api): Renders {
	const [list, setList] = useState<ListedRender[] | null>(null);
	const [cursor, setCursor] = useState<string | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [busy, setBusy] = useState(false);

	const load = useCallback(
		async (from: string | null, signal?: AbortSignal) => {
			setBusy(true);
			try {
				const page = await api.list(from, signal);
				if (signal?.aborted) return;
				setList((before) => (from && before ? merged(before, page.renders) : page.renders));
				setCursor(page.cursor);
				setError(null);
			} catch (reason) {
				if (signal?.aborted) return;
				setError(reason);
			}
			setBusy(false);
		},
		[api],
	);
	useEffect(() => {
		const abort = new AbortController();
		void load(null, abort.signal);
		return () => abort.abort();
	}, [load]);

	return {
		list,
		hasOlder: cursor !== null,
		busy,
		error,
		reload: () => void load(null),
		older: () => void load(cursor),
		add: useCallback((render) => setList((before) => merged([render], before ?? [])), []),
		drop: useCallback((id) => setList((before) => (before ? before.filter(({renderId}) => renderId !== id) : null)), []),
	};
}

/** A render that has just been started may be in both. */
function merged(first: ListedRender[], then: ListedRender[]): ListedRender[] {
	const known = new Set(first.map(({renderId}) => renderId));
	return [...first, ...then.filter(({renderId}) => !known.has(renderId))];
}
