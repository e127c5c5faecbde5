/** Waits until somebody can see the page; less where it is aborted. */
export function whenVisible(signal: AbortSignal): Promise<void> {
	if (!document.hidden || signal.aborted) return Promise.resolve();
	return new Promise((resolve) => {
		const look = () => {
			if (document.hidden && !signal.aborted) return;
			document.removeEventListener('visibilitychange', look);
			signal.removeEventListener('abort', look);
			resolve();
		};
		document.addEventListener('visibilitychange', look);
		signal.addEventListener('abort', look);
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
