/** React's hooks: a render that is started and followed, and the list of the user's renders. */
import {useCallback, useEffect, useMemo, useRef, useState} from 'react';
import type {Client, StartCall} from './client.ts';
import type {ApiError} from './problem.ts';
import {isOver, type ListedRender, type ListQuery, type Render, type RenderOptions} from './types.ts';

export type UseRender = {
	/** Starts a render and follows it. Does nothing while another one is being started. */
	start: (options?: RenderOptions | string, call?: StartCall) => Promise<void>;
	/** Asks the render to stop. */
	cancel: () => Promise<void>;
	/** Forgets the render: it goes on, and nobody follows it here. */
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
	/** Of the last attempt, if it failed. While the connection is lost, the hook goes on trying. */
	error: Error | null;
};

export type UseRenderOptions = {
	/** Follows this render, which was started elsewhere. */
	renderId?: string | null;
	/** A name, under which the tab remembers the render: a reload finds it, even in the middle of its start. */
	storageKey?: string;
};

/** What the tab remembers: a request that is not answered, or a render. */
type Remembered = {body: string; respondAsync: boolean} | {renderId: string};

/** A link is renewed a little before it ends. */
const MARGIN = 5_000;

/** Starts a render and follows it until it is over. From then on the link to its output is kept fresh. */
export function useRender(client: Client, options: UseRenderOptions = {}): UseRender {
	const {storageKey} = options;
	const remembered = useMemo(() => recall(storageKey), [storageKey]);
	const [started, setStarted] = useState(() => (remembered && 'renderId' in remembered ? remembered.renderId : null));
	const renderId = options.renderId === undefined ? started : options.renderId;
	const [render, setRender] = useState<Render | null>(null);
	const [error, setError] = useState<Error | null>(null);
	const [isStarting, setIsStarting] = useState(false);
	const [turn, setTurn] = useState(0);
	const busy = useRef(false);

	const start = useCallback(
		async (options: RenderOptions | string = {}, call: StartCall = {}) => {
			if (busy.current) return;
			busy.current = true;
			setIsStarting(true);
			setError(null);
			const body = typeof options === 'string' ? options : JSON.stringify(options);
			remember(storageKey, {body, respondAsync: call.respondAsync ?? false});
			try {
				const {renderId} = await client.start(body, call);
				remember(storageKey, {renderId});
				setRender(null);
				setStarted(renderId);
			} catch (reason) {
				remember(storageKey, null);
				setError(reason as Error);
			}
			busy.current = false;
			setIsStarting(false);
		},
		[client, storageKey],
	);

	// The client has kept the key of a start that a reload has interrupted: it does not start a second render.
	useEffect(() => {
		if (remembered && 'body' in remembered) void start(remembered.body, {respondAsync: remembered.respondAsync});
	}, [remembered, start]);

	// biome-ignore lint/correctness/useExhaustiveDependencies: each turn asks at once
	useEffect(() => {
		setError(null);
		if (renderId === null) return setRender(null);
		setRender((before) => (before?.renderId === renderId ? before : null));
		const ends = new AbortController();
		const {signal} = ends;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const follow = async () => {
			for await (const now of client.watch(renderId, {signal, onRetry: (reason) => setError(reason)})) {
				if (signal.aborted) return;
				setRender(now);
				setError(null);
				const life = isOver(now) ? lifeOfLinks(now) : null;
				if (life !== null) timer = setTimeout(() => setTurn((last) => last + 1), Math.max(life - MARGIN, MARGIN));
			}
		};
		follow().catch((reason) => {
			if (!signal.aborted) setError(reason);
		});
		return () => {
			ends.abort();
			clearTimeout(timer);
		};
	}, [client, renderId, turn]);

	return {
		start,
		cancel: useCallback(async () => {
			if (renderId === null) return;
			try {
				await client.cancel(renderId);
				setError(null);
			} catch (reason) {
				setError(reason as Error);
			}
		}, [client, renderId]),
		reset: useCallback(() => {
			remember(storageKey, null);
			setStarted(null);
			setError(null);
		}, [storageKey]),
		refresh: useCallback(() => setTurn((last) => last + 1), []),
		renderId,
		render,
		isStarting,
		progress: render?.progress ?? 0,
		url: render?.outputUrl ?? null,
		error,
	};
}

export type UseRenders = {
	/** Newest first; `null` until the first page is there. */
	renders: ListedRender[] | null;
	/** Whether older ones can be asked for. */
	hasMore: boolean;
	isLoading: boolean;
	error: ApiError | null;
	/** Asks for the first page. */
	reload: () => void;
	/** Asks for the next page. */
	loadMore: () => void;
	/** Deletes a render, and takes it out of the list. */
	remove: (renderId: string) => Promise<void>;
	/** Changes the list here alone. */
	setRenders: (change: (before: ListedRender[]) => ListedRender[]) => void;
};

/** The user's own renders, page by page. */
export function useRenders(client: Client, query: Omit<ListQuery, 'cursor'> = {}): UseRenders {
	const [renders, setRenders] = useState<ListedRender[] | null>(null);
	const [cursor, setCursor] = useState<string | null>(null);
	const [error, setError] = useState<ApiError | null>(null);
	const [isLoading, setIsLoading] = useState(true);
	const asked = JSON.stringify(query);
	const current = useRef<AbortController | null>(null);

	const load = useCallback(
		async (from: string | null) => {
			current.current?.abort();
			const ends = new AbortController();
			current.current = ends;
			setIsLoading(true);
			try {
				const page = await client.list({...JSON.parse(asked), ...(from && {cursor: from})}, {signal: ends.signal});
				if (ends.signal.aborted) return;
				setRenders((before) => (from && before ? merged(before, page.renders) : page.renders));
				setCursor(page.cursor);
				setError(null);
			} catch (reason) {
				if (ends.signal.aborted) return;
				setError(reason as ApiError);
			}
			setIsLoading(false);
		},
		[client, asked],
	);
	useEffect(() => {
		setRenders(null);
		void load(null);
		return () => current.current?.abort();
	}, [load]);

	return {
		renders,
		hasMore: cursor !== null,
		isLoading,
		error,
		reload: useCallback(() => void load(null), [load]),
		loadMore: useCallback(() => void load(cursor), [load, cursor]),
		remove: useCallback(
			async (id) => {
				await client.delete(id);
				setRenders((before) => before?.filter(({renderId}) => renderId !== id) ?? null);
			},
			[client],
		),
		setRenders: useCallback((change) => setRenders((before) => change(before ?? [])), []),
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

function recall(name: string | undefined): Remembered | null {
	try {
		return name ? JSON.parse(sessionStorage.getItem(name) ?? 'null') : null;
	} catch {
		return null;
	}
}

/** A storage that is full or forbidden keeps nobody from rendering. */
function remember(name: string | undefined, what: Remembered | null) {
	if (!name) return;
	try {
		if (what) sessionStorage.setItem(name, JSON.stringify(what));
		else sessionStorage.removeItem(name);
	} catch {
		// The render goes on.
	}
}
