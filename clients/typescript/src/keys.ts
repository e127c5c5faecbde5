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
	finish(): void | Promise<void>;
	/** Nobody knows what has become of the request. */
	keep(): void;
};

/** The API remembers a key for a day. */
export const LIFE = 24 * 3600 * 1000;

const madeAt = (entry: string) => Number(entry.split(' ')[1]);

export class Keys {
	readonly #storage: KeyStorage | undefined;
	readonly #memory = inMemory();
	readonly #inUse = new Set<string>();

	/** The tab's `sessionStorage`, without another one. */
	constructor(storage?: KeyStorage) {
		this.#storage = storage;
	}

	async take(request: string, now: number): Promise<TakenKey> {
		const name = `remotion-render-api:${hash(request)}`;
		// Two at the same time are two renders.
		if (this.#inUse.has(name)) return {key: newKey(), wasKept: false, finish() {}, keep() {}};
		this.#inUse.add(name);
		const keep = () => void this.#inUse.delete(name);
		// What has become full keeps what it had before.
		const entries = [await this.#memory.getItem(name), await this.#attempt((storage) => storage.getItem(name))];
		const kept = entries.find((entry) => entry && now - madeAt(entry) < LIFE)?.split(' ')[0];
		const key = kept || newKey();
		if (key !== kept) await this.#attempt((storage) => storage.setItem(name, `${key} ${now}`));
		return {
			key,
			wasKept: key === kept,
			keep,
			finish: async () => {
				keep();
				await this.#memory.removeItem(name);
				await this.#attempt((storage) => storage.removeItem(name));
			},
		};
	}

	/** In memory where there is no storage, or it is full or forbidden. */
	async #attempt<T>(work: (storage: KeyStorage) => T): Promise<Awaited<T>> {
		try {
			return await work(this.#storage ?? globalThis.sessionStorage);
		} catch {
			return await work(this.#memory);
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
