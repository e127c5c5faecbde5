import {useEffect, useRef, useState} from 'preact/hooks';
import {ApiError, type Client, type Composition, type ListedRender} from 'remotion-render-api-client';
import {bodyOf, type Draft, faultsInMore, faultsInProps, filledIn, missingIn, nameOf} from '../draft';
import {isCode} from '../errors';
import {opened} from '../file';
import {useCompositions} from '../hooks/useCompositions';
import {keep, recall} from '../kept';
import {elsewhere, type Refusal, stands} from '../refusal';
import {texts} from '../texts';
import {Batch, type BatchFile} from './BatchFile';
import {Errors} from './Field';
import {FileField} from './FileField';
import {Heading} from './Heading';
import {ErrorNotice, Notice} from './Notice';
import {RenderFields} from './RenderFields';

type Props = {
	client: Client;
	draft: Draft;
	/** What the months' renders cost, in a sentence. */
	spending: string | null;
	onChange: (change: Partial<Draft>) => void;
	onStarted: (render: ListedRender) => void;
	onBatch: (batchId: string) => void;
	/** A render may have started all the same. */
	onUncertain: () => void;
};

type Failure = Refusal & {error: unknown};

/** Starts a render of what is filled in. */
export function RenderForm({client, draft: typed, spending, onChange, onStarted, onBatch, onUncertain}: Props) {
	const {list, error, reload} = useCompositions(client);
	const [busy, setBusy] = useState<'sending' | 'waiting' | 'lost' | null>(null);
	const [failure, setFailure] = useState<Failure | null>(null);
	const [batch, setBatch] = useState<BatchFile | null>(null);
	const [told, setTold] = useState('');
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => {
		if (failure) focusFirstError(form.current);
	}, [failure]);

	const filled = list ? filledIn(typed, list) : error ? typedOnly(typed) : null;
	const missing = list ? missingIn(list, typed) : null;
	const send = async (body: string, name: string | null, composition: string, draft: Draft) => {
		setBusy('sending');
		setFailure(null);
		// A reload goes on with it; the client has its key.
		keep('start', {body, name, composition});
		try {
			const onRetry = ({code}: ApiError) => setBusy(code === 'idempotency_in_flight' ? 'waiting' : 'lost');
			const started = await client.start(body, {respondAsync: true, onRetry});
			keep('start', null);
			onStarted(asListed(started, name, composition));
		} catch (reason) {
			keep('start', null);
			setFailure({error: reason, violations: reason instanceof ApiError ? reason.errors : [], sent: draft});
			if (isCode(reason, 'render_outcome_unknown', 'idempotency_outcome_unknown')) onUncertain();
		}
		setBusy(null);
	};
	const start = async () => {
		if (busy || !filled) return;
		const {draft} = filled;
		const hasFaults = [...faultsInProps(draft), ...faultsInMore(draft)].length > 0;
		if (missing !== null || hasFaults || form.current?.querySelector('.props [aria-invalid]'))
			return focusFirstError(form.current);
		await send(bodyOf(draft), nameOf(draft) || null, draft.composition, draft);
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: once, for what a reload has interrupted
	useEffect(() => {
		const pending = recall('start');
		if (pending) void send(pending.body, pending.name, pending.composition, typed);
	}, []);

	const onFile = async (file: File) => {
		const content = opened(await file.text(), filled?.draft.composition ?? '');
		setTold('');
		setBatch(null);
		if (!content) return setTold(texts.form.fileWrong(file.name));
		if ('batch' in content) return setBatch({name: file.name, ...content});
		if ('draft' in content) onChange(content.draft);
		else onChange({props: {...typed.props, [filled?.draft.composition ?? '']: content.props}});
		setTold(texts.form.fileOpened(file.name));
	};

	const lost = isCode(failure?.error, 'unreachable');
	return (
		<form
			class="card"
			ref={form}
			aria-labelledby="new-render"
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				void start();
			}}
			onKeyDown={(event) => {
				if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void start();
			}}
			onDragOver={(event) => event.preventDefault()}
			onDrop={(event) => {
				const [file] = event.dataTransfer?.files ?? [];
				if (!file) return;
				event.preventDefault();
				void onFile(file);
			}}
		>
			<Heading id="new-render" focus>
				{texts.form.title}
			</Heading>
			<ErrorNotice error={error} onRetry={reload} />
			{!list && !error && (
				<p class="muted busy" role="status">
					{texts.form.loading}
				</p>
			)}
			{list?.length === 0 && (
				<Notice kind="plain">
					<p>{texts.form.none}</p>
				</Notice>
			)}
			{filled && (
				<>
					<FileField onFile={onFile} told={told} />
					{batch && <Batch client={client} file={batch} onClose={() => setBatch(null)} onStarted={onBatch} />}
					<RenderFields {...filled} list={list} missing={missing} refusal={failure} onChange={onChange} />
					<div class="dock">
						{failure && (failure.violations.length === 0 || stands(failure, filled.draft)) && (
							<ErrorNotice error={failure.error} sentence={sentenceOn(failure)} onRetry={lost ? start : undefined}>
								<Errors id="start-errors" errors={elsewhere(failure)} />
							</ErrorNotice>
						)}
						<div class="actions">
							<button type="submit" aria-disabled={busy !== null} aria-busy={busy !== null} title={texts.form.shortcut}>
								{texts.form.start}
							</button>
							<p class="muted" role="status">
								{busy === 'waiting' && texts.form.waiting}
								{busy === 'lost' && texts.form.lost}
							</p>
						</div>
						{spending && <p class="hint">{spending}</p>}
					</div>
				</>
			)}
		</form>
	);
}

/** Where the compositions cannot be listed, one is typed, of which nothing is known. */
function typedOnly(draft: Draft): {draft: Draft; composition: Composition} {
	const {composition: id} = draft;
	return {draft, composition: {id, width: 0, height: 0, fps: 0, durationInFrames: 0, defaultProps: {}}};
}

/** As the list will have it. */
function asListed(
	{renderId, bucketName, waiting}: Awaited<ReturnType<Client['start']>>,
	name: string | null,
	composition: string,
): ListedRender {
	return {
		renderId,
		bucketName,
		kind: 'render',
		name,
		composition,
		status: waiting ? 'waiting' : 'started',
		startedAt: Date.now(),
		finishedAt: null,
		outputUrl: null,
		outputSizeInBytes: null,
		costs: null,
		customData: null,
		batchId: null,
	};
}

/** Instead of the error's own. */
function sentenceOn(failure: Failure): string | undefined {
	const {problem} = texts;
	if (isCode(failure.error, 'unreachable')) return problem.startUnreachable;
	if (failure.violations.length === 0) return undefined;
	return failure.violations.length > elsewhere(failure).length ? problem.fields : problem.options;
}

function focusFirstError(form: HTMLFormElement | null) {
	form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
