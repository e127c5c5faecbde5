/** What the tests need of Node.js, whose types are not the page's. */
declare module 'node:fs' {
	export function readFileSync(path: URL, encoding: 'utf8'): string;
}
