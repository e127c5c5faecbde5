/**
 * The `Idempotency-Key` of each start. The key of a start whose outcome is not known is kept: the same request, sent again, takes
 * the same key, so that it cannot start a second render. Where the keys are kept in a browser's storage, a reload loses none.
 */

/** A browser's `sessionStorage` or `localStorage`, React Native's `AsyncStorage`, or the like. */
export type KeyStorage = {
	getItem(name: string): string | null | Promise<string | null>;
	setItem(name: string, value: string): void | Promise<void>;
	removeItem(name: string): void | Promise<void>;
};

export type TakenKey = {
	key: string;
	/** Whether it is an earlier request's, of which nobody knows what has become. */
	wasKept: boolean;
	/** The request has been answered: the same request will start another render. */
	finish(): Promise<void>;
	/** Nobody knows what has become of the request. */
	keep(): void;
};

/** The API remembers a key for a day. */
export const LIFE = 24 * 3600 * 1000;

const madeAt = (entry: string) => Number(entry.split(' ')[1]);

export class Keys {
	readonly #storage: KeyStorage;
	readonly #inUse = new Set<string>();

	constructor(storage: KeyStorage) {
		this.#storage = storage;
	}

	async take(request: string, now: number): Promise<TakenKey> {
		const name = `remotion-render-api:${hash(request)}`;
		// Two at the same time are two renders.
		if (this.#inUse.has(name)) return {key: newKey(), wasKept: false, finish: async () => {}, keep() {}};
		this.#inUse.add(name);
		const keep = () => void this.#inUse.delete(name);
		const entry = await this.#attempt(() => this.#storage.getItem(name));
		const kept = entry && now - madeAt(entry) < LIFE ? entry.split(' ')[0] : null;
		const key = kept || newKey();
		if (key !== kept) await this.#attempt(() => this.#storage.setItem(name, `${key} ${now}`));
		return {
			key,
			wasKept: key === kept,
			keep,
			finish: async () => {
				keep();
				await this.#attempt(() => this.#storage.removeItem(name));
			},
		};
	}

	/** A storage that is full or forbidden keeps nobody from rendering. */
	async #attempt<T>(work: () => T): Promise<Awaited<T> | null> {
		try {
			return await work();
		} catch {
			return null;
		}
	}
}

/** What ends with the program. A key that has ended goes when another one comes. */
export function inMemory(): KeyStorage {
	const items = new Map<string, string>();
	return {
		getItem: (name) => items.get(name) ?? null,
		setItem: (name, value) => {
			for (const [other, entry] of items) if (madeAt(value) - madeAt(entry) >= LIFE) items.delete(other);
			items.set(name, value);
		},
		removeItem: (name) => void items.delete(name),
	};
}

/** The tab's own storage, where there is one that may be used. */
export function usualStorage(): KeyStorage {
	try {
		return globalThis.sessionStorage ?? inMemory();
	} catch {
		return inMemory();
	}
}

/** React Native has no `crypto`. A key need not be secret: nobody else can use it. */
function newKey(): string {
	return globalThis.crypto?.randomUUID?.() ?? [1, 2, 3].map(() => Math.random().toString(36).slice(2).padEnd(11, '0')).join('');
}

/**
 * 64 bits of FNV-1a, in two halves. It need not be safe: two requests with one hash would have one key, which the API refuses,
 * and then they get another.
 */
function hash(text: string): string {
	let [one, other] = [0x811c9dc5, 0x01000193];
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		one = Math.imul(one ^ code, 0x01000193);
		other = Math.imul(other ^ code, 0x85ebca6b);
	}
	return (one >>> 0).toString(36) + (other >>> 0).toString(36);
}
