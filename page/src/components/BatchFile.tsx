import {useState} from 'preact/hooks';
import {ApiError, type BatchOptions, type Client} from 'remotion-render-api-client';
import {formatNumber} from '../format';
import {texts} from '../texts';
import {ErrorNotice, Notice} from './Notice';

/** A file that makes a batch. */
export type BatchFile = {name: string; batch: BatchOptions; count: number};

type Props = {
	client: Client;
	file: BatchFile;
	onClose: () => void;
	onStarted: (batchId: string) => void;
};

/** What is wrong with a batch is told for so many of its items. */
const TOLD = 5;

/** Asks before a batch is started: it may be a thousand renders. */
export function Batch({client, file: {name, batch, count}, onClose, onStarted}: Props) {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>(null);
	const start = async () => {
		if (busy) return;
		setBusy(true);
		setError(null);
		try {
			const {batchId} = await client.startBatch(batch);
			onClose();
			onStarted(batchId);
		} catch (reason) {
			setError(reason);
			setBusy(false);
		}
	};
	const wrong = error instanceof ApiError ? error.errors.slice(0, TOLD) : [];
	return (
		<Notice kind="plain">
			<p>{texts.form.batch(formatNumber(count), name)}</p>
			<ErrorNotice error={error}>
				{wrong.length > 0 && (
					<ul class="errors">
						{wrong.map(({pointer, detail}) => (
							<li key={pointer}>
								{pointer} {detail}
							</li>
						))}
					</ul>
				)}
			</ErrorNotice>
			<div class="actions">
				<button type="button" aria-disabled={busy} aria-busy={busy} onClick={start}>
					{texts.form.startBatch(formatNumber(count))}
				</button>
				<button type="button" class="secondary" onClick={onClose}>
					{texts.form.dropBatch}
				</button>
			</div>
		</Notice>
	);
}
