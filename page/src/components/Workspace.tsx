import {useCallback, useEffect, useMemo, useRef, useState} from 'preact/hooks';
import type {Batch, Client, ListedRender, ListedStatus, Render, Started} from 'remotion-render-api-client';
import {useRenders} from 'remotion-render-api-client/react';
import {type Draft, draftOf} from '../draft';
import {isCode} from '../errors';
import {useTitle} from '../hooks/useConfig';
import {useSearch} from '../hooks/useSearch';
import type {Start} from '../hooks/useStart';
import {useStarted} from '../hooks/useStarted';
import {useStates} from '../hooks/useStates';
import {go, type Route, useLead} from '../route';
import {VIEW} from '../search';
import {asListed} from '../started';
import {texts} from '../texts';
import {BatchView} from './BatchView';
import {Notice} from './Notice';
import {RenderForm} from './RenderForm';
import {RenderList} from './RenderList';
import {rowId} from './RenderRow';
import {RenderView} from './RenderView';

type Props = {
	client: Client;
	draft: Draft;
	onDraft: (change: Partial<Draft>) => void;
	route: Route;
	start: Start;
	/** A render of the quota is gone. */
	onSpent: () => void;
	spending: string | null;
};

/** What somebody who is signed in works with. */
export function Workspace({client, draft, onDraft, route, start, onSpent, spending}: Props) {
	const [filter, setFilter] = useState<ListedStatus | ''>('');
	const batchId = route.kind === 'batch' ? route.id : null;
	const query = useMemo(() => ({limit: VIEW, ...(filter && {status: filter}), ...(batchId && {batchId})}), [filter, batchId]);
	const renders = useRenders(client, query);
	const {setRenders} = renders;
	const search = useSearch(client, query, renders);
	const watched = route.kind === 'render' ? route.id : null;
	const {drop: dropFound} = search;
	const drop = useCallback(
		(id: string) => {
			setRenders((before) => before.filter(({renderId}) => renderId !== id));
			dropFound(id);
		},
		[setRenders, dropFound],
	);
	const reload = () => {
		renders.reload();
		search.restart();
	};
	// Its renders appear in the list only after it has been taken. How many of them a filter leaves, nobody knows.
	const onBatchChange = ({total, finishedAt}: Batch) => {
		if (filter || (renders.isLoading && finishedAt === null)) return;
		if ((renders.renders?.length ?? 0) < Math.min(total, VIEW)) reload();
	};
	const states = useStates(client, search.rows, watched, drop);
	const isKept = !isCode(renders.error, 'renders_table_not_configured');
	const toStart = () => go({kind: 'start'});
	const leaveFor = useFocusAfter(watched, route);
	const lead = useLead();
	const open = useCallback(
		(render: ListedRender) => {
			setRenders((before) => [render, ...before.filter(({renderId}) => renderId !== render.renderId)]);
			lead({kind: 'render', id: render.renderId});
		},
		[setRenders, lead],
	);
	useStarted(start, renders, isKept, open, reload);
	const repeat = {
		client,
		onAgain: (started: Started, of: Render) => {
			onSpent();
			open(asListed(started, of));
		},
		onEdit: ({options, inputProps, composition}: Render) => {
			const edited = draftOf(options ?? {}, inputProps ?? {}, composition);
			onDraft({...edited, props: {...draft.props, ...edited.props}});
			leaveFor('new-render');
		},
	};
	// The list learns what the pane knows.
	const {put} = states;
	const listed = search.rows?.find(({renderId}) => renderId === watched);
	const title = useTitle();
	useEffect(() => {
		if (route.kind === 'start') document.title = title;
	}, [route, title]);
	return (
		<main class="workspace">
			<div class="side">
				{watched && isKept && (
					<RenderView key={watched} {...repeat} id={watched} listed={listed} onRender={put} onClose={toStart} />
				)}
				{batchId && isKept && (
					<BatchView
						key={batchId}
						client={client}
						batchId={batchId}
						onChange={onBatchChange}
						onClose={() => leaveFor('your-renders')}
					/>
				)}
				<RenderForm
					client={client}
					draft={draft}
					spending={spending}
					start={start}
					hasKeys={isKept}
					focus={!watched && !batchId}
					onChange={onDraft}
					onBatch={(id) => {
						onSpent();
						lead({kind: 'batch', id});
					}}
				/>
			</div>
			{isKept ? (
				<RenderList
					{...repeat}
					renders={renders}
					search={search}
					states={states}
					watched={watched}
					isBatch={batchId !== null}
					filter={filter}
					onFilter={setFilter}
					onOpen={({renderId}) => go({kind: 'render', id: renderId})}
					onReload={reload}
					onRemoved={(id) => {
						drop(id);
						if (id === watched) toStart();
					}}
				/>
			) : (
				<Unkept started={start.started} />
			)}
		</main>
	);
}

/**
 * Whoever closes a render, or goes back from it, is where they were: at its row, and nothing has moved. The function leaves for
 * another element.
 */
function useFocusAfter(watched: string | null, {kind}: Route): (id: string) => void {
	const before = useRef(watched);
	const next = useRef<string | null>(null);
	const focusNext = () => {
		if (next.current) document.getElementById(next.current)?.focus();
		next.current = null;
	};
	useEffect(() => {
		const last = before.current;
		before.current = watched;
		if (!last || kind !== 'start') return;
		const row = document.getElementById(rowId(last));
		if (next.current) focusNext();
		else if (row) row.focus({preventScroll: true});
		else document.getElementById('your-renders')?.focus();
	});
	return (id) => {
		next.current = id;
		go({kind: 'start'});
		// Nothing covers it where no render is open.
		if (!watched) focusNext();
	};
}

/** All that can be told where the deployment keeps no record of renders. */
function Unkept({started}: {started: ListedRender | null}) {
	return (
		<section class="card" aria-labelledby="your-renders">
			<h2 id="your-renders">{texts.list.title}</h2>
			<div role="status">
				{started && (
					<Notice kind="good">
						<p>{texts.form.started(started.composition, started.renderId)}</p>
					</Notice>
				)}
			</div>
			<p class="muted">{texts.list.notKept}</p>
		</section>
	);
}
