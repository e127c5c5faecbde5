import {afterEach, expect, test, vi} from 'vitest';
import {whenVisible} from '../src/wait';

/** Where so many listeners have been added and not removed. */
function counted(target: EventTarget) {
	let count = 0;
	const [add, remove] = [target.addEventListener.bind(target), target.removeEventListener.bind(target)];
	vi.spyOn(target, 'addEventListener').mockImplementation((...given) => {
		count += 1;
		add(...given);
	});
	vi.spyOn(target, 'removeEventListener').mockImplementation((...given) => {
		count -= 1;
		remove(...given);
	});
	return () => count;
}

afterEach(() => {
	vi.unstubAllGlobals();
});

test('whoever has waited until the page can be seen listens no longer', async () => {
	const page = Object.assign(new EventTarget(), {hidden: true});
	vi.stubGlobal('document', page);
	const {signal} = new AbortController();
	const [onPage, onSignal] = [counted(page), counted(signal)];
	for (let turn = 0; turn < 3; turn++) {
		page.hidden = true;
		const seen = whenVisible(signal);
		page.dispatchEvent(new Event('visibilitychange'));
		expect([onPage(), onSignal()]).toEqual([1, 1]);
		page.hidden = false;
		page.dispatchEvent(new Event('visibilitychange'));
		await seen;
		expect([onPage(), onSignal()]).toEqual([0, 0]);
	}
});

test('nobody waits for what is aborted', async () => {
	const page = Object.assign(new EventTarget(), {hidden: true});
	vi.stubGlobal('document', page);
	const ends = new AbortController();
	const onPage = counted(page);
	const seen = whenVisible(ends.signal);
	ends.abort();
	await seen;
	expect(onPage()).toBe(0);
	await whenVisible(ends.signal);
});
