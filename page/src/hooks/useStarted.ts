import {useEffect, useRef} from 'preact/hooks';
import type {ListedRender} from 'remotion-render-api-client';
import type {UseRenders} from 'remotion-render-api-client/react';
import {isCode} from '../errors';
import type {Start} from './useStart';

/** Opens what is started, and goes on with a start that a reload has interrupted. */
export function useStarted(
	{failure, started, resume}: Start,
	{renders, error}: UseRenders,
	hasKeys: boolean,
	open: (render: ListedRender) => void,
	reload: () => void,
) {
	const isKnown = renders !== null || error !== null;
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, as soon as it is known whether starts have keys
	useEffect(() => {
		if (isKnown) resume(hasKeys);
	}, [isKnown]);
	// What was started while something else was shown is in the list.
	const before = useRef({started, failure});
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each
	useEffect(() => {
		if (started && started !== before.current.started) open(started);
	}, [started]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each
	useEffect(() => {
		const mayHaveStarted = isCode(failure?.error, 'render_outcome_unknown', 'idempotency_outcome_unknown');
		if (mayHaveStarted && failure !== before.current.failure) reload();
	}, [failure]);
}
