// Which releases of Remotion's render function are installed, and what a function's name says about itself.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const NAME = /^remotion-render-(\d+)-(\d+)-(\d+)-mem(\d+)mb-disk(\d+)mb-(\d+)sec$/;

// The name is all that Remotion's deployment has, too: release, memory and timeout are read from it.
export function parseFunctionName(name) {
	const m = NAME.exec(name);
	return m && {name, version: `${m[1]}.${m[2]}.${m[3]}`, memoryMb: Number(m[4]), timeoutSeconds: Number(m[6])};
}

// version -> the two npm packages that make up that release's function on this machine. Each release has a folder of its own.
export function installedReleases(folders) {
	const releases = new Map();
	for (const folder of folders) {
		const lambda = path.join(folder, 'node_modules/@remotion/lambda');
		if (!fs.existsSync(lambda)) continue;
		const {version} = JSON.parse(fs.readFileSync(path.join(lambda, 'package.json'), 'utf8'));
		releases.set(version, {
			version,
			zip: path.join(lambda, 'remotionlambda-arm64.zip'),
			compositor: compositorOf(lambda, version),
		});
	}
	return releases;
}

function compositorOf(lambda, version) {
	const libc = process.platform === 'linux' ? (isMusl() ? '-musl' : '-gnu') : '';
	const name = `@remotion/compositor-${process.platform}-${process.arch}${libc}`;
	const manifest = createRequire(path.join(lambda, 'package.json')).resolve(`${name}/package.json`);
	const found = JSON.parse(fs.readFileSync(manifest, 'utf8')).version;
	if (found !== version) throw new Error(`${name} is ${found} next to @remotion/lambda ${version}: run npm ci in dev/`);
	return path.dirname(manifest);
}

function isMusl() {
	return !process.report.getReport().header.glibcVersionRuntime;
}
