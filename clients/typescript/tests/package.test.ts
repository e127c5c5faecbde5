import {readFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {build} from 'vite';
import {expect, test} from 'vitest';
import * as client from '../dist/index.js';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** What an app has of a module, minified. */
async function bundled(module: string): Promise<string> {
	const output = await build({
		configFile: false,
		logLevel: 'silent',
		build: {
			write: false,
			minify: true,
			lib: {entry: new URL(module, import.meta.url).pathname, formats: ['es']},
			rollupOptions: {external: ['react']},
		},
	});
	const [bundle] = [output].flat();
	if (!bundle || !('output' in bundle)) throw new Error('nothing was built');
	return bundle.output.map((file) => ('code' in file ? file.code : '')).join('');
}

test('the client and its hooks have at most 6 KB, compressed', async () => {
	const size = gzipSync(await bundled('everything.ts')).length;
	console.log(`client and hooks ${size} bytes, compressed`);
	expect(size).toBeLessThanOrEqual(6_000);
});

test('nothing is needed at run time, and the entries are there', async () => {
	expect(manifest.dependencies).toBeUndefined();
	expect(await bundled('../dist/index.js')).not.toMatch(/\bfrom\s*["']/);
	expect(Object.keys(client).sort()).toEqual(['ApiError', 'createClient', 'isOver']);
	for (const {types, default: code} of Object.values<{types: string; default: string}>(manifest.exports)) {
		for (const file of [types, code]) expect(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).not.toBe('');
	}
});
