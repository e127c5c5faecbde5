import {useState} from 'preact/hooks';
import type {Api} from '../api';
import type {Renders} from '../hooks/useRenders';
import type {States} from '../hooks/useStates';
import {texts} from '../texts';
import type {ListedRender} from '../types';
import {ErrorNotice} from './Notice';
import {RenderRow} from './RenderRow';

type Props = {
	api: Api;
	renders: Renders;
	states: States;
	watched: string | null;
	onOpen: (render: ListedRender) => void;
	onRemoved: (id: string) => void;
};

export function RenderList({api, renders, states, watched, onOpen, onRemoved}: Props) {
	const {list, hasOlder, busy, error, reload, older} = renders;
	const [removed, setRemoved] = useState('');
	return (
		<section class="card" aria-labelledby="your-renders">
			<div class="card-head">
				<h2 id="your-renders" tabIndex={-1}>
					{texts.list.title}
				</h2>
				<button type="button" class="quiet" aria-disabled={busy} onClick={() => !busy && reload()}>
					{texts.list.refresh}
				</button>
			</div>
			<p class="visually-hidden" role="status">
				{removed}
			</p>
			{!list && !error && <p class="muted busy">{texts.list.loading}</p>}
			<ErrorNotice error={error} onRetry={reload} />
			{list?.length === 0 && (
				<div class="empty">
					<p>{texts.list.empty}</p>
					<p class="muted">{texts.list.emptyHint}</p>
				</div>
			)}
			{list && list.length > 0 && (
				<ul class="rows">
					{list.map((render) => (
						<RenderRow
							key={render.renderId}
							api={api}
							render={render}
							state={states.of(render.renderId)}
							isOpen={render.renderId === watched}
							onOpen={() => onOpen(render)}
							onRemoved={() => {
								setRemoved(render.kind === 'still' ? texts.list.removedStill : texts.list.removed);
								onRemoved(render.renderId);
								document.getElementById('your-renders')?.focus();
							}}
						/>
					))}
				</ul>
			)}
			{hasOlder && (
				<button type="button" class="secondary wide" aria-disabled={busy} onClick={() => !busy && older()}>
					{texts.list.older}
				</button>
			)}
		</section>
	);
}
