import {useState} from 'preact/hooks';
import type {Client, Render, Started} from 'remotion-render-api-client';
import {bodyAgain, type Change, changeOf, fixes} from '../again';
import {texts} from '../texts';
import {ErrorNotice} from './Notice';

export type Repeat = {
	client: Client;
	/** A render was started in the place of another. */
	onAgain: (started: Started, of: Render) => void;
	/** The form is to be filled in with what was sent for a render. */
	onEdit: (render: Render) => void;
};

type Props = Repeat & {
	/** Gives the render as it stands. */
	load: () => Promise<Render>;
	/** The render, where it is known already: it tells what may help. */
	render?: Render | undefined;
};

/** Makes a render again, as it was, with what may help, or after it was edited. */
export function Again({client, onAgain, onEdit, load, render}: Props) {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const attempt = (work: (render: Render) => Promise<void> | void) => async () => {
		if (busy) return;
		setBusy(true);
		setError(null);
		try {
			await work(await load());
		} catch (reason) {
			setError(reason);
		}
		setBusy(false);
	};
	const again = (changeFor: (render: Render) => Change) =>
		attempt(async (whole) => {
			const body = bodyAgain(whole, changeFor(whole));
			if (!body) throw new Error(texts.problem.notAgain);
			onAgain(await client.start(body, {respondAsync: true}), whole);
		});
	const edit = attempt((whole) => {
		if (!whole.options || !whole.inputProps) throw new Error(texts.problem.notAgain);
		onEdit(whole);
	});
	return (
		<>
			{(render ? fixes(render) : []).map((fix) => (
				<button key={fix} type="button" aria-disabled={busy} onClick={again((whole) => changeOf(fix, whole))}>
					{texts.render[fix]}
				</button>
			))}
			<button type="button" class="secondary" aria-disabled={busy} aria-busy={busy} onClick={again(() => ({}))}>
				{texts.render.again}
			</button>
			<button type="button" class="secondary" aria-disabled={busy} onClick={edit}>
				{texts.render.edit}
			</button>
			<ErrorNotice error={error} />
		</>
	);
}
