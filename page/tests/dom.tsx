/** A page in a DOM, which is the one of the client's tests. */

import {Window} from 'happy-dom';
import {type ComponentChild, options, render} from 'preact';
import {createClient} from 'remotion-render-api-client';
import {vi} from 'vitest';

type Asked = {method: string; path: string; body: string; key: string | null};
type Answer = (asked: Asked, signal: AbortSignal | null) => Response | Promise<Response>;

const sleep = setTimeout;

// Effects follow at once, whatever time the test has.
Object.assign(options, {requestAnimationFrame: (next: () => void) => sleep(next, 0)});

const open = new Set<() => void>();

/** This DOM refers to its observers by nothing else, and loses them when memory is tidied up. */
class StrongRef<T> {
	readonly #value: T;

	constructor(value: T) {
		this.#value = value;
	}

	deref() {
		return this.#value;
	}
}

/** Gives a test a document of its own, which the function takes away. */
export function stubDocument(): () => Promise<void> {
	const window = new Window({url: 'https://api.example/'});
	for (const name of ['document', 'sessionStorage', 'Event', 'IntersectionObserver', 'MutationObserver'] as const)
		vi.stubGlobal(name, window[name]);
	vi.stubGlobal('WeakRef', StrongRef);
	vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
	vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
	// This DOM does not tell of a new hash.
	vi.stubGlobal('location', {
		get href() {
			return window.location.href;
		},
		get hash() {
			return window.location.hash;
		},
		set hash(hash) {
			window.location.hash = hash;
			queueMicrotask(() => window.dispatchEvent(new window.Event('hashchange')));
		},
	});
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date']});
	return async () => {
		for (const close of open) close();
		await pass();
		vi.useRealTimers();
		vi.unstubAllGlobals();
	};
}

/** Lets time pass, and shows what has come of it. */
export async function pass(milliseconds = 0) {
	await vi.advanceTimersByTimeAsync(milliseconds);
	// What is shown may ask for more.
	for (let turn = 0; turn < 10; turn++) await new Promise((next) => sleep(next, 1));
}

/** Shows something; again, where it is given the same root. The function takes it away. */
export async function shown(what: ComponentChild, root = document.createElement('div')): Promise<() => void> {
	document.body.append(root);
	const close = () => {
		render(null, root);
		root.remove();
		open.delete(close);
	};
	open.add(close);
	render(what, root);
	await pass();
	return close;
}

/** The elements that match and have that text or label. */
export function named<Found extends HTMLElement>(selector: string, name: string): Found[] {
	const all = [...document.querySelectorAll<Found>(selector)];
	return all.filter((one) => [one.textContent, one.getAttribute('aria-label')].includes(name));
}

/** Presses the button with that name. */
export async function press(name: string) {
	const [button] = named('button', name);
	if (!button) throw new Error(`There is no button "${name}" in: ${document.body.textContent}`);
	button.click();
	await pass();
}

/** The field with that label. */
export function fieldOf(label: string): HTMLInputElement {
	const [found] = named<HTMLLabelElement>('label', label);
	return document.getElementById(found?.htmlFor ?? '') as HTMLInputElement;
}

/** Types into the field with that label. */
export async function type(label: string, text: string) {
	const field = fieldOf(label);
	field.value = text;
	field.dispatchEvent(new Event('input', {bubbles: true}));
	await pass();
}

export const json = (body: object, status = 200, headers = {}) => new Response(JSON.stringify(body), {status, headers});

export const never = () => new Promise<never>(() => {});

/** A client whose API answers by the method and the path, and what it was asked. */
export function apiWith(answers: Record<string, Answer>) {
	const asked: Asked[] = [];
	const fetch = async (url: unknown, init?: RequestInit) => {
		const method = init?.method ?? 'GET';
		const [path = ''] = String(url).split('?');
		const request = {method, path, body: String(init?.body ?? ''), key: new Headers(init?.headers).get('idempotency-key')};
		asked.push(request);
		const answer = answers[`${method} ${path}`];
		if (!answer) return json({code: 'render_not_found', detail: 'Not here.'}, 404);
		return answer(request, init?.signal ?? null);
	};
	const client = createClient({url: '', token: 'jwt', fetch: fetch as typeof globalThis.fetch});
	return {client, asked, askedFor: (what: string) => asked.filter(({method, path}) => `${method} ${path}` === what)};
}

export const COMPOSITION = {id: 'MyVideo', width: 320, height: 240, fps: 30, durationInFrames: 60, defaultProps: {count: 1}};

/** What a page asks for when it is opened. */
export const OPENED: Record<string, Answer> = {
	'GET compositions': () => json({compositions: [COMPOSITION]}),
	'GET render': () => json({renders: [], cursor: null}),
	'GET usage': () => json({quota: null, months: []}),
};
