/** React's hooks: a render that is started and followed, and the list of the user's renders. */
import {useCallback, useEffect, useRef, useState} from 'react';
import type {Client, Started} from './client.ts';
import type {ApiError} from './problem.ts';
import {begin, forget, type HookCall, joined, recall, remember} from './remembered.ts';
import {isOver, type ListedRender, type ListQuery, type Render, type RenderOptions} from './types.ts';

export type UseRender = {
	/** Starts a render and follows it, for the client's user. Does nothing while another one is being started. */
	start: (options?: RenderOptions | string, call?: HookCall) => Promise<void>;
	/** Asks the render to stop; during a start, as soon as that is answered. */
	cancel: () => Promise<void>;
	/** Forgets the render, or the start that is not answered: it goes on, and nobody follows it here. */
	reset: () => void;
	/** Asks again, at once. */
	refresh: () => void;
	/** The render that is followed. */
	renderId: string | null;
	/** How it stands; `null` until the first answer. */
	render: Render | null;
	/** Whether the start has not been answered. */
	isStarting: boolean;
	/** From 0 to 1, by the frames. */
	progress: number;
	/** The link to the output, when it is done. */
	url: string | null;
	/** Why the last start or cancellation failed, or else the last question how the render stands. While the connection is lost, the hook goes on trying. */
	error: Error | null;
};

export type UseRenderOptions = {
	/** Follows this render, which was started elsewhere. */
	renderId?: string | null;
	/**
	 * A name, under which the tab's `sessionStorage` remembers the render: a reload finds it, even in the middle of its start.
	 * Where users change, the user's id is a part of it.
	 */
	storageKey?: string;
};

/** A link is renewed a little before it ends. */
const MARGIN = 5_000;

/** A timer stands still while the machine sleeps: the clock is looked at as often as this. */
const LONGEST_TIMER = 30_000;

/** Starts a render and follows it until it is over. From then on the link to its output is kept fresh. */
export function useRender(client: Client, options: UseRenderOptions = {}): UseRender {
	const {storageKey} = options;
	const [started, setStarted] = useState<string | null>(null);
	const renderId = options.renderId === undefined ? started : options.renderId;
	const [seen, setSeen] = useState<{by: Client; renderId: string; render: Render} | null>(null);
	// What another user has seen, or what another render was, is not shown.
	const render = seen?.by === client && seen.renderId === renderId ? seen.render : null;
	const [watchError, setWatchError] = useState<Error | null>(null);
	const [callError, setCallError] = useState<Error | null>(null);
	const [isStarting, setIsStarting] = useState(false);
	const [turn, setTurn] = useState(0);
	const refresh = useCallback(() => setTurn((last) => last + 1), []);
	const current = useRef<Promise<Started> | null>(null);
	const key = useRef(storageKey);

	/** Leaves the render, and a start that is not answered, for another render or none. */
	const leaveFor = useCallback((renderId: string | null) => {
		current.current = null;
		setIsStarting(false);
		setCallError(null);
		setStarted(renderId);
	}, []);

	const track = useCallback(
		async (starting: Promise<Started>) => {
			current.current = starting;
			setIsStarting(true);
			setCallError(null);
			const settle = (apply: () => void) => {
				// It may have been left.
				if (current.current !== starting) return;
				current.current = null;
				setIsStarting(false);
				apply();
			};
			await starting.then(
				({renderId}) =>
					settle(() => {
						setStarted(renderId);
						refresh();
					}),
				(reason) => settle(() => setCallError(reason)),
			);
		},
		[refresh],
	);

	// The client has kept the key of a start that a reload has interrupted: it does not start a second render.
	// biome-ignore lint/correctness/useExhaustiveDependencies: another client does not start it again
	useEffect(() => {
		const {renderId, start} = recall(storageKey);
		if (key.current !== storageKey) {
			key.current = storageKey;
			leaveFor(renderId ?? null);
		} else if (renderId) setStarted(renderId);
		const starting = joined(storageKey) ?? (start && begin(client, storageKey, start.body, start.call, start.at));
		if (starting) void track(starting);
	}, [storageKey]);

	// biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks at once
	useEffect(() => {
		setWatchError(null);
		if (renderId === null) return;
		const ends = new AbortController();
		const {signal} = ends;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const refreshAt = (at: number) => {
			const left = at - Date.now();
			if (left <= 0) refresh();
			else timer = setTimeout(refreshAt, Math.min(left, LONGEST_TIMER), at);
		};
		const follow = async () => {
			for await (const render of client.watch(renderId, {signal, onRetry: setWatchError})) {
				if (signal.aborted) return;
				setSeen({by: client, renderId, render});
				setWatchError(null);
				const life = isOver(render) ? lifeOfLinks(render) : null;
				if (life !== null) refreshAt(Date.now() + Math.max(life - MARGIN, MARGIN));
			}
		};
		follow().catch((reason) => {
			if (signal.aborted) return;
			setWatchError(reason);
			if ((reason as Partial<ApiError> | null)?.code !== 'render_not_found') return;
			setSeen(null);
			const {renderId: remembered, ...rest} = recall(storageKey);
			if (remembered === renderId) remember(storageKey, rest);
		});
		return () => {
			ends.abort();
			clearTimeout(timer);
		};
	}, [client, renderId, turn]);

	return {
		start: useCallback(
			async (options = {}, call = {}) => {
				if (!current.current) await track(begin(client, storageKey, options, call));
			},
			[client, storageKey, track],
		),
		cancel: useCallback(async () => {
			try {
				const id = current.current ? (await current.current).renderId : renderId;
				if (id === null) return;
				await client.cancel(id);
				setCallError(null);
			} catch (reason) {
				setCallError(reason as Error);
			}
		}, [client, renderId]),
		reset: useCallback(() => {
			forget(storageKey);
			leaveFor(null);
		}, [storageKey, leaveFor]),
		refresh,
		renderId,
		render,
		isStarting,
		progress: render?.progress ?? 0,
		url: render?.outputUrl ?? null,
		error: callError ?? watchError,
	};
}

