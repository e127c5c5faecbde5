import {useCallback} from 'preact/hooks';
import type {Api} from '../api';
import type {Draft} from '../draft';
import {useRenders} from '../hooks/useRenders';
import {useStates} from '../hooks/useStates';
import {Problem} from '../problem';
import type {Starter} from '../start';
import {texts} from '../texts';
import type {ListedRender} from '../types';
import {Notice} from './Notice';
import {RenderForm} from './RenderForm';
import {RenderList} from './RenderList';
import {RenderView} from './RenderView';

type Props = {
	api: Api;
	starter: Starter;
	draft: Draft;
	onDraft: (change: Partial<Draft>) => void;
	watched: ListedRender | null;
	onWatch: (render: ListedRender | null) => void;
};

/** What somebody who is signed in works with. */
export function Workspace({api, starter, draft, onDraft, watched, onWatch}: Props) {
	const renders = useRenders(api);
	const {add, drop} = renders;
	const states = useStates(api, renders.list, watched?.renderId ?? null, drop);
	const isKept = !(renders.error instanceof Problem && renders.error.code === 'renders_table_not_configured');
	const onStarted = useCallback(
		(render: ListedRender) => {
			add(render);
			onWatch(render);
		},
		[add, onWatch],
	);
	return (
		<main class="workspace">
			<RenderForm
				api={api}
				starter={starter}
				draft={draft}
				onChange={onDraft}
				onStarted={onStarted}
				onUncertain={renders.reload}
			/>
			<div class="side">
				{watched && isKept && (
					<RenderView
						key={watched.renderId}
						api={api}
						listed={watched}
						onRender={states.put}
						onClose={() => {
							onWatch(null);
							document.getElementById('your-renders')?.focus();
						}}
					/>
				)}
				{isKept ? (
					<RenderList
						api={api}
						renders={renders}
						states={states}
						watched={watched?.renderId ?? null}
						onOpen={onWatch}
						onRemoved={(id) => {
							drop(id);
							if (id === watched?.renderId) onWatch(null);
						}}
					/>
				) : (
					<Unkept started={watched} />
				)}
			</div>
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
