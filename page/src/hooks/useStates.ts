import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import {type Client, isOver, type ListedRender, type Render} from 'remotion-render-api-client';
import {isCode} from '../errors';
import {atMost, pause, whenVisible} from '../wait';

/** How many requests for states are under way at once. */
const AT_ONCE = 3;
const REFRESH = 10_000;

export type States = {
	of: (id: string) => Render | undefined;
	put: (render: Render) => void;
};

/**
 * How the listed renders stand that have not ended: the list tells of the others. The one that is watched by somebody else is put
 * in, not asked for.
 */
export function useStates(
	client: Client,
	list: ListedRender[] | null,
	watched: string | null,
	onGone: (id: string) => void,
): States {
	const [states, setStates] = useState<ReadonlyMap<string, Render>>(new Map());
	const known = useRef(states);
	known.current = states;
	const put = useCallback((render: Render) => setStates((before) => new Map(before).set(render.renderId, render)), []);

	const ids = (list ?? []).filter((render) => !hasEnded(render) && render.renderId !== watched).map(({renderId}) => renderId);
	const wanted = ids.join(' ');
	// biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for `ids`, which are new each time
	useEffect(() => {
		const abort = new AbortController();
		const {signal} = abort;
		const follow = async () => {
			for (;;) {
				await whenVisible(signal);
				const due = ids.filter((id) => !hasEnded(known.current.get(id)));
				await atMost(AT_ONCE, due, async (id) => {
					if (signal.aborted) return;
					try {
						const render = await client.get(id, {signal});
						if (!signal.aborted) put(render);
					} catch (error) {
						if (isCode(error, 'render_not_found')) onGone(id);
					}
				});
				if (signal.aborted || due.length === 0) return;
				await pause(REFRESH, signal);
			}
		};
		void follow();
		return () => abort.abort();
	}, [client, wanted, put, onGone]);
	return {of: (id) => states.get(id), put};
}

function hasEnded(render: Pick<ListedRender, 'status'> | Pick<Render, 'status'> | undefined): boolean {
	return render?.status !== undefined && isOver(render);
}
