import {useEffect, useState} from 'preact/hooks';
import type {Client, Composition} from 'remotion-render-api-client';

export type Compositions = {
	/** `null` until they are there. */
	list: Composition[] | null;
	error: unknown;
	reload: () => void;
};

export function useCompositions(client: Client): Compositions {
	const [list, setList] = useState<Composition[] | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [turn, setTurn] = useState(0);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks again
	useEffect(() => {
		const abort = new AbortController();
		setError(null);
		client.compositions({signal: abort.signal}).then(setList, (reason) => {
			if (!abort.signal.aborted) setError(reason);
		});
		return () => abort.abort();
	}, [client, turn]);
	return {list, error, reload: () => setTurn(turn + 1)};
}
