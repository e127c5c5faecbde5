// The Lambda Invoke API on loopback, in front of Remotion's own render function, as published on npm, in every installed release.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {Account} from './account.mjs';
import {api} from './api.mjs';
import {Lambda} from './lambda.mjs';
import {installedReleases, parseFunctionName} from './releases.mjs';
import {unpack} from './unpack.mjs';

const DEV = fileURLToPath(new URL('..', import.meta.url));
const ACCOUNT = '000000000000';

function main({HOST_PORT, HOST_STATE, HOST_CONCURRENCY, CHROME_PATH, AWS_REGION}) {
	if (!fs.existsSync(CHROME_PATH ?? '')) throw new Error(`no Chrome at ${CHROME_PATH}: set CHROME_PATH to a headless Chrome`);
	fs.rmSync(HOST_STATE, {recursive: true, force: true});
	const scripts = new Map();
	const releases = fs.readdirSync(path.join(DEV, 'releases')).map((version) => path.join(DEV, 'releases', version));
	for (const release of installedReleases([DEV, ...releases]).values()) {
		scripts.set(release.version, unpack(release, path.join(HOST_STATE, 'functions', release.version)));
	}

	const account = new Account(Number(HOST_CONCURRENCY));
	const lambdas = new Map();
	const lambdaNamed = (name) => {
		const fn = parseFunctionName(name);
		if (!fn || !scripts.has(fn.version)) return null;
		if (!lambdas.has(name)) {
			lambdas.set(
				name,
				new Lambda({
					account,
					fn,
					script: scripts.get(fn.version),
					sandboxes: path.join(HOST_STATE, 'sandboxes'),
					arn: `arn:aws:lambda:${AWS_REGION}:${ACCOUNT}:function:${name}`,
					log: console.log,
				}),
			);
		}
		return lambdas.get(name);
	};

	const server = api(lambdaNamed, account);
	server.listen(Number(HOST_PORT), '127.0.0.1', () =>
		console.log(`Remotion ${[...scripts.keys()].join(', ')} on http://127.0.0.1:${HOST_PORT}`),
	);

	const stop = () => {
		server.close();
		for (const lambda of lambdas.values()) lambda.stop();
		fs.rmSync(HOST_STATE, {recursive: true, force: true, maxRetries: 3});
		process.exit(0);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
	// Standard input is the starter's lifeline: it closes when the starter ends, however it ends.
	process.stdin.on('end', stop).resume();
}

main(process.env);
