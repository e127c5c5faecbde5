/** What the link to an output says about it. */

/** `file` is one that browsers do not show inside a page. */
export type OutputKind = 'video' | 'audio' | 'image' | 'file';

const KINDS: Record<string, OutputKind> = {
	gif: 'image',
	png: 'image',
	jpeg: 'image',
	jpg: 'image',
	webp: 'image',
	pdf: 'file',
	mp3: 'audio',
	aac: 'audio',
	wav: 'audio',
	m4a: 'audio',
	m4b: 'audio',
};

/** The name of the file under a signed link. */
export function fileName(url: string): string {
	return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
}

export function outputKind(url: string): OutputKind {
	const extension = fileName(url).split('.').at(-1)?.toLowerCase() ?? '';
	return KINDS[extension] ?? 'video';
}
