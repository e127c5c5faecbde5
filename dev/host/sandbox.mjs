// One execution environment of the render function: a forked process that runs one invocation at a time in its own TMPDIR.
import childProcess from 'node:child_process';
import {createRequire, syncBuiltinESMExports} from 'node:module';
import path from 'node:path';
import {Writable} from 'node:stream';

const {FUNCTION_SCRIPT, SANDBOXES, TMPDIR} = process.env;
if (!TMPDIR?.startsWith(SANDBOXES + path.sep)) throw new Error(`a sandbox needs a TMPDIR of its own, not ${TMPDIR}`);

// Chrome is started in a process group of its own, which outlives a killed sandbox: the host is told of each, to end it.
const groups = new Set();
const spawn = childProcess.spawn;
childProcess.spawn = (...args) => {
	const child = spawn(...args);
	if (args.at(-1)?.detached && child.pid) {
		groups.add(child.pid);
		process.send({group: child.pid});
	}
	return child;
};
syncBuiltinESMExports();

process.on('disconnect', () => {
	for (const pid of groups) {
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			/* it has ended by itself */
		}
	}
	process.exit(1);
});

globalThis.awslambda = {streamifyResponse: (handler) => handler};
const {handler} = createRequire(import.meta.url)(FUNCTION_SCRIPT);

process.on('message', async ({payload, awsRequestId, invokedFunctionArn, deadline}) => {
	const answer = new Writable({write: (chunk, _encoding, done) => process.send({chunk: Buffer.from(chunk)}, done)});
	const context = {awsRequestId, invokedFunctionArn, getRemainingTimeInMillis: () => deadline - Date.now()};
	await handler(payload, answer, context).then(
		() => process.send({end: null}),
		(error) => process.send({end: {errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n')}}),
	);
});
