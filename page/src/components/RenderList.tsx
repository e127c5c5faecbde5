import {useState} from 'preact/hooks';
import type {ListedRender, ListedStatus} from 'remotion-render-api-client';
import type {UseRenders} from 'remotion-render-api-client/react';
import {formatNumber} from '../format';
import type {Search} from '../hooks/useSearch';
import type {States} from '../hooks/useStates';
import {texts} from '../texts';
import type {Repeat} from './Again';
import {SelectField, TextField} from './Field';
import {ErrorNotice} from './Notice';
import {RenderRow} from './RenderRow';

type Props = Repeat & {
	renders: UseRenders;
	search: Search;
	states: States;
	watched: string | null;
	/** Whether these are the renders of a batch, of which more may follow. */
	isBatch: boolean;
	filter: ListedStatus | '';
	onFilter: (filter: ListedStatus | '') => void;
	onOpen: (render: ListedRender) => void;
	onReload: () => void;
	onRemoved: (id: string) => void;
};

const words = texts.list;

export function RenderList(props: Props) {
	const {renders, search, states, watched, isBatch, filter, onFilter, onOpen, onReload: reload, onRemoved, ...repeat} = props;
	const {renders: list, hasMore, isLoading, error, loadMore} = renders;
	const [removed, setRemoved] = useState<ListedRender | null>(null);
	const isFiltered = filter !== '' || search.text.trim() !== '';
	const {rows} = search;
	return (
		<section class="card list" aria-labelledby="your-renders">
			<div class="card-head">
				<h2 id="your-renders" tabIndex={-1}>
					{words.title}
				</h2>
				<button type="button" class="quiet" aria-disabled={isLoading} onClick={() => !isLoading && reload()}>
					{words.refresh}
				</button>
			</div>
			<p class="visually-hidden" role="status">
				{/* Another element is read, also where its text is the same. */}
				{removed && <span key={removed.renderId}>{removedOf(removed)}</span>}
			</p>
			{(filter !== '' || (list?.length ?? 0) > 0) && (
				<div class="pair filters">
					<SelectField
						label={words.filter}
						value={filter}
						onValue={onFilter}
						options={Object.entries(words.filters) as [ListedStatus | '', string][]}
					/>
					<TextField label={words.search} placeholder={words.searchHint} value={search.text} onValue={search.setText} />
				</div>
			)}
			{!list && !error && <p class="muted busy">{words.loading}</p>}
			<ErrorNotice error={error} onRetry={reload} />
			{list?.length === 0 && filter === '' && !hasMore && !isBatch && (
				<div class="empty">
					<p>{words.empty}</p>
					<p class="muted">{words.emptyHint}</p>
				</div>
			)}
			{rows?.length === 0 && isFiltered && !search.isSearching && !search.hasOlder && <p class="muted">{words.noneFound}</p>}
			{rows && rows.length > 0 && (
				<ul class="rows">
					{rows.map((render) => (
						<RenderRow
							key={render.renderId}
							{...repeat}
							render={render}
							state={states.of(render)}
							isOpen={render.renderId === watched}
							onOpen={() => onOpen(render)}
							onOutdated={reload}
							onRemoved={() => {
								setRemoved(render);
								onRemoved(render.renderId);
								document.getElementById('your-renders')?.focus();
							}}
						/>
					))}
				</ul>
			)}
			{list && search.text.trim() && <Searched search={search} isFiltered={filter !== ''} />}
			{hasMore && !search.text.trim() && (
				<button type="button" class="secondary wide" aria-disabled={isLoading} onClick={() => !isLoading && loadMore()}>
					{words.older}
				</button>
			)}
		</section>
	);
}

function removedOf({kind, name, composition}: ListedRender): string {
	return (kind === 'still' ? words.removedStill : words.removed)(name || composition);
}

/** How far a text was looked for, and the way on. */
function Searched({search, isFiltered}: {search: Search; isFiltered: boolean}) {
	const {count, hasOlder, isSearching, error, goOn} = search;
	const say = isSearching ? words.searching : hasOlder ? words.searched : isFiltered ? words.searchedFiltered : words.searchedAll;
	return (
		<>
			<p class={isSearching ? 'muted busy' : 'muted'} role="status">
				{say(formatNumber(count))}
			</p>
			<ErrorNotice error={error} onRetry={goOn} />
			{hasOlder && !isSearching && !error && (
				<button type="button" class="secondary wide" onClick={goOn}>
					{words.searchOlder}
				</button>
			)}
		</>
	);
}
