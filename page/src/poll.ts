/** When to ask how a render stands. */
import {lifetime} from './output';
import {Problem, SessionEnded} from './problem';
import {isOver, type Render} from './types';

export const WITHOUT_RETRY_AFTER = 2_000;
const LONGEST_BACK_OFF = 30_000;

/** A link is renewed a little before it ends. */
const RENEWAL_MARGIN = 5_000;

/** In how many milliseconds to ask again; `null` for never. A finished one is asked for when the first of its links ends. */
export function nextAsk(render: Render, retryAfter: number | null): number | null {
	if (!isOver(render.status)) return retryAfter ?? WITHOUT_RETRY_AFTER;
	const links = [render.outputUrl, ...(render.artifacts ?? []).map(({url}) => url)];
	const lives = links.flatMap((link) => (link && lifetime(link)) || []);
	return lives.length === 0 ? null : Math.max(Math.min(...lives) - RENEWAL_MARGIN, RENEWAL_MARGIN);
}

/** In how many milliseconds to ask again after so many errors in a row; `null` where asking is of no use. */
export function nextAskAfter(error: unknown, failures: number, now: number): number | null {
	if (error instanceof SessionEnded) return null;
	if (error instanceof Problem) {
		if (error.status < 500 && error.status !== 429) return null;
		if (error.retryAt !== null) return Math.max(error.retryAt - now, 0);
	}
	return Math.min(WITHOUT_RETRY_AFTER * 2 ** (failures - 1), LONGEST_BACK_OFF);
}

/** Waits; less where it is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, milliseconds);
		signal?.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve();
		});
	});
}

/** Waits until somebody can see the page. */
export function whenVisible(signal: AbortSignal): Promise<void> {
	if (!document.hidden || signal.aborted) return Promise.resolve();
	return new Promise((resolve) => {
		const look = () => {
			if (!document.hidden) resolve();
		};
		document.addEventListener('visibilitychange', look, {signal});
		signal.addEventListener('abort', () => resolve());
	});
}

/** Works through the items, so many at once. */
export async function atMost<T>(limit: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
	const rest = items.values();
	const worker = async () => {
		for (const item of rest) await work(item);
	};
	await Promise.all(Array.from({length: limit}, worker));
}
