import {useState} from 'preact/hooks';
import type {Api} from '../api';
import {Problem} from '../problem';
import {texts} from '../texts';
import {ErrorNotice} from './Notice';

type Props = {
	api: Api;
	id: string;
	/** The state on the page is an old one. */
	onOutdated: () => void;
};

/** Asks a render to stop. Its status says whether it has. */
export function Cancel({api, id, onOutdated}: Props) {
	const [asked, setAsked] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const cancel = async () => {
		if (asked) return;
		setAsked(true);
		setError(null);
		try {
			await api.cancel(id);
		} catch (reason) {
			setAsked(false);
			setError(reason);
			if (reason instanceof Problem && reason.code === 'render_over') onOutdated();
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
