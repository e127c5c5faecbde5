import {useCallback, useEffect, useMemo, useState} from 'preact/hooks';
import type {Client, ListedRender, ListedStatus, Render} from 'remotion-render-api-client';
import {useRenders} from 'remotion-render-api-client/react';
import {type Draft, draftOf} from '../draft';
import {isCode} from '../errors';
import {useStates} from '../hooks/useStates';
import {go, type Route} from '../route';
import {texts} from '../texts';
import {BatchView} from './BatchView';
import {Notice} from './Notice';
import {RenderForm} from './RenderForm';
import {RenderList} from './RenderList';
import {RenderView} from './RenderView';

type Props = {
	client: Client;
	draft: Draft;
	onDraft: (change: Partial<Draft>) => void;
	route: Route;
	/** A render of the quota is gone. */
	onSpent: () => void;
	spending: string | null;
};

/** How many renders a page of the list has. */
const PAGE = 10;

/** What somebody who is signed in works with. */
export function Workspace({client, draft, onDraft, route, onSpent, spending}: Props) {
	const [filter, setFilter] = useState<ListedStatus | ''>('');
	const [started, setStarted] = useState<ListedRender | null>(null);
	const batchId = route.kind === 'batch' ? route.id : null;
	const query = useMemo(() => ({limit: PAGE, ...(filter && {status: filter}), ...(batchId && {batchId})}), [filter, batchId]);
	const renders = useRenders(client, query);
	const {setRenders, reload} = renders;
	const watched = route.kind === 'render' ? route.id : null;
	const drop = useCallback((id: string) => setRenders((before) => before.filter(({renderId}) => renderId !== id)), [setRenders]);
	const states = useStates(client, renders.renders, watched, drop);
	const isKept = !isCode(renders.error, 'renders_table_not_configured');
	const toStart = () => go({kind: 'start'});
	const onStarted = useCallback(
		(render: ListedRender) => {
			setStarted(render);
			setRenders((before) => [render, ...before.filter(({renderId}) => renderId !== render.renderId)]);
			onSpent();
			go({kind: 'render', id: render.renderId});
		},
		[setRenders, onSpent],
	);
	const repeat = {
		client,
		onAgain: (renderId: string, of: Render) => {
			const {bucketName, composition, name, customData} = of;
			onStarted({
				renderId,
				bucketName,
				composition,
				name,
				customData,
				kind: 'render',
				status: 'started',
				startedAt: Date.now(),
				finishedAt: null,
				outputUrl: null,
				outputSizeInBytes: null,
				costs: null,
				batchId: null,
			});
		},
		onEdit: ({options, inputProps, composition}: Render) => {
			const edited = draftOf(options ?? {}, inputProps ?? {}, composition);
			onDraft({...edited, props: {...draft.props, ...edited.props}});
			toStart();
			document.getElementById('new-render')?.focus();
		},
	};
	// The list learns what the pane knows.
	const {put} = states;
	const listed = renders.renders?.find(({renderId}) => renderId === watched);
	useEffect(() => {
		if (route.kind === 'start') document.title = texts.title;
	}, [route]);
	const onClose = () => {
		toStart();
		document.getElementById('your-renders')?.focus();
	};
	return (
		<main class="workspace">
			<div class="side">
				{watched && isKept && (
					<RenderView key={watched} {...repeat} id={watched} listed={listed} onRender={put} onClose={onClose} />
				)}
				{batchId && isKept && <BatchView key={batchId} client={client} batchId={batchId} onClose={onClose} />}
				<RenderForm
					client={client}
					draft={draft}
					spending={spending}
					onChange={onDraft}
					onStarted={onStarted}
					onBatch={(id) => {
						onSpent();
						go({kind: 'batch', id});
					}}
					onUncertain={reload}
				/>
			</div>
			{isKept ? (
				<RenderList
					{...repeat}
					renders={renders}
					states={states}
					watched={watched}
					filter={filter}
					onFilter={setFilter}
					onOpen={({renderId}) => go({kind: 'render', id: renderId})}
					onRemoved={(id) => {
						drop(id);
						if (id === watched) toStart();
					}}
				/>
			) : (
				<Unkept started={started} />
			)}
		</main>
	);
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
