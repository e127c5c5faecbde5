import {useEffect, useState} from 'preact/hooks';
import type {Api} from '../api';
import type {Composition} from '../types';

export type Compositions = {
	/** `null` until they are there. */
	list: Composition[] | null;
	error: unknown;
	reload: () => void;
};

export function useCompositions(api: Api): Compositions {
	const [list, setList] = useState<Composition[] | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [turn, setTurn] = useState(0);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks again
	useEffect(() => {
		const abort = new AbortController();
		setError(null);
		api.compositions(abort.signal).then(setList, (reason) => {
			if (!abort.signal.aborted) setError(reason);
		});
		return () => abort.abort();
	}, [api, turn]);
	return {list, error, reload: () => setTurn(turn + 1)};
}
