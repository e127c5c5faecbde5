import type {Api} from '../api';
import {formatProgress} from '../format';
import {useRender} from '../hooks/useRender';
import {Problem} from '../problem';
import {texts} from '../texts';
import {isOver, type ListedRender, type Render} from '../types';
import {Artifacts} from './Artifacts';
import {Cancel} from './Cancel';
import {Heading} from './Heading';
import {ErrorNotice} from './Notice';
import {Output} from './Output';
import {RenderErrors} from './RenderErrors';
import {RenderFacts} from './RenderFacts';
import {StatusBadge} from './StatusBadge';

type Props = {
	api: Api;
	listed: ListedRender;
	onRender: (render: Render) => void;
	onClose: () => void;
};

/** A render or a still, and its files. */
export function RenderView({api, listed, onRender, onClose}: Props) {
	const {render, error, ask} = useRender(api, listed.renderId, onRender);
	const isStill = listed.kind === 'still';
	const runs = render !== null && !isOver(render.status) && !isStill;
	return (
		<section class="card" aria-labelledby="current-render">
			<div class="card-head">
				<Heading id="current-render" focus>
					{listed.composition}
				</Heading>
				<StatusBadge render={render ?? undefined} />
				<button type="button" class="quiet" onClick={onClose}>
					{texts.render.close}
				</button>
			</div>
			<p class="id">{listed.renderId}</p>
			{runs && <Progress render={render} />}
			<p role="status">{render ? phaseOf(render, isStill) : !error && texts.render.loading}</p>
			{render?.status === 'done' && render.outputUrl === null && <p class="muted">{texts.render.noLink}</p>}
			{render?.outputUrl && <Output render={render} link={render.outputUrl} onExpired={ask} />}
			{(render?.status === 'failed' || render?.status === 'timed_out') && <RenderErrors errors={render.errors} />}
			{render && <RenderFacts render={render} isStill={isStill} />}
			<WatchError error={error} onRetry={ask} />
			{runs && <Cancel api={api} id={render.renderId} onOutdated={ask} />}
			{render?.outputUrl && (
				<a class="download" href={render.outputUrl} download target="_blank" rel="noreferrer">
					{texts.render.download}
				</a>
			)}
			{render?.artifacts && render.artifacts.length > 0 && <Artifacts artifacts={render.artifacts} />}
		</section>
	);
}

function phaseOf({status}: Render, isStill: boolean): string {
	return isStill && status === 'done' ? texts.render.stillDone : texts.render.phase[status];
}

function Progress({render: {status, overallProgress}}: {render: Render}) {
	const quarter = Math.floor(overallProgress * 4) / 4;
	// Without a value the bar shows that nobody knows yet.
	const value = status === 'queued' ? {} : {value: overallProgress};
	return (
		<>
			<progress max={1} aria-label={texts.render.progress} {...value} />
			{/* Read aloud; each percent would be too much. */}
			<p class="visually-hidden" role="status">
				{quarter > 0 && quarter < 1 && texts.render.progressed(formatProgress(quarter))}
			</p>
		</>
	);
}

/** The page itself asks again after an error that passes. */
function WatchError({error, onRetry}: {error: unknown; onRetry: () => void}) {
	if (error instanceof Problem && error.status < 500 && error.status !== 429) {
		return <ErrorNotice error={error} sentence={error.code === 'render_not_found' ? texts.render.gone : undefined} />;
	}
	return (
		<ErrorNotice error={error} onRetry={onRetry}>
			<p>{texts.render.keepsAsking}</p>
		</ErrorNotice>
	);
}
