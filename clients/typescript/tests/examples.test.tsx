// @vitest-environment happy-dom
import {act} from 'react';
import {createRoot} from 'react-dom/client';
import {createClient} from 'remotion-render-api-client';
import {expect, test, vi} from 'vitest';
import {App} from '../examples/react/App.tsx';
import {render} from './server.ts';

const previewed: unknown[] = [];
vi.mock('@remotion/player', () => ({
	Player: ({inputProps}: {inputProps: unknown}) => {
		previewed.push(inputProps);
		return null;
	},
}));

const answer = (body: object, status = 200) => new Response(JSON.stringify(body), {status});

async function until(holds: () => boolean) {
	for (let turn = 0; turn < 100 && !holds(); turn++) await act(() => new Promise((next) => setTimeout(next, 30)));
	expect(holds()).toBe(true);
}

test('a React app previews what it then renders', async () => {
	vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
	const sent: unknown[] = [];
	let over = false;
	let cancelled = false;
	let release = () => {};
	const released = new Promise<void>((resolve) => {
		release = resolve;
	});
	const fetch = (async (url: unknown, init?: RequestInit) => {
		if (String(url).endsWith('/cancel')) {
			cancelled = true;
			return answer({}, 202);
		}
		if (init?.method === 'POST') {
			sent.push(JSON.parse(String(init.body)));
			await released;
			return answer({renderId: '1pwhfhh11z', bucketName: 'b'});
		}
		if (cancelled) return answer(render('cancelled'));
		const now = over ? render('done', {outputUrl: 'https://b.example/out.mp4'}) : render('rendering', {progress: 0.5});
		return new Response(JSON.stringify(now), {headers: {'retry-after': '1'}});
	}) as typeof globalThis.fetch;
	const client = createClient({url: 'https://api.example', token: 'jwt', fetch});
	const place = document.createElement('div');
	document.body.append(place);
	const root = createRoot(place);
	act(() => root.render(<App client={client} />));
	const input = place.querySelector('input') as HTMLInputElement;
	act(() => {
		Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, 'Bye');
		input.dispatchEvent(new Event('input', {bubbles: true}));
	});
	expect(previewed.at(-1)).toEqual({title: 'Bye'});
	const press = (label: string) =>
		act(async () => [...place.querySelectorAll('button')].find(({textContent}) => textContent === label)?.click());
	await press('Render');
	expect(sent).toEqual([{composition: 'MyVideo', inputProps: {title: 'Bye'}}]);
	// Before the start is answered.
	await press('Cancel');
	await act(async () => release());
	await until(() => cancelled && place.querySelector('progress') === null);
	cancelled = false;
	await press('Render');
	await until(() => place.querySelector('progress')?.value === 0.5);
	over = true;
	await until(() => place.querySelector('a')?.href === 'https://b.example/out.mp4');
	act(() => root.unmount());
	vi.unstubAllGlobals();
});
