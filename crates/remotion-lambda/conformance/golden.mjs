// Writes the golden files of the pinned release (`write`), or compares them with what it says now (`check`).

import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {makeFixtures} from './fixtures.mjs';
import {VERSION} from './packages.mjs';
import {startStorage} from './storage.mjs';

const releases = fileURLToPath(new URL('../tests/fixtures/', import.meta.url));
const folder = path.join(releases, VERSION);

const write = (target, files) => {
	mkdirSync(target, {recursive: true});
	for (const [name, content] of Object.entries(files)) {
		writeFileSync(path.join(target, name), `${JSON.stringify(content, null, 2)}\n`);
	}
};

/** Git prints the differences, also those of files that are on one side only. */
const differ = (files) => {
	const fresh = mkdtempSync(path.join(os.tmpdir(), 'golden-'));
	try {
		write(fresh, files);
		const {status, error} = spawnSync('git', ['--no-pager', 'diff', '--no-index', '--', folder, fresh], {stdio: 'inherit'});
		if (error) {
			throw error;
		}

		return status !== 0;
	} finally {
		rmSync(fresh, {recursive: true});
	}
};

const storage = await startStorage();
const files = await makeFixtures(storage);
storage.close();

switch (process.argv[2]) {
	case 'write':
		// One release at a time: Git then shows what a new one changes.
		rmSync(releases, {recursive: true, force: true});
		write(folder, files);
		break;
	case 'check':
		if (differ(files)) {
			process.stderr.write(
				`\nThe golden files in ${path.relative(process.cwd(), folder)} are not what Remotion ${VERSION} gives. "npm run golden" writes them.\n`,
			);
			process.exit(1);
		}

		break;
	default:
		process.stderr.write('Usage: node golden.mjs write|check\n');
		process.exit(2);
}

// Routines that came to their end are still waiting for timers.
process.exit(0);
