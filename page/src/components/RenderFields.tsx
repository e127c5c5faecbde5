import {useState} from 'preact/hooks';
import type {Composition} from 'remotion-render-api-client';
import {type Draft, faultsInMore, faultsInProps, propsOf, suggestedName} from '../draft';
import {CONTROLS, type Control} from '../options';
import {fieldsOf, withProp} from '../props';
import {errorsAt, marksInMore, marksInProps, type Refusal} from '../refusal';
import {texts} from '../texts';
import {CompositionField} from './CompositionField';
import {TextField} from './Field';
import {JsonEditor} from './JsonEditor';
import {OutputFields} from './OutputFields';
import {Presets} from './Presets';
import {PropFields} from './PropFields';

type Props = {
	/** `null` where they cannot be listed. */
	list: readonly Composition[] | null;
	composition: Composition;
	/** What was asked for in its place, and is not in the list. */
	missing: string | null;
	draft: Draft;
	/** What the API has said to it, if it has refused it. */
	refusal: Refusal | null;
	onChange: (change: Partial<Draft>) => void;
};

const REFERENCE = 'https://www.remotion.dev/docs/lambda/rendermediaonlambda';

/** The options that are always in sight. */
const IN_SIGHT: readonly Control[] = ['composition', 'name', 'inputProps', 'codec'];

/** The options that are folded away. */
const FOLDED = CONTROLS.filter((control) => !IN_SIGHT.includes(control));

/** What is to be rendered: a composition, its props, and options. */
export function RenderFields({list, composition, missing, draft, refusal, onChange}: Props) {
	const [unfolded, setUnfolded] = useState(false);
	const errorsOf = (control: Control) => (refusal ? errorsAt(refusal, draft, control) : []);
	const moreMarks = [...faultsInMore(draft), ...(refusal ? marksInMore(refusal, draft) : [])];
	const hasFolded = moreMarks.length > 0 || FOLDED.some((control) => errorsOf(control).length > 0);
	return (
		<>
			<CompositionField
				list={list}
				chosen={composition}
				missing={missing}
				errors={errorsOf('composition')}
				onChosen={(id) => onChange({composition: id})}
			/>
			<InputProps composition={composition} draft={draft} refusal={refusal} onChange={onChange} />
			<TextField
				label={texts.form.name}
				hint={texts.form.nameHint}
				errors={errorsOf('name')}
				placeholder={suggestedName(draft)}
				value={draft.name}
				onValue={(name) => onChange({name})}
			/>
			<Presets draft={draft} composition={composition} errorsOf={errorsOf} onChange={onChange} />
			<details open={unfolded || hasFolded} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
				<summary>{texts.form.more}</summary>
				<OutputFields draft={draft} composition={composition} errorsOf={errorsOf} onChange={onChange} />
				<JsonEditor
					label={texts.form.moreLabel}
					hint={
						<>
							{texts.form.moreHint}{' '}
							<a href={REFERENCE} target="_blank" rel="noreferrer">
								{texts.form.reference}
							</a>
						</>
					}
					value={draft.more}
					marks={moreMarks}
					onValue={(more) => onChange({more})}
				/>
			</details>
		</>
	);
}

/** The props, as fields where they are simple, or as JSON. */
function InputProps({composition, draft, refusal, onChange}: Omit<Props, 'list' | 'missing'>) {
	const [asJson, setAsJson] = useState(false);
	const [resets, setResets] = useState(0);
	const {[composition.id]: _, ...otherProps} = draft.props;
	const text = propsOf(draft);
	const marks = [...faultsInProps(draft), ...(refusal ? marksInProps(refusal, draft) : [])];
	const simple = marks.length === 0 ? fieldsOf(text, composition.defaultProps) : null;
	const onText = (next: string) => onChange({props: {...otherProps, [composition.id]: next}});
	const reset = () => {
		onChange({props: otherProps});
		// What is typed in a field and is no value goes with the rest.
		setResets(resets + 1);
	};
	const actions = (
		<span class="links">
			{simple && (
				<button type="button" class="link" onClick={() => setAsJson(!asJson)}>
					{asJson ? texts.form.asFields : texts.form.asJson}
				</button>
			)}
			<button type="button" class="link" onClick={reset}>
				{texts.form.resetProps}
			</button>
		</span>
	);
	if (asJson || !simple) {
		return (
			<JsonEditor
				label={texts.form.props}
				hint={texts.form.propsHint}
				value={text}
				marks={marks}
				onValue={onText}
				action={actions}
			/>
		);
	}
	return (
		<fieldset class="options props">
			<legend>{texts.form.props}</legend>
			<div class="field-head">{actions}</div>
			<PropFields key={resets} {...simple} onValue={(name, value) => onText(withProp(text, name, value))} />
		</fieldset>
	);
}
