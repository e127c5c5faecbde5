import {useCallback, useEffect, useRef, useState} from 'preact/hooks';
import {type Client, isOver, type ListedRender, type Render} from 'remotion-render-api-client';
import {pause} from 'remotion-render-api-client/pause';
import {isCode} from '../errors';
import {atMost, whenVisible} from '../wait';

/** How many requests for states are under way at once. */
const AT_ONCE = 3;
const REFRESH = 10_000;
/** The API counts what is ahead of it each time, and asks not to be asked more often. */
const REFRESH_WAITING = 30_000;

export type States = {
	/** `undefined` where nothing newer is known than what the list tells. */
	of: (listed: ListedRender) => Render | undefined;
	put: (render: Render) => void;
};

/** A state, and what the list told of the render then. */
type Known = {render: Render; of: ListedRender | undefined};

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
	const [states, setStates] = useState<ReadonlyMap<string, Known>>(new Map());
	const known = useRef({states, list});
	known.current = {states, list};
	const askedAt = useRef(new Map<string, number>());
	const put = useCallback((render: Render) => {
		const of = known.current.list?.find(({renderId}) => renderId === render.renderId);
		setStates((before) => new Map(before).set(render.renderId, {render, of}));
	}, []);

	const pending = (list ?? []).filter((render) => !isOver(render) && render.renderId !== watched);
	const wanted = pending.map(({renderId}) => renderId).join(' ');
	// biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for `pending`, which is new each time
	useEffect(() => {
		const abort = new AbortController();
		const {signal} = abort;
		const isDue = ({status, renderId}: ListedRender | Render) =>
			status !== 'waiting' || Date.now() - (askedAt.current.get(renderId) ?? 0) >= REFRESH_WAITING;
		const follow = async () => {
			for (;;) {
				await whenVisible(signal);
				const now = pending.map((listed) => known.current.states.get(listed.renderId)?.render ?? listed);
				const running = now.filter((render) => !isOver(render));
				await atMost(AT_ONCE, running.filter(isDue), async ({renderId}) => {
					if (signal.aborted) return;
					askedAt.current.set(renderId, Date.now());
					try {
						const render = await client.get(renderId, {signal});
						if (!signal.aborted) put(render);
					} catch (error) {
						if (isCode(error, 'render_not_found')) onGone(renderId);
					}
				});
				if (running.length === 0) return;
				await pause(REFRESH, signal);
			}
		};
		// Whoever aborts it waits for nothing.
		follow().catch(() => {});
		return () => abort.abort();
	}, [client, wanted, put, onGone]);
	return {
		of: (listed) => {
			const state = states.get(listed.renderId);
			// The link in it may have ended, where the list was asked since.
			return state && isOver(listed) && state.of !== listed ? undefined : state?.render;
		},
		put,
	};
}
