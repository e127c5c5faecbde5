import type {Composition} from 'remotion-render-api-client';
import type {Draft} from '../draft';
import {applies, type Codec, type Control} from '../options';
import {crfOf, type Quality, qualityOf} from '../presets';
import {texts} from '../texts';
import {SelectField} from './Field';

type Props = {
	draft: Draft;
	composition: Composition;
	onChange: (change: Partial<Draft>) => void;
	errorsOf: (control: Control) => readonly string[];
};

const words = texts.form;

/** In this order: an object would have its whole numbers first. */
const FACTORS = ['', '0.5', '2'] as const;

/** Format, size and quality, by names that everybody knows. */
export function Presets({draft, composition: {width, height}, onChange, errorsOf}: Props) {
	const {codec, scale} = draft;
	const quality = qualityOf(draft.crf, codec);
	const custom = [['custom', words.custom] as const];
	const sizes = FACTORS.map((factor) => {
		const label = words.sizes[factor];
		const times = Number(factor || 1);
		return [factor, width > 0 ? words.sizeOf(label, Math.round(width * times), Math.round(height * times)) : label] as const;
	});
	const isNamed = scale in words.sizes;
	const onCodec = (next: Codec | '') => {
		// The same quality is another number with another codec.
		onChange({codec: next, ...(quality && {crf: crfOf(quality, next) ?? ''})});
	};
	return (
		<div class="grid presets">
			<SelectField
				label={texts.options.codec}
				errors={errorsOf('codec')}
				value={codec}
				onValue={onCodec}
				options={[['', texts.options.default], ...(Object.entries(texts.options.codecs) as [Codec, string][])]}
			/>
			{crfOf('high', codec) !== null && (
				<SelectField
					label={words.quality}
					value={quality ?? 'custom'}
					onValue={(value) => value !== 'custom' && onChange({crf: crfOf(value as Quality, codec) ?? ''})}
					options={[...Object.entries(words.qualities), ...(quality === null ? custom : [])]}
				/>
			)}
			{applies('scale', codec) && (
				<SelectField
					label={words.size}
					value={isNamed ? scale : 'custom'}
					onValue={(value) => value !== 'custom' && onChange({scale: value})}
					options={[...sizes, ...(isNamed ? [] : custom)]}
				/>
			)}
		</div>
	);
}
