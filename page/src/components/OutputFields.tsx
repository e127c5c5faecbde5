import {useId} from 'preact/hooks';
import type {Composition} from 'remotion-render-api-client';
import {type Draft, isShown} from '../draft';
import {CODECS, type Control, crfRange, USUAL_CODEC} from '../options';
import {texts} from '../texts';
import {CheckField, Errors, SelectField, TextField} from './Field';

type Props = {
	draft: Draft;
	composition: Composition;
	onChange: (change: Partial<Draft>) => void;
	errorsOf: (control: Control) => readonly string[];
};

type Typed = 'crf' | 'scale' | 'jpegQuality' | 'everyNthFrame' | 'numberOfGifLoops' | 'outName';
type Chosen = 'codec' | 'imageFormat' | 'proResProfile' | 'downloadBehavior' | 'deleteAfter';

const PRORES_PROFILES = ['4444-xq', '4444', 'hq', 'standard', 'light', 'proxy'];

const words = texts.options;

/** Controls for the common options. For an empty one the operator's default applies. */
export function OutputFields({draft, composition, onChange, errorsOf}: Props) {
	const {codec} = draft;
	const crf = crfRange(codec);
	const typed = (control: Typed, hint?: string, placeholder = '') =>
		isShown(control, draft) && (
			<TextField
				label={words[control]}
				hint={hint}
				errors={errorsOf(control)}
				inputMode={control === 'outName' ? 'text' : 'decimal'}
				placeholder={placeholder}
				value={draft[control]}
				onValue={(value) => onChange({[control]: value})}
			/>
		);
	const chosen = (control: Chosen, labels: Record<string, string>, hint?: string) =>
		isShown(control, draft) && (
			<SelectField
				label={words[control]}
				hint={hint}
				errors={errorsOf(control)}
				value={draft[control]}
				onValue={(value) => onChange({[control]: value})}
				options={[['', words.default], ...Object.entries(labels)]}
			/>
		);
	return (
		<fieldset class="options">
			<legend>{texts.form.output}</legend>
			<div class="grid">
				{crf && typed('crf', words.crfHint(...crf))}
				{chosen('proResProfile', Object.fromEntries(PRORES_PROFILES.map((profile) => [profile, profile])))}
				{typed('everyNthFrame', words.everyNthFrameHint, '1')}
				{typed('numberOfGifLoops', words.numberOfGifLoopsHint)}
				{typed('scale', scaled(composition, draft.scale), '1')}
				<FrameRange draft={draft} composition={composition} onChange={onChange} errorsOf={errorsOf} />
				{chosen('imageFormat', words.imageFormats, words.imageFormatHint)}
				{typed('jpegQuality', words.jpegQualityHint, '80')}
				{typed('outName', undefined, words.outNamePlaceholder(CODECS[codec || USUAL_CODEC]))}
				{chosen('downloadBehavior', words.downloadBehaviors)}
				{chosen('deleteAfter', words.deleteAfters)}
				{isShown('muted', draft) && (
					<CheckField
						label={words.muted}
						errors={errorsOf('muted')}
						checked={draft.muted}
						onChecked={(muted) => onChange({muted})}
					/>
				)}
			</div>
		</fieldset>
	);
}

function FrameRange({draft, composition, onChange, errorsOf}: Props) {
	const id = useId();
	const errors = errorsOf('frameRange');
	const last = Math.max(composition.durationInFrames - 1, 0);
	const frame = (key: 'firstFrame' | 'lastFrame', placeholder: number) => (
		<input
			type="text"
			inputMode="numeric"
			autocomplete="off"
			placeholder={String(placeholder)}
			aria-label={words[key]}
			aria-describedby={errors.length > 0 ? `${id}-errors ${id}-hint` : `${id}-hint`}
			aria-invalid={errors.length > 0 || undefined}
			value={draft[key]}
			onInput={(event) => onChange({[key]: event.currentTarget.value})}
		/>
	);
	return (
		<fieldset class="field range">
			<legend>{words.frameRange}</legend>
			<div class="pair">
				{frame('firstFrame', 0)}
				<span aria-hidden="true">{words.frameRangeTo}</span>
				{frame('lastFrame', last)}
			</div>
			<Errors id={`${id}-errors`} errors={errors} />
			<p class="hint" id={`${id}-hint`}>
				{last > 0 && words.frameRangeHint(last)}
			</p>
		</fieldset>
	);
}

/** The size of the output. */
function scaled({width, height}: Composition, scale: string): string {
	const factor = Number(scale || 1);
	if (!(factor > 0 && width > 0)) return words.scaleHint;
	return words.scaledTo(Math.round(width * factor), Math.round(height * factor));
}
