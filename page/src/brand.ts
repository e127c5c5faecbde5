/** The operator's colour: buttons have it as it is, and links as light or as dark as they must be to be read. */

export type Rgb = readonly [red: number, green: number, blue: number];

/** Colours for one scheme, light or dark. */
export type Palette = {
	/** Text, marks and lines. */
	accent: Rgb;
	accentHover: Rgb;
	/** What lies below some of them. */
	accentSoft: Rgb;
	/** A button, and what is written on it. */
	fill: Rgb;
	fillHover: Rgb;
	onFill: Rgb;
};

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** `--surface` and `--sunken` of the theme, and where a colour has the most contrast with them. */
export const SCHEMES = {
	light: {surface: [255, 255, 255], sunken: [246, 247, 249], strongest: BLACK},
	dark: {surface: [23, 28, 36], sunken: [16, 20, 26], strongest: WHITE},
} as const satisfies Record<string, {surface: Rgb; sunken: Rgb; strongest: Rgb}>;

/** WCAG's for text, and a little for what rounding takes. */
const ENOUGH = 4.55;

export function rgbOf(color: string): Rgb {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
	return [red, green, blue];
}

export const hexOf = (color: Rgb) => `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Rgb, other: Rgb): number {
	const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (lighter + 0.05) / (darker + 0.05);
}

function luminance(color: Rgb): number {
	const [red = 0, green = 0, blue = 0] = color.map((part) => {
		const share = part / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(color: Rgb, other: Rgb, share: number): Rgb {
	const part = (at: 0 | 1 | 2) => Math.round(color[at] + (other[at] - color[at]) * share);
	return [part(0), part(1), part(2)];
}

export function paletteOf(color: Rgb, scheme: keyof typeof SCHEMES): Palette {
	const {surface, sunken, strongest} = SCHEMES[scheme];
	const onFill = contrast(color, WHITE) > contrast(color, BLACK) ? WHITE : BLACK;
	const away = onFill === WHITE ? BLACK : WHITE;
	const hover = mix(color, away, 0.15);
	// White gets no lighter, and black no darker.
	const fillHover = contrast(hover, color) > 1.05 ? hover : mix(color, onFill, 0.15);
	for (let percent = 0; ; percent += 2) {
		const accent = mix(color, strongest, percent / 100);
		const accentSoft = mix(surface, accent, 0.1);
		const isReadable = [surface, sunken, accentSoft].every((ground) => contrast(accent, ground) >= ENOUGH);
		if (isReadable || percent >= 100) {
			return {accent, accentHover: mix(accent, strongest, 0.25), accentSoft, fill: color, fillHover, onFill};
		}
	}
}

/** Gives the page a colour. The policy of the page allows no style in an attribute, but what a script sets. */
export function paint(color: string) {
	const [light, dark] = [paletteOf(rgbOf(color), 'light'), paletteOf(rgbOf(color), 'dark')];
	const {style} = document.documentElement;
	const set = (name: string, part: keyof Palette) =>
		style.setProperty(name, `light-dark(${hexOf(light[part])}, ${hexOf(dark[part])})`);
	set('--accent', 'accent');
	set('--accent-hover', 'accentHover');
	set('--accent-soft', 'accentSoft');
	set('--fill', 'fill');
	set('--fill-hover', 'fillHover');
	set('--on-fill', 'onFill');
	set('--logo', 'fill');
	set('--on-logo', 'onFill');
	const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
	if (icon) {
		const drawn = icon.href.replace('%232456c9', encodeURIComponent(color));
		icon.href = drawn.replace('%23fff', encodeURIComponent(hexOf(light.onFill)));
	}
}
