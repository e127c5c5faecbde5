import {afterEach, beforeEach, expect, test} from 'vitest';
import {PasswordField} from '../src/components/CredentialFields';
import {RenderFields} from '../src/components/RenderFields';
import {EMPTY} from '../src/draft';
import {texts} from '../src/texts';
import {apiWith, COMPOSITION, json, OPENED, pass, press, shown, stubDocument, type} from './dom';
import {BATCH, listed, Page, stateOf} from './workspace';

const words = texts.list;

let restore: () => Promise<void>;
beforeEach(() => {
	restore = stubDocument();
});
afterEach(() => restore());

test.each([
	['', 'new-render'],
	['#/renders/r1', 'current-render'],
	['#/batches/b1', 'current-batch'],
])('reading begins at what the address %s is about', async (hash, heading) => {
	location.hash = hash;
	await shown(
		<Page {...apiWith({...OPENED, 'GET render/r1': () => json(stateOf('r1')), 'GET batches/b1': () => json(BATCH)})} />,
	);
	expect(document.activeElement?.id).toBe(heading);
});

test('the button next to a password is called what it says', async () => {
	await shown(<PasswordField kind="current" />);
	const {showPassword, hidePassword} = texts.signIn;
	const names = () => [...document.querySelectorAll('button')].map((one) => one.ariaLabel ?? one.textContent);
	expect(names()).toEqual([showPassword]);
	await press(showPassword);
	expect(names()).toEqual([hidePassword]);
	expect(document.querySelector('input')?.type).toBe('text');
	expect(document.querySelector('[aria-pressed]')).toBeNull();
});

test('Enter twice does not delete', async () => {
	await shown(<Page {...apiWith({...OPENED, 'GET render': () => json({renders: [listed('r1')], cursor: null})})} />);
	await press(words.remove);
	expect(document.activeElement?.textContent).toBe(words.keep);
	await press(words.keep);
	expect(document.querySelector('.confirmation')).toBeNull();
});

test('each deletion is told, also of the second render with a name', async () => {
	const deleted = () => new Response(null, {status: 204});
	const api = apiWith({
		...OPENED,
		'GET render': () => json({renders: [listed('r1'), listed('r2'), listed('r3', {name: 'Ada', kind: 'still'})], cursor: null}),
		'DELETE render/r1': deleted,
		'DELETE render/r2': deleted,
		'DELETE render/r3': deleted,
	});
	await shown(<Page {...api} />);
	const told = () => document.querySelector('.list [role="status"]')?.firstElementChild;
	const removed = async () => {
		await press(words.remove);
		document.querySelector<HTMLElement>('.danger')?.click();
		await pass();
		return told();
	};
	const [first, second, third] = [await removed(), await removed(), await removed()];
	expect(second).not.toBe(first);
	expect([first, second, third].map((one) => one?.textContent)).toEqual([
		words.removed('MyVideo'),
		words.removed('MyVideo'),
		words.removedStill('Ada'),
	]);
	expect(document.querySelectorAll('.row')).toHaveLength(0);
});

test('a reset takes away what is typed and is no number', async () => {
	const draft = {...EMPTY, composition: 'MyVideo', props: {MyVideo: '{"count": 1}'}};
	const root = document.createElement('div');
	const fields = (count: number) => {
		const props = {MyVideo: JSON.stringify({count})};
		const known = {list: [COMPOSITION], composition: COMPOSITION, missing: null, refusal: null};
		return <RenderFields {...known} draft={{...draft, props}} onChange={() => {}} />;
	};
	const field = () => document.querySelector<HTMLInputElement>('.props input');
	await shown(fields(1), root);
	await type('count', 'many');
	expect([field()?.value, field()?.getAttribute('aria-invalid')]).toEqual(['many', 'true']);
	await press(texts.form.resetProps);
	expect([field()?.value, field()?.getAttribute('aria-invalid')]).toEqual(['1', null]);
	// So does an opened file.
	await type('count', 'many');
	await shown(fields(2), root);
	expect([field()?.value, field()?.getAttribute('aria-invalid')]).toEqual(['2', null]);
});
