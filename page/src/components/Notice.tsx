import type {ComponentChildren} from 'preact';
import {useMemo} from 'preact/hooks';
import {ApiError} from 'remotion-render-api-client';
import {SessionEnded, sentenceOf} from '../errors';
import {formatSpan} from '../format';
import {useNow} from '../hooks/useNow';
import {texts} from '../texts';

type Props = {
	error: unknown;
	/** Instead of the error's own. */
	sentence?: string | undefined;
	onRetry?: (() => void) | undefined;
	/** What else there is to say. */
	children?: ComponentChildren;
};

/** What has gone wrong, as a sentence, with the time to wait and what can be done. */
export function ErrorNotice({error, sentence, onRetry, children}: Props) {
	const problem = error instanceof ApiError ? error : null;
	const retryAfter = problem?.retryAfter ?? null;
	// biome-ignore lint/correctness/useExhaustiveDependencies: the time counts from the error on
	const retryAt = useMemo(() => (retryAfter === null ? null : Date.now() + retryAfter), [error, retryAfter]);
	if (!error || error instanceof SessionEnded || problem?.code === 'unauthenticated') return null;
	return (
		<Notice kind="error">
			<p role="alert">{sentence ?? sentenceOf(error)}</p>
			{children}
			{retryAt !== null && <Countdown until={retryAt} say={problem?.code === 'quota_spent' ? 'newRenders' : 'again'} />}
			{problem?.requestId && problem.status >= 500 && <p class="hint">{texts.problem.request(problem.requestId)}</p>}
			{onRetry && (
				<button type="button" class="secondary" onClick={onRetry}>
					{texts.retry}
				</button>
			)}
		</Notice>
	);
}

export function Notice({kind, children}: {kind: 'error' | 'good' | 'plain'; children: ComponentChildren}) {
	return <div class={`notice ${kind}`}>{children}</div>;
}

/** It is read when somebody comes to it, not aloud each second. */
function Countdown({until, say}: {until: number; say: 'again' | 'newRenders'}) {
	const now = useNow(true);
	return <p class="countdown">{now < until ? texts.wait[say](formatSpan(until - now)) : texts.wait.over}</p>;
}
