/** Why a signal was aborted. React Native has no reasons. */
export function reasonOf(signal: AbortSignal): unknown {
	return signal.reason ?? Object.assign(new Error('The call was aborted.'), {name: 'AbortError'});
}

/** Waits; ends at once, with the signal's reason, where it is aborted. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted) return reject(reasonOf(signal));
		const abort = () => {
			clearTimeout(timer);
			reject(signal && reasonOf(signal));
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', abort);
			resolve();
		}, milliseconds);
		signal?.addEventListener('abort', abort, {once: true});
	});
}

/**
 * Runs with a signal that is also aborted after a time, if there is one, and ends when it is, whether or not the work heeds it.
 * `AbortSignal.any` and `timeout` are missing in React Native.
 */
export async function within<T>(
	milliseconds: number | null,
	signal: AbortSignal | undefined,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const controller = new AbortController();
	let abort = () => {};
	const ended = new Promise<never>((_, reject) => {
		abort = () => {
			reject(signal?.aborted ? reasonOf(signal) : new Error('No answer came in time.'));
			controller.abort();
		};
	});
	if (signal?.aborted) abort();
	signal?.addEventListener('abort', abort, {once: true});
	const timer = milliseconds === null ? undefined : setTimeout(abort, milliseconds);
	try {
		return await Promise.race([ended, work(controller.signal)]);
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', abort);
	}
}
