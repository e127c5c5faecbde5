import {useState} from 'preact/hooks';
import type {ListedRender, ListedStatus} from 'remotion-render-api-client';
import type {UseRenders} from 'remotion-render-api-client/react';
import type {States} from '../hooks/useStates';
import {texts} from '../texts';
import type {Repeat} from './Again';
import {SelectField, TextField} from './Field';
import {ErrorNotice} from './Notice';
import {RenderRow} from './RenderRow';

type Props = Repeat & {
	renders: UseRenders;
	states: States;
	watched: string | null;
	filter: ListedStatus | '';
	onFilter: (filter: ListedStatus | '') => void;
	onOpen: (render: ListedRender) => void;
	onRemoved: (id: string) => void;
};

const words = texts.list;

export function RenderList({renders, states, watched, filter, onFilter, onOpen, onRemoved, ...repeat}: Props) {
	const {renders: list, hasMore, isLoading, error, reload, loadMore} = renders;
	const [removed, setRemoved] = useState('');
	const [search, setSearch] = useState('');
	const found = list?.filter((render) => matches(render, search));
	return (
		<section class="card" aria-labelledby="your-renders">
			<div class="card-head">
				<h2 id="your-renders" tabIndex={-1}>
					{words.title}
				</h2>
				<button type="button" class="quiet" aria-disabled={isLoading} onClick={() => !isLoading && reload()}>
					{words.refresh}
				</button>
			</div>
			<p class="visually-hidden" role="status">
				{removed}
			</p>
			{(filter !== '' || (list?.length ?? 0) > 0) && (
				<div class="pair filters">
					<SelectField
						label={words.filter}
						value={filter}
						onValue={onFilter}
						options={Object.entries(words.filters) as [ListedStatus | '', string][]}
					/>
					<TextField label={words.search} value={search} onValue={setSearch} />
				</div>
			)}
			{!list && !error && <p class="muted busy">{words.loading}</p>}
			<ErrorNotice error={error} onRetry={reload} />
			{list?.length === 0 && filter === '' && !hasMore && (
				<div class="empty">
					<p>{words.empty}</p>
					<p class="muted">{words.emptyHint}</p>
				</div>
			)}
			{found?.length === 0 && (filter !== '' || search !== '') && <p class="muted">{words.noneFound}</p>}
			{found && found.length > 0 && (
				<ul class="rows">
					{found.map((render) => (
						<RenderRow
							key={render.renderId}
							{...repeat}
							render={render}
							state={states.of(render.renderId)}
							isOpen={render.renderId === watched}
							onOpen={() => onOpen(render)}
							onOutdated={reload}
							onRemoved={() => {
								setRemoved(render.kind === 'still' ? words.removedStill : words.removed);
								onRemoved(render.renderId);
								document.getElementById('your-renders')?.focus();
							}}
						/>
					))}
				</ul>
			)}
			{hasMore && (
				<button type="button" class="secondary wide" aria-disabled={isLoading} onClick={() => !isLoading && loadMore()}>
					{words.older}
				</button>
			)}
		</section>
	);
}

function matches({name, composition, renderId}: ListedRender, search: string): boolean {
	const wanted = search.trim().toLowerCase();
	return [name, composition, renderId].some((text) => text?.toLowerCase().includes(wanted));
}
