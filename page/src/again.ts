/** A render that is made again, as it was or with a change. */
import type {Render} from 'remotion-render-api-client';

export type Change = Record<string, unknown>;

/** The body of a start that makes a render again; `null` where not all that was sent for it is known. */
export function bodyAgain({options, inputProps}: Render, change: Change = {}): string | null {
	if (!options || !inputProps) return null;
	return JSON.stringify({...options, inputProps, ...change});
}

/** The changes with which a render that ended badly may succeed. */
export function fixes({status, errors, options}: Render): ('smaller' | 'longer')[] {
	const isSlowToLoad = errors.some(({message}) => /delayRender|timeout|timed out/i.test(message));
	if (status === 'failed') return isSlowToLoad ? ['longer'] : [];
	return status === 'timed_out' && options !== null ? ['smaller'] : [];
}

export function changeOf(fix: 'smaller' | 'longer', {options}: Render): Change {
	if (fix === 'smaller') return {scale: (Number(options?.scale) || 1) / 2};
	return {timeoutInMilliseconds: Math.min((Number(options?.timeoutInMilliseconds) || 30_000) * 4, 240_000)};
}
