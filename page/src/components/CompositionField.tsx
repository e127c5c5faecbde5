import type {Composition} from 'remotion-render-api-client';
import {formatNumber} from '../format';
import {texts} from '../texts';
import {Fact} from './Fact';
import {SelectField, TextField} from './Field';

type Props = {
	/** `null` where they cannot be listed: then one is typed. */
	list: readonly Composition[] | null;
	chosen: Composition;
	/** What was asked for, by a file or an earlier render, and is not in the list. */
	missing: string | null;
	errors: readonly string[];
	onChosen: (id: string) => void;
};

export function CompositionField({list, chosen, missing, errors, onChosen}: Props) {
	const {facts} = texts.form;
	const {id, width, height, fps, durationInFrames} = chosen;
	if (!list) {
		return (
			<TextField
				label={texts.form.composition}
				hint={texts.form.typedComposition}
				errors={errors}
				value={id}
				onValue={onChosen}
			/>
		);
	}
	return (
		<div class="composition">
			<SelectField
				label={texts.form.composition}
				errors={missing === null ? errors : [texts.form.noComposition(missing)]}
				value={missing ?? id}
				onValue={onChosen}
				options={[...(missing === null ? [] : [missing]), ...list.map((one) => one.id)].map((one) => [one, one])}
			/>
			<dl class="facts">
				<Fact name={facts.size} value={texts.form.dimensions(width, height)} />
				<Fact name={facts.fps} value={texts.form.fps(formatNumber(fps))} />
				<Fact name={facts.length} value={texts.form.seconds(formatNumber(durationInFrames / fps))} />
				<Fact name={facts.frames} value={formatNumber(durationInFrames)} />
			</dl>
		</div>
	);
}
