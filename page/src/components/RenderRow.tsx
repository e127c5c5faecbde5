import {useEffect, useRef, useState} from 'preact/hooks';
import type {Api} from '../api';
import {formatMoment} from '../format';
import {texts} from '../texts';
import {isOver, type ListedRender, type Render} from '../types';
import {ErrorNotice} from './Notice';
import {StatusBadge} from './StatusBadge';

type Props = {
	api: Api;
	render: ListedRender;
	/** Unknown until it has been asked for. */
	state: Render | undefined;
	isOpen: boolean;
	onOpen: () => void;
	onRemoved: () => void;
};

export function RenderRow({api, render, state, isOpen, onOpen, onRemoved}: Props) {
	const [asking, setAsking] = useState(false);
	const remove = useRef<HTMLButtonElement>(null);
	const {composition, kind, startedAt} = render;
	const moment = formatMoment(startedAt, Date.now());
	const keep = () => {
		setAsking(false);
		remove.current?.focus();
	};
	return (
		<li class="row" aria-current={isOpen || undefined}>
			<div class="row-line">
				<button type="button" class="row-open" onClick={onOpen}>
					<span class="name">{composition}</span>{' '}
					<time class="muted" dateTime={new Date(startedAt).toISOString()}>
						{kind === 'still' ? texts.list.still(moment) : moment}
					</time>
				</button>
				<StatusBadge render={state} />
				<button
					type="button"
					class="quiet"
					ref={remove}
					aria-label={texts.list.removeLabel(composition, moment)}
					aria-expanded={asking}
					// What runs cannot be deleted. It can be cancelled.
					hidden={state !== undefined && !isOver(state.status)}
					onClick={() => setAsking(!asking)}
				>
					{texts.list.remove}
				</button>
			</div>
			{asking && <Confirmation api={api} render={render} onKeep={keep} onRemoved={onRemoved} />}
		</li>
	);
}

type ConfirmationProps = {api: Api; render: ListedRender; onKeep: () => void; onRemoved: () => void};

function Confirmation({api, render: {renderId, kind}, onKeep, onRemoved}: ConfirmationProps) {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const first = useRef<HTMLButtonElement>(null);
	useEffect(() => first.current?.focus(), []);
	const remove = async () => {
		if (busy) return;
		setBusy(true);
		setError(null);
		try {
			await api.remove(renderId);
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
				<button type="button" class="danger" ref={first} aria-disabled={busy} onClick={remove}>
					{texts.list.confirmRemove}
				</button>
				<button type="button" class="secondary" onClick={onKeep}>
					{texts.list.keep}
				</button>
			</div>
			<ErrorNotice error={error} />
		</fieldset>
	);
}
