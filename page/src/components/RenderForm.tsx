import {useEffect, useRef, useState} from 'preact/hooks';
import type {Client, Composition} from 'remotion-render-api-client';
import {bodyOf, type Draft, faultsInMore, faultsInProps, filledIn, missingIn} from '../draft';
import {isCode} from '../errors';
import {opened} from '../file';
import {useCompositions} from '../hooks/useCompositions';
import type {Failure, Start} from '../hooks/useStart';
import {elsewhere, stands} from '../refusal';
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
	start: Start;
	/** Whether a start that is sent again cannot become a second render. */
	hasKeys: boolean;
	/** Whether nothing else on the page is to be read first. */
	focus: boolean;
	onChange: (change: Partial<Draft>) => void;
	onBatch: (batchId: string) => void;
};

/** Starts a render of what is filled in. */
export function RenderForm({client, draft: typed, spending, start, hasKeys, focus, onChange, onBatch}: Props) {
	const {list, error, reload} = useCompositions(client);
	const {phase, failure} = start;
	const [isFirst] = useState(focus);
	const [batch, setBatch] = useState<BatchFile | null>(null);
	const [told, setTold] = useState('');
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => {
		if (failure) focusFirstError(form.current);
	}, [failure]);

	const filled = list ? filledIn(typed, list) : error ? typedOnly(typed) : null;
	const missing = list ? missingIn(list, typed) : null;
	const submit = () => {
		if (phase || !filled) return;
		const {draft} = filled;
		const hasFaults = [...faultsInProps(draft), ...faultsInMore(draft)].length > 0;
		if (missing !== null || hasFaults || form.current?.querySelector('.props [aria-invalid]'))
			return focusFirstError(form.current);
		start.send({body: bodyOf(draft), draft});
	};

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

	// What was sent, though the form may have changed: only that is not started twice.
	const retry =
		failure && hasKeys && isCode(failure.error, 'unreachable')
			? () => start.send({body: failure.body, draft: failure.sent})
			: undefined;
	return (
		<form
			class="card"
			ref={form}
			aria-labelledby="new-render"
			noValidate
			onSubmit={(event) => {
				event.preventDefault();
				submit();
			}}
			onKeyDown={(event) => {
				if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
			}}
			onDragOver={(event) => event.preventDefault()}
			onDrop={(event) => {
				const [file] = event.dataTransfer?.files ?? [];
				if (!file) return;
				event.preventDefault();
				void onFile(file);
			}}
		>
			<Heading id="new-render" focus={isFirst}>
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
							<ErrorNotice error={failure.error} sentence={sentenceOn(failure, hasKeys)} onRetry={retry}>
								<Errors id="start-errors" errors={elsewhere(failure)} />
							</ErrorNotice>
						)}
						<div class="actions">
							<button type="submit" aria-disabled={phase !== null} aria-busy={phase !== null} title={texts.form.shortcut}>
								{texts.form.start}
							</button>
							<p class="muted" role="status">
								{phase && texts.form.phases[phase]}
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

/** Instead of the error's own. */
function sentenceOn(failure: Failure, hasKeys: boolean): string | undefined {
	const {problem} = texts;
	if (isCode(failure.error, 'unreachable')) return hasKeys ? problem.startUnreachable : problem.startUnreachableWithoutKey;
	if (failure.violations.length === 0) return undefined;
	return failure.violations.length > elsewhere(failure).length ? problem.fields : problem.options;
}

function focusFirstError(form: HTMLFormElement | null) {
	form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
