import {useState} from 'preact/hooks';
import {type Draft, faultsInMore, faultsInProps, propsOf} from '../draft';
import type {Control} from '../options';
import {errorsAt, marksInMore, marksInProps, type Refusal} from '../refusal';
import {texts} from '../texts';
import type {Composition} from '../types';
import {CompositionField} from './CompositionField';
import {JsonEditor} from './JsonEditor';
import {OutputFields} from './OutputFields';

type Props = {
	list: readonly Composition[];
	composition: Composition;
	draft: Draft;
	/** What the API has said to it, if it has refused it. */
	refusal: Refusal | null;
	onChange: (change: Partial<Draft>) => void;
};

const REFERENCE = 'https://www.remotion.dev/docs/lambda/rendermediaonlambda';

/** What is to be rendered: a composition, its props, and options. */
export function RenderFields({list, composition, draft, refusal, onChange}: Props) {
	const [unfolded, setUnfolded] = useState(false);
	const errorsOf = (control: Control) => (refusal ? errorsAt(refusal, draft, control) : []);
	const {[composition.id]: _, ...otherProps} = draft.props;
	const moreMarks = [...faultsInMore(draft), ...(refusal ? marksInMore(refusal, draft) : [])];
	return (
		<>
			<CompositionField
				list={list}
				chosen={composition}
				errors={errorsOf('composition')}
				onChosen={(id) => onChange({composition: id})}
			/>
			<JsonEditor
				label={texts.form.props}
				hint={texts.form.propsHint}
				value={propsOf(draft)}
				marks={[...faultsInProps(draft), ...(refusal ? marksInProps(refusal, draft) : [])]}
				onValue={(text) => onChange({props: {...otherProps, [composition.id]: text}})}
				action={
					<button type="button" class="link" onClick={() => onChange({props: otherProps})}>
						{texts.form.resetProps}
					</button>
				}
			/>
			<OutputFields draft={draft} composition={composition} errorsOf={errorsOf} onChange={onChange} />
			<details open={unfolded || moreMarks.length > 0} onToggle={(event) => setUnfolded(event.currentTarget.open)}>
				<summary>{texts.form.more}</summary>
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
