/** Looks for renders by name beyond those that the list shows, as the API does not search by name. */
import type {ListedRender, RenderPage} from 'remotion-render-api-client';

/** What has been read of the list: from its beginning to a cursor, which is `undefined` at the beginning and `null` at the end. */
export type Read = {renders: ListedRender[]; cursor: string | null | undefined};

export const NOTHING: Read = {renders: [], cursor: undefined};

/** The most that the API puts on a page. */
export const PAGE = 100;

/** How many pages are read before the user is asked whether to go on. */
const PAGES = 10;

/** How many renders fill the view: a page of the list, or so many matches. */
export const VIEW = 10;

export function matches({name, composition, renderId}: ListedRender, text: string): boolean {
	const wanted = text.trim().toLowerCase();
	return [name, composition, renderId].some((field) => field?.toLowerCase().includes(wanted));
}

/** The renders of both, each once, as the first has it. */
export function merged(first: readonly ListedRender[], then: readonly ListedRender[]): ListedRender[] {
	const known = new Set(first.map(({renderId}) => renderId));
	return [...first, ...then.filter(({renderId}) => !known.has(renderId))];
}

/**
 * Reads page after page, until there is nothing left, or `isEnough`, or the user is to be asked. `tell` hears of each; `more` throws
 * where nobody wants to know any more.
 */
export async function readOn(
	from: Read,
	isEnough: (read: Read) => boolean,
	more: (cursor: string | undefined) => Promise<RenderPage>,
	tell: (read: Read) => void,
): Promise<void> {
	let read = from;
	for (let pages = 0; pages < PAGES && read.cursor !== null && !isEnough(read); pages++) {
		const page = await more(read.cursor);
		read = {renders: merged(read.renders, page.renders), cursor: page.cursor};
		tell(read);
	}
}
