import type {ComponentChildren} from 'preact';
import {formatSpan} from '../format';
import {useNow} from '../hooks/useNow';
import {Problem, SessionEnded, sentenceOf} from '../problem';
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
	if (!error || error instanceof SessionEnded) return null;
	const problem = error instanceof Problem ? error : null;
	return (
		<Notice kind="error">
			<p role="alert">{sentence ?? explained(error)}</p>
			{children}
			{problem?.retryAt && <Countdown until={problem.retryAt} say={problem.code === 'quota_spent' ? 'newRenders' : 'again'} />}
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

/** The API's sentences are for people who write requests. On a page some need other words. */
function explained(error: unknown): string {
	if (!(error instanceof Problem)) return sentenceOf(error);
	switch (error.code) {
		case 'quota_spent':
			return texts.problem.quotaSpent;
		case 'throttled':
			return texts.problem.ofStatus(429);
		case 'idempotency_outcome_unknown':
			return texts.problem.outcomeUnknown;
		case 'render_over':
			return texts.problem.over;
		case 'render_may_start':
			return texts.problem.mayStart;
		default:
			return error.message;
	}
}

/** It is read when somebody comes to it, not aloud each second. */
function Countdown({until, say}: {until: number; say: 'again' | 'newRenders'}) {
	const now = useNow(true);
	return <p class="countdown">{now < until ? texts.wait[say](formatSpan(until - now)) : texts.wait.over}</p>;
}
