import {useEffect} from 'preact/hooks';
import {ApiError, isOver, type ListedRender, type Render} from 'remotion-render-api-client';
import {useRender} from 'remotion-render-api-client/react';
import {isCode} from '../errors';
import {formatProgress} from '../format';
import {useTitle} from '../hooks/useConfig';
import {addressOf} from '../route';
import {texts} from '../texts';
import {Again, type Repeat} from './Again';
import {Artifacts} from './Artifacts';
import {Cancel} from './Cancel';
import {Copy} from './Copy';
import {Heading} from './Heading';
import {ErrorNotice} from './Notice';
import {Output} from './Output';
import {RenderErrors} from './RenderErrors';
import {RenderFacts} from './RenderFacts';
import {percentOf, StatusBadge, TimeLeft} from './StatusBadge';

type Props = Repeat & {
	id: string;
	/** What the list has of it. */
	listed: ListedRender | undefined;
	onRender: (render: Render) => void;
	onClose: () => void;
};

/** A render or a still, and its files. */
export function RenderView({id, listed, onRender, onClose, ...repeat}: Props) {
	const {render, error, refresh} = useRender(repeat.client, {renderId: id});
	const {client} = repeat;
	const kind = render?.kind ?? listed?.kind;
	const isStill = kind === 'still';
	const runs = render !== null && !isOver(render) && !isStill;
	const known = render ?? listed;
	useEffect(() => {
		if (render) onRender(render);
	}, [render, onRender]);
	useTabTitle(render);
	return (
		<section class="card sheet" aria-labelledby="current-render">
			<div class="card-head">
				<Heading id="current-render" focus>
					{known?.name || known?.composition || texts.render.untitled}
				</Heading>
				<StatusBadge render={render ?? undefined} {...(listed && {listed})} />
				<button type="button" class="quiet" onClick={onClose}>
					{texts.render.close}
				</button>
			</div>
			<p class="id">
				{known?.name && `${known.composition} `}
				{id}
			</p>
			{runs && <Progress render={render} />}
			<p role="status">{render ? phaseOf(render, isStill) : !error && texts.render.loading}</p>
			{render?.waitingBefore != null && <p class="muted">{texts.render.before(render.waitingBefore)}</p>}
			{render?.status === 'done' && render.outputUrl === null && <p class="muted">{texts.render.noLink}</p>}
			{render?.outputUrl && <Output render={render} link={render.outputUrl} onExpired={refresh} />}
			{(render?.status === 'failed' || render?.status === 'timed_out') && <RenderErrors errors={render.errors} />}
			{render && <RenderFacts render={render} isStill={isStill} />}
			<WatchError error={error} onRetry={refresh} />
			{render && (
				<div class="actions">
					{runs && <Cancel client={client} id={id} onOutdated={refresh} />}
					{render.outputUrl && (
						<a class="download" href={render.outputUrl} download target="_blank" rel="noreferrer">
							{texts.render.download}
						</a>
					)}
					{!runs && !isStill && <Again {...repeat} render={render} load={async () => render} />}
					<Copy label={texts.render.copyLink} text={addressOf({kind: 'render', id})} copied={texts.render.linkCopied} />
				</div>
			)}
			{render?.artifacts && render.artifacts.length > 0 && <Artifacts artifacts={render.artifacts} />}
		</section>
	);
}

/** Who looks at another tab sees how far it is. */
function useTabTitle(render: Render | null) {
	const title = useTitle();
	const told =
		render?.status === 'rendering' ? percentOf(render) : render && render.kind !== 'still' ? texts.status[render.status] : null;
	useEffect(() => {
		document.title = told === null ? title : texts.titleWith(told, title);
		return () => {
			document.title = title;
		};
	}, [told, title]);
}

function phaseOf({status}: Render, isStill: boolean): string {
	return isStill && status === 'done' ? texts.render.stillDone : texts.render.phase[status];
}

function Progress({render}: {render: Render}) {
	const {status, progress = render.overallProgress} = render;
	const quarter = Math.floor(progress * 4) / 4;
	// Without a value the bar shows that nobody knows yet.
	const value = status === 'queued' || status === 'waiting' ? {} : {value: progress};
	return (
		<>
			<progress max={1} aria-label={texts.render.progress} {...value} />
			{/* Read aloud; each percent would be too much. */}
			<p class="visually-hidden" role="status">
				{quarter > 0 && quarter < 1 && texts.render.progressed(formatProgress(quarter))}
			</p>
			<TimeLeft render={render} />
		</>
	);
}

/** The page itself asks again after an error that passes. */
function WatchError({error, onRetry}: {error: unknown; onRetry: () => void}) {
	if (error instanceof ApiError && error.code !== 'unreachable' && error.status < 500 && error.status !== 429) {
		return <ErrorNotice error={error} sentence={isCode(error, 'render_not_found') ? texts.render.gone : undefined} />;
	}
	return (
		<ErrorNotice error={error} onRetry={onRetry}>
			<p>{texts.render.keepsAsking}</p>
		</ErrorNotice>
	);
}
