import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {contrast, hexOf, paletteOf, type Rgb, rgbOf, SCHEMES} from '../src/brand';

const theme = readFileSync(new URL('../src/styles/_theme.scss', import.meta.url), 'utf8');

/** A variable of the theme, in light and in dark. */
function ofTheme(name: string): [Rgb, Rgb] {
	const [, light = '', dark = ''] = new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(theme) ?? [];
	const long = (color: string) => rgbOf(color.length === 4 ? color.replace(/[0-9a-f]/g, '$&$&') : color);
	return [long(light), long(dark)];
}

const SHADES = ['00', '33', '66', '99', 'cc', 'ff'];
const COLORS = SHADES.flatMap((red) => SHADES.flatMap((green) => SHADES.map((blue) => `#${red}${green}${blue}`)));

test('the colours below are those of the theme', () => {
	for (const name of ['surface', 'sunken'] as const) {
		expect(ofTheme(name)).toEqual([SCHEMES.light[name], SCHEMES.dark[name]]);
	}
});

test('whatever the colour, all text can be read, and a button has the colour', () => {
	const [text, muted] = [ofTheme('text'), ofTheme('pico-muted-color')];
	for (const [at, scheme] of (['light', 'dark'] as const).entries()) {
		const {surface, sunken} = SCHEMES[scheme];
		for (const color of COLORS) {
			const {accent, accentHover, accentSoft, fill, fillHover, onFill} = paletteOf(rgbOf(color), scheme);
			const pairs: [Rgb, Rgb][] = [
				[onFill, fill],
				[onFill, fillHover],
				[text[at] as Rgb, accentSoft],
				[muted[at] as Rgb, accentSoft],
			];
			for (const ground of [surface, sunken, accentSoft]) pairs.push([accent, ground], [accentHover, ground]);
			for (const [front, ground] of pairs) {
				expect(contrast(front, ground), `${color}: ${hexOf(front)} on ${hexOf(ground)}`).toBeGreaterThanOrEqual(4.5);
			}
			expect(hexOf(fill)).toBe(color);
			// Hovering is seen.
			expect(contrast(fill, fillHover), color).toBeGreaterThan(1.02);
		}
	}
});

test('a colour that can be read is not changed', () => {
	expect(hexOf(paletteOf(rgbOf('#0a6d4e'), 'light').accent)).toBe('#0a6d4e');
	expect(hexOf(paletteOf(rgbOf('#8ab0ff'), 'dark').accent)).toBe('#8ab0ff');
	expect(contrast([255, 255, 255], [0, 0, 0])).toBeCloseTo(21);
	expect(contrast(rgbOf('#777777'), [255, 255, 255])).toBeCloseTo(4.48, 2);
});
