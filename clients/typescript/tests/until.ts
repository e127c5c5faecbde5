import {act} from 'react';
import {expect, vi} from 'vitest';

const sleep = setTimeout;

/** Lets time pass, much faster than it does, until something holds. */
export async function until(holds: () => boolean) {
	for (let turn = 0; turn < 200 && !holds(); turn++) {
		await act(async () => {
			await vi.advanceTimersByTimeAsync(100);
			await new Promise((next) => sleep(next, 1));
		});
	}
	expect(holds()).toBe(true);
}
