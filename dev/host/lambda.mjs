// A function's execution environments: one process for each concurrent invocation, reused while warm, ended at its timeout.
import {fork} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const SANDBOX = fileURLToPath(new URL('sandbox.mjs', import.meta.url));

// These routines start no Chrome. A sandbox that ran Chrome is not used twice: Remotion does not notice when its idle
// Chrome has died, and the next render would hang.
const LEAVES_NO_CHROME = new Set(['start', 'status', 'info']);

export class Lambda {
	#idle = new Set();
	#all = new Map();

	constructor({account, fn, script, sandboxes, arn, log}) {
		Object.assign(this, {account, fn, script, sandboxes, arn, log});
	}

	// For an admitted invocation. Answers null, or the error as Lambda tells it. The answer's bytes go to onChunk.
	invoke(payload, onChunk) {
		return new Promise((resolve) => {
			const sandbox = this.#idle.values().next().value ?? this.#spawn();
			this.#idle.delete(sandbox);
			const awsRequestId = randomUUID();
			const started = Date.now();
			const seconds = this.fn.timeoutSeconds;
			const done = (error) => {
				this.account.leave();
				clearTimeout(timer);
				sandbox.off('message', onMessage).off('exit', onExit);
				this.#release(sandbox, payload.type);
				this.log(`${this.fn.name} ${payload.type} ${Date.now() - started}ms ${error ? error.errorMessage : 'ok'}`);
				resolve(error);
			};
			const timer = setTimeout(() => {
				sandbox.kill('SIGKILL');
				done({
					errorType: 'Sandbox.Timedout',
					errorMessage: `RequestId: ${awsRequestId} Error: Task timed out after ${seconds}.00 seconds`,
				});
			}, seconds * 1000);
			const onMessage = (message) => {
				if (message.chunk) onChunk(Buffer.from(message.chunk));
				else if ('end' in message) done(message.end);
			};
			const onExit = (code, signal) =>
				done({
					errorType: 'Runtime.ExitError',
					errorMessage: `RequestId: ${awsRequestId} Error: Runtime exited with error: ${signal ?? `exit status ${code}`}`,
				});
			sandbox.on('message', onMessage).on('exit', onExit);
			sandbox.send({payload, awsRequestId, invokedFunctionArn: this.arn, deadline: started + seconds * 1000});
		});
	}

	stop() {
		for (const [sandbox, groups] of this.#all) {
			sandbox.kill('SIGKILL');
			endGroups(groups);
		}
	}

	#spawn() {
		const tmp = path.join(this.sandboxes, randomUUID().slice(0, 8));
		fs.mkdirSync(tmp, {recursive: true});
		const sandbox = fork(SANDBOX, [], {
			serialization: 'advanced',
			env: {
				...process.env,
				AWS_LAMBDA_FUNCTION_NAME: this.fn.name,
				AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
				AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.fn.memoryMb),
				FUNCTION_SCRIPT: this.script,
				SANDBOXES: this.sandboxes,
				TMPDIR: tmp,
			},
		});
		const groups = new Set();
		this.#all.set(sandbox, groups);
		sandbox.on('message', ({group}) => group && groups.add(group));
		sandbox.on('exit', () => {
			this.#all.delete(sandbox);
			this.#idle.delete(sandbox);
			endGroups(groups);
			fs.rm(tmp, {recursive: true, force: true, maxRetries: 3}, () => {});
		});
		return sandbox;
	}

	#release(sandbox, routine) {
		if (!this.#all.has(sandbox) || sandbox.killed) return;
		if (LEAVES_NO_CHROME.has(routine)) this.#idle.add(sandbox);
		// What the function still does after its answer gets a second, as Lambda would give it until the next freeze.
		else setTimeout(() => sandbox.kill('SIGKILL'), 1000);
	}
}

function endGroups(groups) {
	for (const pid of groups) {
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			/* it has ended by itself */
		}
	}
}
