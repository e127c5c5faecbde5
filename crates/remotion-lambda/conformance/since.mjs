// Checks since.json, which says from which release of Remotion on an option is read: against the official client's options,
// and against each render function that is installed.

import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

import {entry} from '../../../dev/host/unpack.mjs';
import {takeCensus} from './census.mjs';

const since = JSON.parse(readFileSync(new URL('../tests/since.json', import.meta.url), 'utf8'));
const dev = new URL('../../../dev/', import.meta.url);

// What the client takes for itself, functions, which no payload holds, and what is out of use.
const NO_OPTION = ['dumpBrowserLogs', 'functionName', 'onInit', 'quality', 'region', 'requestHandler'];

// Their name in a payload. Where licenseKey is there, apiKey is another name for it.
const ON_THE_WIRE = {forceBucketName: 'bucketName'};
const NOT_ON_THE_WIRE = ['apiKey'];

// The pinned Python client knows these, the JavaScript client may not yet.
const NEWER = {start: ['disableSharedMemoryCapture', 'separateAudioTo'], still: []};

const fail = (text) => {
	process.stderr.write(`${text}\n`);
	process.exit(1);
};

const patch = (release) => Number(release.split('.')[2]);

const functions = () =>
	['', ...readdirSync(new URL('releases', dev)).map((name) => `releases/${name}/`)].map((folder) => {
		const lambda = new URL(`${folder}node_modules/@remotion/lambda/`, dev);
		if (!existsSync(lambda)) {
			fail(`There is no ${fileURLToPath(lambda)}: run make releases dev/node_modules/.package-lock.json.`);
		}

		return {
			release: JSON.parse(readFileSync(new URL('package.json', lambda), 'utf8')).version,
			script: entry(readFileSync(new URL('remotionlambda-arm64.zip', lambda)), 'index.js').toString('utf8'),
		};
	});

/** The keys of its payload that a routine reads: those of every variable that holds it. */
const keysRead = ({release, script}, routine) => {
	const check = script.indexOf({start: 'Expected type start', still: 'Expected still type'}[routine]);
	// It takes its parameters apart right before it checks their type.
	const begin = script.lastIndexOf('params:', check);
	const end = script.indexOf(`.${routine}Handler=`, check);
	if (check < 0 || begin < 0 || end < 0) {
		fail(`The routine "${routine}" of Remotion ${release} is not where since.mjs looks for it.`);
	}

	const code = script.slice(begin, end);
	const variables = [...code.matchAll(/params:([\w$]+)/g)].map(([, name]) => name.replaceAll('$', '\\$'));
	const reads = new RegExp(`(?<![\\w$.])(?:${variables.join('|')})\\.(\\w+)`, 'g');
	return new Set([...code.matchAll(reads)].map(([, key]) => key));
};

const {options} = await takeCensus();
for (const routine of ['start', 'still']) {
	const known = Object.keys(since[routine]);
	const wanted = [...options[routine].filter((name) => !NO_OPTION.includes(name)), ...NEWER[routine]];
	const missing = wanted.filter((name) => !known.includes(name));
	const gone = known.filter((name) => !wanted.includes(name));
	if (missing.length > 0 || gone.length > 0) {
		fail(`since.json lacks [${missing}] of "${routine}", and has [${gone}], which the official client does not take.`);
	}
}

const releases = functions();
for (const remotion of releases) {
	for (const routine of ['start', 'still']) {
		const keys = keysRead(remotion, routine);
		for (const [option, release] of Object.entries(since[routine])) {
			const expected = release === null || patch(release) <= patch(remotion.release);
			if (!NOT_ON_THE_WIRE.includes(option) && keys.has(ON_THE_WIRE[option] ?? option) !== expected) {
				fail(
					`"${routine}" of Remotion ${remotion.release} ${expected ? 'does not read' : 'reads'} ${option}; since.json says ${release}.`,
				);
			}
		}
	}
}

process.stdout.write(
	`since.json holds for Remotion ${releases
		.map(({release}) => release)
		.sort()
		.join(', ')}.\n`,
);
process.exit(0);
