import {vi} from 'vitest';

/** Gives a test the storage of a tab, and answers what is in it. */
export function stubSessionStorage(): Map<string, string> {
	const items = new Map<string, string>();
	vi.stubGlobal('sessionStorage', {
		getItem: (name: string) => items.get(name) ?? null,
		setItem: (name: string, value: string) => void items.set(name, value),
		removeItem: (name: string) => void items.delete(name),
		clear: () => items.clear(),
	});
	return items;
}
