/** What the tab remembers of the hook's render, by the hook's `storageKey`: a reload finds it, even in the middle of its start. */
import type {Client, StartCall, Started} from './client.ts';
import {LIFE} from './keys.ts';
import type {RenderOptions} from './types.ts';

/** What a start is called with. The user it is for is the one of the client, as in all that follows. */
export type HookCall = Omit<StartCall, 'onBehalfOf'>;

export type Remembered = {
	/** The render that is followed. */
	renderId?: string | undefined;
	/** A start that is not answered, since when, and what it was called with. */
	start?: {body: string; call: HookCall; at: number} | undefined;
};

/** The starts of this page that are not answered: who is mounted in the meantime joins one, and does not start another. */
const underWay = new Map<string | undefined, Promise<Started>>();

export const joined = (name: string | undefined) => underWay.get(name);

export function recall(name: string | undefined): Remembered {
	try {
		const {renderId, start} = JSON.parse((name && sessionStorage.getItem(name)) || '{}') as Remembered;
		// Browsers restore a session after days. By then the key of the start is no longer remembered.
		return {renderId, start: start && Date.now() - start.at < LIFE ? start : undefined};
	} catch {
		return {};
	}
}

/** Starts a render, and remembers the start until its outcome is known; `at` is when one that is taken up was begun. */
export function begin(
	client: Client,
	name: string | undefined,
	options: RenderOptions | string,
	call: HookCall,
	at?: number,
): Promise<Started> {
	const before = recall(name).renderId;
	// The client notes whether it may have been started: one that is taken up may, whatever refuses it now.
	const noted = {isOpen: at !== undefined};
	const starting = (async () => {
		const body = typeof options === 'string' ? options : JSON.stringify(options);
		const {signal, onRetry, ...kept} = call;
		remember(name, {renderId: before, start: {body, call: kept, at: at ?? Date.now()}});
		return client.start(body, {...call, noted} as StartCall);
	})();
	if (!name) return starting;
	underWay.set(name, starting);
	const end = (what: Remembered) => {
		// It may have been forgotten, or another one begun.
		if (underWay.get(name) !== starting) return;
		underWay.delete(name);
		remember(name, what);
	};
	starting.then(
		({renderId}) => end({renderId}),
		() => end(noted.isOpen ? recall(name) : {renderId: before}),
	);
	return starting;
}

export function forget(name: string | undefined) {
	underWay.delete(name);
	remember(name, {});
}

/** A storage that is full or forbidden keeps nobody from rendering. */
export function remember(name: string | undefined, what: Remembered) {
	if (!name) return;
	try {
		if (what.renderId || what.start) sessionStorage.setItem(name, JSON.stringify(what));
		else sessionStorage.removeItem(name);
	} catch {
		// The render goes on.
	}
}
