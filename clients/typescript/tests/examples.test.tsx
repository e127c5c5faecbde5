// @vitest-environment happy-dom
import {act} from 'react';
import {createRoot} from 'react-dom/client';
import {createClient} from 'remotion-render-api-client';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {App} from '../examples/react/App.tsx';
import {render} from './server.ts';
import {until} from './until.ts';

const previewed: unknown[] = [];
vi.mock('@remotion/player', () => ({
	Player: ({inputProps}: {inputProps: unknown}) => {
		previewed.push(inputProps);
		return null;
	},
}));

const answer = (body: object, status = 200) => new Response(JSON.stringify(body), {status});

beforeEach(() => {
	vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	sessionStorage.clear();
});

/** The app, with an API that answers so. */
function appWith(fetch: (url: string, init: RequestInit) => Promise<Response>) {
	const client = createClient({url: 'https://api.example', token: 'jwt', fetch: fetch as typeof globalThis.fetch});
	const place = document.createElement('div');
	document.body.append(place);
	const root = createRoot(place);
	act(() => root.render(<App client={client} />));
	const button = (label: string) => [...place.querySelectorAll('button')].find(({textContent}) => textContent === label);
	return {
		place,
		button,
		press: (label: string) => act(async () => button(label)?.click()),
		unmount: () => act(() => root.unmount()),
	};
}

test('a React app previews what it then renders', async () => {
	const sent: unknown[] = [];
	let over = false;
	let cancelled = false;
	let release = () => {};
	const released = new Promise<void>((resolve) => {
		release = resolve;
	});
	const {place, press, unmount} = appWith(async (url, init) => {
		if (url.endsWith('/cancel')) {
			cancelled = true;
			return answer({}, 202);
		}
		if (init.method === 'POST') {
			sent.push(JSON.parse(String(init.body)));
			await released;
			return answer({renderId: '1pwhfhh11z', bucketName: 'b'});
		}
		if (cancelled) return answer(render('cancelled'));
		const now = over ? render('done', {outputUrl: 'https://b.example/out.mp4'}) : render('rendering', {progress: 0.5});
		return new Response(JSON.stringify(now), {headers: {'retry-after': '1'}});
	});
	const input = place.querySelector('input') as HTMLInputElement;
	act(() => {
		Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, 'Bye');
		input.dispatchEvent(new Event('input', {bubbles: true}));
	});
	expect(previewed.at(-1)).toEqual({title: 'Bye'});
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
	unmount();
});

test('what has been started and cannot be asked for is not started once more', async () => {
	let isThere = true;
	let asked = 0;
	const {place, button, press, unmount} = appWith(async (_, {method}) => {
		if (method === 'POST') return answer({renderId: '1pwhfhh11z', bucketName: 'b'});
		asked += 1;
		if (isThere) throw new Error('lost');
		return answer({code: 'render_not_found', detail: 'It is not there.'}, 404);
	});
	await press('Render');
	expect([button('Render'), button('Cancel')]).toEqual([undefined, expect.anything()]);
	await until(() => asked > 1);
	expect([button('Render'), button('Cancel')]).toEqual([undefined, expect.anything()]);
	expect(place.querySelector('[role="alert"]')?.textContent).toMatch('cannot be reached');
	isThere = false;
	await until(() => button('Render') !== undefined);
	unmount();
});
