// The pinned packages, loaded once, and the process-wide settings that make their answers the same on every machine.
//
// @remotion/serverless is CommonJS: everything is required, not imported, so that all packages share one instance of
// @remotion/renderer, whose internals function.mjs replaces in places.

import childProcess from 'node:child_process';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';

import {functionName, RELEASE} from './releases.mjs';

// The packages write temporary files; they get a folder of this process's own, in memory if there is any.
export const temporary = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'conformance-'));
process.env.TMPDIR = temporary;
process.on('exit', () => rmSync(temporary, {recursive: true, force: true}));
for (const signal of ['SIGINT', 'SIGTERM']) {
	process.on(signal, () => process.exit(1));
}

// Credentials of nobody: no request leaves the machine, but the AWS SDK wants to sign.
for (const name of Object.keys(process.env)) {
	if (/^(REMOTION_)?AWS_/.test(name)) {
		delete process.env[name];
	}
}

process.env.REMOTION_AWS_ACCESS_KEY_ID = 'test';
process.env.REMOTION_AWS_SECRET_ACCESS_KEY = 'test';
process.env.AWS_LAMBDA_FUNCTION_NAME = functionName();
process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE = '2048';
delete process.env.NODE_ENV;

// `concurrencyPerLambda` is checked against the machine's cores. Six is the most that a Lambda function has.
const CORES = 6;
os.availableParallelism = () => CORES;
const {execSync} = childProcess;
childProcess.execSync = (command, options) => (command === 'nproc' ? Buffer.from(`${CORES}\n`) : execSync(command, options));

// The packages narrate on the console, and live.mjs speaks on standard output.
for (const method of ['debug', 'error', 'info', 'log', 'warn']) {
	console[method] = () => undefined;
}

// Nothing here is on the network.
globalThis.fetch = async () => {
	throw new Error('There is no network.');
};

const require = createRequire(import.meta.url);

export const awsS3 = require('@aws-sdk/client-s3');
export const lambdaClient = require('@remotion/lambda-client');
export const renderer = require('@remotion/renderer');
export const rendererClient = require('@remotion/renderer/client');
export const serverless = require('@remotion/serverless');
export const serverlessClient = require('@remotion/serverless-client');
export const regions = require('@remotion/lambda-client/regions');
export const noReact = require('remotion/no-react');

/** A module of @remotion/renderer that the package publishes but does not export. */
export const rendererModule = (name) =>
	require(path.join(path.dirname(require.resolve('@remotion/renderer/package.json')), 'dist', name));

export const VERSION = serverlessClient.VERSION;
if (VERSION !== RELEASE) {
	throw new Error(`Installed is Remotion ${VERSION}, and releases.json says ${RELEASE}. Run npm ci in conformance.`);
}

export const FUNCTION_NAME = process.env.AWS_LAMBDA_FUNCTION_NAME;
