// A release's function folder on disk: its JavaScript out of the deployment zip, this machine's compositor next to it.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

// The function empties the literal "/tmp" at every invocation and knows Chrome by Lambda's path. Both literals become
// the sandbox's own. A release with another number of them is one that nobody has looked at: it is not run.
const LITERALS = [
	{literal: '/tmp', expression: 'process.env.TMPDIR', times: 3},
	{literal: '/opt/bin/chromium', expression: 'process.env.CHROME_PATH', times: 1},
];

export function unpack({version, zip, compositor}, folder) {
	fs.mkdirSync(folder, {recursive: true});
	const archive = fs.readFileSync(zip);
	const script = path.join(folder, 'index.js');
	fs.writeFileSync(script, confine(entry(archive, 'index.js').toString('utf8'), version));
	fs.writeFileSync(path.join(folder, 'mappings.wasm'), entry(archive, 'mappings.wasm'));
	for (const name of fs.readdirSync(compositor)) {
		if (!/\.(js|mjs|json|md|d\.ts)$/.test(name)) fs.symlinkSync(path.join(compositor, name), path.join(folder, name));
	}
	return script;
}

function confine(source, version) {
	let confined = source;
	for (const {literal, expression, times} of LITERALS) {
		const parts = confined.split(`"${literal}"`);
		if (parts.length !== times + 1) {
			throw new Error(
				`Remotion ${version} has "${literal}" ${parts.length - 1} times, not ${times}: it would not stay in its sandbox, so it is not run.`,
			);
		}
		confined = parts.join(`(${expression})`);
	}
	if (/["'`]\/tmp\/?["'`]/.test(confined))
		throw new Error(`Remotion ${version} still names /tmp: it would not stay in its sandbox, so it is not run.`);
	return confined;
}

// Zip: the central directory, found from the end, holds each entry's sizes and its place.
export function entry(archive, wanted) {
	let at = archive.readUInt32LE(archive.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16);
	while (archive.readUInt32LE(at) === 0x02014b50) {
		const method = archive.readUInt16LE(at + 10);
		const size = archive.readUInt32LE(at + 20);
		const nameLength = archive.readUInt16LE(at + 28);
		const local = archive.readUInt32LE(at + 42);
		if (archive.toString('utf8', at + 46, at + 46 + nameLength) === wanted) {
			const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
			const data = archive.subarray(start, start + size);
			return method === 8 ? zlib.inflateRawSync(data) : data;
		}
		at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
	}
	throw new Error(`no ${wanted} in the function's zip`);
}
