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

/** Waits; less where it is aborted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, milliseconds);
		signal.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve();
		});
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
