import {useEffect, useState} from 'preact/hooks';
import type {Api} from '../api';
import {nextAsk, nextAskAfter, pause, whenVisible} from '../poll';
import type {Render} from '../types';

export type Watch = {
	/** `null` until the first answer. */
	render: Render | null;
	/** Of the last attempt, if it failed. */
	error: unknown;
	/** Asks at once. */
	ask: () => void;
};

/** Follows a render until it is over, and from then on keeps the link to its output fresh. */
export function useRender(api: Api, id: string, onRender: (render: Render) => void): Watch {
	const [render, setRender] = useState<Render | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [turn, setTurn] = useState(0);
	// biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks at once
	useEffect(() => {
		const abort = new AbortController();
		const {signal} = abort;
		const follow = async () => {
			let failures = 0;
			while (!signal.aborted) {
				await whenVisible(signal);
				let wait: number | null;
				try {
					const answer = await api.render(id, signal);
					if (signal.aborted) return;
					failures = 0;
					setRender(answer.render);
					setError(null);
					onRender(answer.render);
					wait = nextAsk(answer.render, answer.wait);
				} catch (reason) {
					if (signal.aborted) return;
					failures += 1;
					setError(reason);
					wait = nextAskAfter(reason, failures, Date.now());
				}
				if (wait === null) return;
				await pause(wait, signal);
			}
		};
		void follow();
		return () => abort.abort();
	}, [api, id, onRender, turn]);
	return {render, error, ask: () => setTurn((last) => last + 1)};
}
