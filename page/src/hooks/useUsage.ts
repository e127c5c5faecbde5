import {useEffect, useState} from 'preact/hooks';
import type {Client, Usage} from 'remotion-render-api-client';

/** The quota and this month's sums; `null` until they are there, and where nothing is counted. `turn` asks again. */
export function useUsage(client: Client, turn: number): Usage | null {
	const [usage, setUsage] = useState<Usage | null>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks again
	useEffect(() => {
		const abort = new AbortController();
		// Nobody waits for it, and what is missing is missed by nobody.
		client.usage({signal: abort.signal}).then(setUsage, () => {});
		return () => abort.abort();
	}, [client, turn]);
	return usage;
}
