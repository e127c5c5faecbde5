import {useEffect, useState} from 'preact/hooks';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {rowId} from '../src/components/RenderRow';
import {useFocusKept} from '../src/hooks/useFocusKept';
import {texts} from '../src/texts';
import {apiWith, json, named, OPENED, pass, shown, stubDocument} from './dom';
import {listed, pageOf, stateOf} from './workspace';

let restore: () => Promise<void>;
beforeEach(() => {
	restore = stubDocument();
});
afterEach(() => restore());

const focused = () => document.activeElement?.id ?? null;

/** Presses the button with that name, as somebody does who goes there with the keyboard. */
async function enter(name: string) {
	const [button] = named('button', name);
	button?.focus();
	expect(document.activeElement?.textContent).toBe(name);
	button?.click();
	await pass();
}

function Taking() {
	useEffect(() => document.getElementById('taken')?.focus(), []);
	return <input id="taken" />;
}

function Sections() {
	useFocusKept();
	const [shown, setShown] = useState(['outside', 'button', 'section', 'taken']);
	const drop = (name: string) => (
		<button type="button" onClick={() => setShown((before) => before.filter((one) => one !== name))}>
			{name}
		</button>
	);
	return (
		<main>
			<h2 id="first">First</h2>
			{shown.includes('outside') && drop('outside')}
			<section aria-labelledby="second">
				<h2 id="second">Second</h2>
				{shown.includes('button') && drop('button')}
				{shown.includes('taken') ? drop('taken') : <Taking />}
			</section>
			{shown.includes('section') && (
				<section aria-labelledby="third">
					<h2 id="third">Third</h2>
					{drop('section')}
				</section>
			)}
		</main>
	);
}

test.each([
	['button', 'second'],
	['section', 'first'],
	['outside', 'first'],
	['taken', 'taken'],
])('where the %s that has the focus goes away, "%s" has it', async (name, next) => {
	await shown(<Sections />);
	await enter(name);
	expect(focused()).toBe(next);
});

test('what has lost the focus before it goes away leaves it alone', async () => {
	await shown(<Sections />);
	const [button] = named('button', 'button');
	button?.focus();
	button?.blur();
	await pass();
	button?.click();
	await pass();
	expect(document.activeElement).toBe(document.body);
});

test('after the last page of the list, reading goes on in the list', async () => {
	const pages = [
		{renders: [listed('r2')], cursor: 'older'},
		{renders: [listed('r1')], cursor: null},
	];
	await pageOf(apiWith({...OPENED, 'GET render': () => json(pages.shift() ?? {})})).open();
	await enter(texts.list.older);
	expect(document.querySelectorAll('.row')).toHaveLength(2);
	expect(focused()).toBe('your-renders');
});

test('whoever closes a render is at its row', async () => {
	const api = apiWith({
		...OPENED,
		'GET render': () => json({renders: [listed('r1')], cursor: null}),
		'GET render/r1': () => json(stateOf('r1')),
	});
	location.hash = '#/renders/r1';
	await pageOf(api).open();
	await enter(texts.render.close);
	expect(focused()).toBe(rowId('r1'));
});

test('after a cancellation, reading goes on at the render', async () => {
	let status: 'rendering' | 'cancelled' = 'rendering';
	const api = apiWith({
		...OPENED,
		'GET render/r1': () => json(stateOf('r1', {status, inputProps: {}})),
		'POST render/r1/cancel': () => json({}, 202),
	});
	location.hash = '#/renders/r1';
	await pageOf(api).open();
	await enter(texts.render.cancel);
	status = 'cancelled';
	await pass(10_000);
	expect(named('button', texts.render.cancel)).toEqual([]);
	expect(focused()).toBe('current-render');
});
