/** React's hooks in tests: mounted, over a client whose API answers as a test says. */
import {act, createElement, StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {vi} from 'vitest';
import {type ClientOptions, createClient} from '../src/index.ts';

type Asked = {method: string; url: string; key: string | null; user: string | null; prefer: string | null};
type Answer = () => Response | Promise<Response>;

export let asked: Asked[];
export let {useRender, useRenders} = await import('../src/react.ts');

/** As after a reload of the page: all that is left is what was kept. */
export async function reload() {
	vi.resetModules();
	({useRender, useRenders} = await import('../src/react.ts'));
}

export const ok =
	(body: object, status = 200) =>
	() =>
		new Response(JSON.stringify(body), {status});
export const refusal = (status: number, code: string) => ok({code, detail: `${code}.`, status}, status);
export const never = () => new Promise<never>(() => {});

/** An answer that comes when it is told to. */
export function held(answer: Answer) {
	let release = () => {};
	const released = new Promise<void>((resolve) => {
		release = resolve;
	});
	return {answer: () => released.then(answer), release: () => act(async () => release())};
}
export const lost = () => Promise.reject(new Error('lost'));

/** A client whose API answers by what is asked, the last answer again and again. */
export function clientWith(answers: Record<string, Answer[]>, more: Partial<ClientOptions> = {}) {
	const fetch = async (url: unknown, init?: RequestInit) => {
		const method = init?.method ?? 'GET';
		const headers = new Headers(init?.headers);
		const [key, user, prefer] = ['idempotency-key', 'on-behalf-of', 'prefer'].map((name) => headers.get(name) ?? null);
		asked.push({method, url: String(url), key: key ?? null, user: user ?? null, prefer: prefer ?? null});
		const turns = answers[`${method} ${url}`] ?? [];
		const answer = turns.length > 1 ? turns.shift() : turns[0];
		return answer ? answer() : lost();
	};
	return createClient({url: '', token: 'jwt', fetch: fetch as typeof globalThis.fetch, retries: 0, ...more});
}

function Probe({hook}: {hook: () => void}) {
	hook();
	return null;
}

/** Mounts a hook; `current` is what it gives. */
export function mounted<T>(hook: () => T, strict = false) {
	const root = createRoot(document.createElement('div'));
	const seen = {current: undefined as T};
	const noted = () => {
		seen.current = hook();
	};
	const probe = () => createElement(Probe, {hook: noted});
	const repaint = () => act(() => root.render(strict ? createElement(StrictMode, null, probe()) : probe()));
	repaint();
	return {seen, repaint, unmount: () => act(() => root.unmount())};
}

/** Before each test of them. */
export async function begin() {
	await reload();
	asked = [];
	vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'Date']});
}

/** After it. */
export function end() {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	sessionStorage.clear();
}
