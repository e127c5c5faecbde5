/** Qualities by name, for those who do not know the encoder's own measure. */
import {type Codec, crfRange, USUAL_CODEC} from './options';

export type Quality = '' | 'high' | 'small';

const CRF: Partial<Record<Codec, Record<Exclude<Quality, ''>, string>>> = {
	h264: {high: '14', small: '28'},
	h265: {high: '18', small: '32'},
	vp8: {high: '6', small: '20'},
	vp9: {high: '20', small: '40'},
};

/** The `crf` of a quality; `null` where the codec has none. */
export function crfOf(quality: Quality, codec: Codec | ''): string | null {
	if (!crfRange(codec)) return null;
	return quality === '' ? '' : (CRF[codec || USUAL_CODEC]?.[quality] ?? null);
}

/** The quality that a `crf` is; `null` for one of its own. */
export function qualityOf(crf: string, codec: Codec | ''): Quality | null {
	const all: Quality[] = ['', 'high', 'small'];
	return all.find((quality) => crfOf(quality, codec) === crf.trim()) ?? null;
}
