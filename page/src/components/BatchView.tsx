import {useEffect, useState} from 'preact/hooks';
import type {Batch, Client} from 'remotion-render-api-client';
import {pause} from 'remotion-render-api-client/pause';
import {isCode} from '../errors';
import {formatNumber} from '../format';
import {texts} from '../texts';
import {whenVisible} from '../wait';
import {Fact} from './Fact';
import {Heading} from './Heading';
import {ErrorNotice} from './Notice';

type Props = {
	client: Client;
	batchId: string;
	/** It stands otherwise than before. */
	onChange: (batch: Batch) => void;
	onClose: () => void;
};

const REFRESH = 5_000;
const STATES = ['waiting', 'started', 'done', 'failed', 'cancelled'] as const;
const words = texts.batch;

/** How a batch stands. Its renders are in the list. */
export function BatchView({client, batchId, onChange, onClose}: Props) {
	const [batch, setBatch] = useState<Batch | null>(null);
	const [error, setError] = useState<unknown>(null);
	const [asked, setAsked] = useState(false);
	const [refusal, setRefusal] = useState<unknown>(null);
	useEffect(() => {
		const abort = new AbortController();
		const {signal} = abort;
		const follow = async () => {
			while (!signal.aborted) {
				await whenVisible(signal);
				try {
					const now = await client.getBatch(batchId, {signal});
					setBatch(now);
					setError(null);
					if (now.finishedAt !== null) return;
				} catch (reason) {
					if (signal.aborted) return;
					setError(reason);
					if (isCode(reason, 'batch_not_found')) return;
				}
				await pause(REFRESH, signal);
			}
		};
		// Whoever aborts it waits for nothing.
		follow().catch(() => {});
		return () => abort.abort();
	}, [client, batchId]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for each answer
	useEffect(() => {
		if (batch) onChange(batch);
	}, [batch]);
	const cancel = async () => {
		if (asked) return;
		setAsked(true);
		setRefusal(null);
		await client.cancelBatch(batchId).catch((reason) => {
			setAsked(false);
			setRefusal(reason);
		});
	};
	const over = batch ? batch.done + batch.failed + batch.cancelled : 0;
	return (
		<section class="card" aria-labelledby="current-batch">
			<div class="card-head">
				<Heading id="current-batch" focus>
					{words.title}
				</Heading>
				<button type="button" class="quiet" onClick={onClose}>
					{texts.render.close}
				</button>
			</div>
			<p class="id">{batchId}</p>
			{!batch && !error && <p class="muted busy">{words.loading}</p>}
			<ErrorNotice error={error} sentence={isCode(error, 'batch_not_found') ? words.gone : undefined} />
			{batch && (
				<>
					<progress max={batch.total} value={over} aria-label={words.progress} />
					<dl class="facts">
						{STATES.map((state) => (
							<Fact key={state} name={words.facts[state]} value={formatNumber(batch[state])} />
						))}
						<Fact name={words.cost} value={batch.costs.displayCost} />
					</dl>
					{over < batch.total && (
						<>
							<ErrorNotice error={refusal} />
							<button type="button" class="secondary" aria-disabled={asked} onClick={cancel}>
								{words.cancel}
							</button>
						</>
					)}
				</>
			)}
		</section>
	);
}
