import {useState} from 'preact/hooks';
import type {Client} from 'remotion-render-api-client';
import {isCode} from '../errors';
import {texts} from '../texts';
import {ErrorNotice} from './Notice';

type Props = {
	client: Client;
	id: string;
	/** The state on the page is an old one. */
	onOutdated: () => void;
};

/** Asks a render to stop. Its status says whether it has. */
export function Cancel({client, id, onOutdated}: Props) {
	const [asked, setAsked] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const cancel = async () => {
		if (asked) return;
		setAsked(true);
		setError(null);
		try {
			await client.cancel(id);
		} catch (reason) {
			setAsked(false);
			setError(reason);
			if (isCode(reason, 'render_over')) onOutdated();
		}
	};
	return (
		<>
			<ErrorNotice error={error} />
			<div class="actions">
				<button type="button" class="secondary" aria-disabled={asked} onClick={cancel}>
					{texts.render.cancel}
				</button>
				<p class="muted" role="status">
					{asked && texts.render.cancelling}
				</p>
			</div>
		</>
	);
}
