import type {ListedRender, Render} from 'remotion-render-api-client';
import {formatProgress, formatSpan} from '../format';
import {texts} from '../texts';

type Props = {
	/** How it stands, where that is known. */
	render: Render | undefined;
	/** What the list knows. */
	listed?: ListedRender;
};

export function StatusBadge({render, listed}: Props) {
	// Of one that has started, the list does not know how it stands.
	const status = render?.status ?? (listed?.status === 'started' ? undefined : listed?.status);
	if (!status) return <span class="badge" aria-hidden="true" />;
	return (
		<span class={`badge ${status}`}>
			{texts.status[status]}
			{render?.status === 'rendering' && ` ${percentOf(render)}`}
		</span>
	);
}

/** By the frames; 100 % is said when it is over. */
export function percentOf({progress, framesRendered, framesTotal}: Render): string {
	const share = progress ?? framesRendered / (framesTotal || 1);
	return formatProgress(Math.min(share, 0.99));
}

/** How long it will take; nothing where nobody knows. */
export function TimeLeft({render}: {render: Render | undefined}) {
	if (render?.timeLeft == null) return null;
	return <span class="muted">{texts.render.timeLeft(formatSpan(Math.max(render.timeLeft, 1_000)))}</span>;
}