export type UseRenders = {
	/** Newest first; `null` until the first page is there. */
	renders: ListedRender[] | null;
	/** Whether older ones can be asked for. */
	hasMore: boolean;
	isLoading: boolean;
	error: Error | null;
	/** Asks for the first page. */
	reload: () => void;
	/** Asks for the next page, if there is one. */
	loadMore: () => void;
	/** Deletes a render, and takes it out of the list. */
	remove: (renderId: string) => Promise<void>;
	/** Changes the list here alone; what is read at that time comes to have the change too, so that it may be made twice. */
	setRenders: (change: Change) => void;
};

type Change = (before: ListedRender[]) => ListedRender[];

/** So many pages are followed at once of which nothing fits the query. */
const EMPTY_PAGES = 10;

/** The user's own renders, page by page. */
export function useRenders(client: Client, query: Omit<ListQuery, 'cursor'> = {}): UseRenders {
	const [renders, setRenders] = useState<ListedRender[] | null>(null);
	const [cursor, setCursor] = useState<string | null>(null);
	const [error, setError] = useState<Error | null>(null);
	const [isLoading, setIsLoading] = useState(true);
	const asked = JSON.stringify(query);
	const current = useRef<AbortController | null>(null);
	/** Since the first page was asked for: its answer may not know of them. */
	const changes = useRef<Change[]>([]);

	const load = useCallback(
		async (from: string | null) => {
			current.current?.abort();
			const ends = new AbortController();
			const {signal} = ends;
			current.current = ends;
			if (!from) changes.current = [];
			setIsLoading(true);
			try {
				let query: ListQuery = {...JSON.parse(asked), ...(from && {cursor: from})};
				let page = await client.list(query, {signal});
				// The API looks through as many renders as are asked for, and leaves out what does not fit the query.
				for (let left = EMPTY_PAGES; left > 0 && page.renders.length === 0 && page.cursor; left--) {
					query = {...query, limit: 100, cursor: page.cursor};
					page = await client.list(query, {signal});
				}
				if (signal.aborted) return;
				setRenders((before) =>
					from && before ? merged(before, page.renders) : changes.current.reduce((list, change) => change(list), page.renders),
				);
				setCursor(page.cursor);
				setError(null);
			} catch (reason) {
				if (signal.aborted) return;
				setError(reason as Error);
			}
			setIsLoading(false);
		},
		[client, asked],
	);
	useEffect(() => {
		setRenders(null);
		setCursor(null);
		setError(null);
		void load(null);
		return () => current.current?.abort();
	}, [load]);
	const change = useCallback((change: Change) => {
		changes.current.push(change);
		setRenders((before) => change(before ?? []));
	}, []);

	return {
		renders,
		hasMore: cursor !== null,
		isLoading,
		error,
		reload: useCallback(() => void load(null), [load]),
		loadMore: useCallback(() => void (cursor && load(cursor)), [load, cursor]),
		remove: useCallback(
			async (id) => {
				await client.delete(id);
				change((before) => before.filter(({renderId}) => renderId !== id));
			},
			[client, change],
		),
		setRenders: change,
	};
}

/** A render that has just been started may be in both. */
function merged(first: ListedRender[], then: ListedRender[]): ListedRender[] {
	const known = new Set(first.map(({renderId}) => renderId));
	return [...first, ...then.filter(({renderId}) => !known.has(renderId))];
}

/** For how many milliseconds the links of a render are good; `null` where they do not say so. */
function lifeOfLinks({outputUrl, artifacts}: Render): number | null {
	const lives = [outputUrl, ...artifacts.map(({url}) => url)].flatMap((link) => {
		const seconds = /[?&]X-Amz-Expires=(\d+)/.exec(link ?? '')?.[1];
		return seconds ? [Number(seconds) * 1000] : [];
	});
	return lives.length > 0 ? Math.min(...lives) : null;
}
