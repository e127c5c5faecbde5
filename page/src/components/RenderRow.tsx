import {useEffect, useRef, useState} from 'preact/hooks';
import {type Client, isOver, type ListedRender, type Render} from 'remotion-render-api-client';
import {formatBytes, formatMoment, formatSpan} from '../format';
import {addressOf} from '../route';
import {texts} from '../texts';
import {Again, type Repeat} from './Again';
import {Cancel} from './Cancel';
import {Copy} from './Copy';
import {ErrorNotice} from './Notice';
import {StatusBadge, TimeLeft} from './StatusBadge';
import {Thumbnail} from './Thumbnail';

export const rowId = (renderId: string) => `row-${renderId}`;

type Props = Repeat & {
	render: ListedRender;
	/** Unknown until it has been asked for; of one that has ended, the list tells. */
	state: Render | undefined;
	isOpen: boolean;
	onOpen: () => void;
	/** Its state on the page is an old one. */
	onOutdated: () => void;
	onRemoved: () => void;
};

export function RenderRow({render, state, isOpen, onOpen, onOutdated, onRemoved, ...repeat}: Props) {
	const [asking, setAsking] = useState(false);
	const [unfolded, setUnfolded] = useState(false);
	const remove = useRef<HTMLButtonElement>(null);
	const {renderId, composition, name, kind, startedAt} = render;
	const {client} = repeat;
	const moment = formatMoment(startedAt, Date.now());
	const keep = () => {
		setAsking(false);
		remove.current?.focus();
	};
	const runs = state ? !isOver(state) : render.status === 'waiting';
	const url = state?.outputUrl ?? render.outputUrl;
	return (
		<li class="row" aria-current={isOpen || undefined}>
			<div class="row-line">
				<Thumbnail url={url} kind={kind} startedAt={startedAt} renderId={renderId} />
				<button type="button" class="row-open" id={rowId(renderId)} onClick={onOpen}>
					<span class="name">{name || composition}</span>{' '}
					<span class="details muted">
						{name && `${composition}\u00a0· `}
						<time dateTime={new Date(startedAt).toISOString()}>{kind === 'still' ? texts.list.still(moment) : moment}</time>
						{measures(render, state)}
					</span>
				</button>
				<span class="row-state">
					<StatusBadge render={state} listed={render} />
					<TimeLeft render={state} />
				</span>
				<button
					type="button"
					class="quiet"
					ref={remove}
					aria-label={texts.list.removeLabel(name || composition, moment)}
					aria-expanded={asking}
					// What runs cannot be deleted. It can be cancelled.
					hidden={runs}
					onClick={() => setAsking(!asking)}
				>
					{texts.list.remove}
				</button>
				<button
					type="button"
					class="quiet"
					aria-label={texts.list.actions(`${name || composition}, ${moment}`)}
					aria-expanded={unfolded}
					onClick={() => setUnfolded(!unfolded)}
				>
					{texts.list.menu}
				</button>
			</div>
			{unfolded && (
				<div class="actions row-actions">
					{url && (
						<a href={url} download target="_blank" rel="noreferrer">
							{texts.list.download}
						</a>
					)}
					{kind === 'render' && <Again {...repeat} load={async () => client.get(renderId)} />}
					<Copy label={texts.render.copyLink} text={addressOf({kind: 'render', id: renderId})} copied={texts.render.linkCopied} />
					<Copy label={texts.render.copyId} text={renderId} />
					{runs && <Cancel client={client} id={renderId} onOutdated={onOutdated} />}
				</div>
			)}
			{asking && <Confirmation client={client} render={render} onKeep={keep} onRemoved={onRemoved} />}
		</li>
	);
}

/** How long it took, and how large it is. */
function measures({startedAt, finishedAt, outputSizeInBytes}: ListedRender, state: Render | undefined): string {
	const ended = state?.finishedAt ?? finishedAt;
	const took = state?.timeToFinish ?? (ended != null ? ended - startedAt : null);
	const bytes = state?.outputSizeInBytes ?? outputSizeInBytes;
	return (
		[took !== null && took >= 0 ? formatSpan(took) : null, bytes != null ? formatBytes(bytes) : null]
			.filter((measure) => measure !== null)
			// A number stands next to its unit.
			.map((measure) => `\u00a0· ${measure.replaceAll(' ', '\u00a0')}`)
			.join('')
	);
}

type ConfirmationProps = {client: Client; render: ListedRender; onKeep: () => void; onRemoved: () => void};

function Confirmation({client, render: {renderId, kind}, onKeep, onRemoved}: ConfirmationProps) {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>(null);
	// Not the other one: whoever presses Enter twice has not read the question.
	const harmless = useRef<HTMLButtonElement>(null);
	useEffect(() => harmless.current?.focus(), []);
	const remove = async () => {
		if (busy) return;
		setBusy(true);
		setError(null);
		try {
			await client.delete(renderId);
			onRemoved();
		} catch (reason) {
			setError(reason);
			setBusy(false);
		}
	};
	return (
		<fieldset
			class="confirmation"
			onKeyDown={(event) => {
				if (event.key === 'Escape') onKeep();
			}}
		>
			<legend>{kind === 'still' ? texts.list.confirmStill : texts.list.confirm}</legend>
			<div class="actions">
				<button type="button" class="danger" aria-disabled={busy} onClick={remove}>
					{texts.list.confirmRemove}
				</button>
				<button type="button" class="secondary" ref={harmless} onClick={onKeep}>
					{texts.list.keep}
				</button>
			</div>
			<ErrorNotice error={error} />
		</fieldset>
	);
}
