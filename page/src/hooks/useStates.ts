import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import type {Api} from '../api';
import {atMost, pause, whenVisible} from '../poll';
import {Problem} from '../problem';
import {isOver, type ListedRender, type Render} from '../types';

/** How many requests for states are under way at once. */
const AT_ONCE = 3;
const REFRESH = 10_000;

export type States = {
	of: (id: string) => Render | undefined;
	put: (render: Render) => void;
};

/** How the listed renders stand. Who is watched by somebody else is put in, not asked for. */
export function useStates(api: Api, list: ListedRender[] | null, watched: string | null, onGone: (id: string) => void): States {
	const [states, setStates] = useState<ReadonlyMap<string, Render>>(new Map());
	const known = useRef(states);
	known.current = states;
	const put = useCallback((render: Render) => setStates((before) => new Map(before).set(render.renderId, render)), []);

	const ids = (list ?? []).map(({renderId}) => renderId).filter((id) => id !== watched);
	const wanted = ids.join(' ');
	// biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for `ids`, which are new each time
	useEffect(() => {
		const abort = new AbortController();
		const {signal} = abort;
		const follow = async () => {
			for (;;) {
				await whenVisible(signal);
				const due = ids.filter((id) => !isSettled(known.current.get(id)));
				await atMost(AT_ONCE, due, async (id) => {
					if (signal.aborted) return;
					try {
						const {render} = await api.render(id, signal);
						if (!signal.aborted) put(render);
					} catch (error) {
						if (error instanceof Problem && error.code === 'render_not_found') onGone(id);
					}
				});
				if (signal.aborted || due.length === 0) return;
				await pause(REFRESH, signal);
			}
		};
		void follow();
		return () => abort.abort();
	}, [api, wanted, put, onGone]);
	return {of: (id) => states.get(id), put};
}

function isSettled(render: Render | undefined): boolean {
	return render !== undefined && isOver(render.status);
}
