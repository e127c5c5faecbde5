import {useEffect, useRef, useState} from 'preact/hooks';
import type {Api} from '../api';
import {bodyOf, type Draft, faultsInMore, faultsInProps, filledIn} from '../draft';
import {useCompositions} from '../hooks/useCompositions';
import {Problem, Unreachable} from '../problem';
import {elsewhere, type Refusal, stands} from '../refusal';
import type {Starter} from '../start';
import {texts} from '../texts';
import type {ListedRender} from '../types';
import {Errors} from './Field';
import {Heading} from './Heading';
import {ErrorNotice, Notice} from './Notice';
import {RenderFields} from './RenderFields';

type Props = {
	api: Api;
	starter: Starter;
	draft: Draft;
	onChange: (change: Partial<Draft>) => void;
	onStarted: (render: ListedRender) => void;
	/** A render may have started all the same. */
	onUncertain: () => void;
};

type Failure = Refusal & {error: unknown};

/** The answers after which a render may have started all the same. */
const UNCERTAIN = ['render_outcome_unknown', 'idempotency_outcome_unknown'];

/** Starts a render of what is filled in. */
export function RenderForm({api, starter, draft: typed, onChange, onStarted, onUncertain}: Props) {
	const {list, error, reload} = useCompositions(api);
	const [busy, setBusy] = useState<'sending' | 'waiting' | null>(null);
	const [failure, setFailure] = useState<Failure | null>(null);
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => {
		if (failure) focusFirstError(form.current);
	}, [failure]);

	const filled = list && filledIn(typed, list);
	const start = async () => {
		if (busy || !filled) return;
		const {draft} = filled;
		if ([...faultsInProps(draft), ...faultsInMore(draft)].length > 0) return focusFirstError(form.current);
		setBusy('sending');
		setFailure(null);
		try {
			const {renderId} = await starter.start(bodyOf(draft), () => setBusy('waiting'));
			onStarted({renderId, kind: 'render', composition: draft.composition, startedAt: Date.now()});
		} catch (reason) {
			const violations = reason instanceof Problem ? reason.violations : [];
			setFailure({error: reason, violations, sent: draft});
			if (reason instanceof Problem && UNCERTAIN.includes(reason.code ?? '')) onUncertain();
		}
		setBusy(null);
	};

	const lost = failure?.error instanceof Unreachable;
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
			{list && filled && (
				<>
					<RenderFields {...filled} list={list} refusal={failure} onChange={onChange} />
					<div class="dock">
						{failure && (failure.violations.length === 0 || stands(failure, filled.draft)) && (
							<ErrorNotice
								error={failure.error}
								sentence={sentenceOn(failure, starter)}
								onRetry={lost && starter.takesKeys ? start : undefined}
							>
								<Errors id="start-errors" errors={elsewhere(failure)} />
							</ErrorNotice>
						)}
						<div class="actions">
							<button type="submit" aria-disabled={busy !== null} aria-busy={busy !== null}>
								{texts.form.start}
							</button>
							<p class="muted" role="status">
								{busy === 'waiting' && texts.form.waiting}
							</p>
						</div>
					</div>
				</>
			)}
		</form>
	);
}

/** Instead of the error's own. */
function sentenceOn(failure: Failure, {takesKeys}: Starter): string | undefined {
	const {problem} = texts;
	if (failure.error instanceof Unreachable) return takesKeys ? problem.startUnreachable : problem.startUnreachableWithoutKey;
	if (failure.violations.length === 0) return undefined;
	return failure.violations.length > elsewhere(failure).length ? problem.fields : problem.options;
}

function focusFirstError(form: HTMLFormElement | null) {
	form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
