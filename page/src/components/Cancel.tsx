import {useState} from 'preact/hooks';
import type {Api} from '../api';
import {texts} from '../texts';
import {ErrorNotice} from './Notice';

/** Asks a render to stop. Whether it has, its status tells. */
export function Cancel({api, id}: {api: Api; id: string}) {
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
