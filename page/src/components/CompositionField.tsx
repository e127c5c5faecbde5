import {formatNumber} from '../format';
import {texts} from '../texts';
import type {Composition} from '../types';
import {Fact} from './Fact';
import {SelectField} from './Field';

type Props = {
	list: readonly Composition[];
	chosen: Composition;
	errors: readonly string[];
	onChosen: (id: string) => void;
};

export function CompositionField({list, chosen, errors, onChosen}: Props) {
	const {facts} = texts.form;
	const {id, width, height, fps, durationInFrames} = chosen;
	return (
		<div class="composition">
			<SelectField
				label={texts.form.composition}
				errors={errors}
				value={id}
				onValue={onChosen}
				options={list.map((one) => [one.id, one.id])}
			/>
			<dl class="facts">
				<Fact name={facts.size} value={texts.form.size(width, height)} />
				<Fact name={facts.fps} value={texts.form.fps(formatNumber(fps))} />
				<Fact name={facts.length} value={texts.form.seconds(formatNumber(durationInFrames / fps))} />
				<Fact name={facts.frames} value={formatNumber(durationInFrames)} />
			</dl>
		</div>
	);
}
