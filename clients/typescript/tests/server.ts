/** A small stand-in of the API: it answers in turn, and notes what it was asked. */
import {createServer, type IncomingHttpHeaders} from 'node:http';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';
import type {Render} from '../src/index.ts';

export type Asked = {method: string; path: string; headers: IncomingHttpHeaders; body: string};

/** `null` breaks the connection off; `'half'` does so in the middle of the answer. */
export type Answer = {status?: number; headers?: Record<string, string>; body?: unknown} | null | 'half';

export async function serverAnswering(...answers: (Answer | ((asked: Asked) => Answer))[]) {
	const asked: Asked[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => {
			body += chunk;
		});
		request.on('end', () => {
			const one = {method: request.method ?? '', path: request.url ?? '', headers: request.headers, body};
			asked.push(one);
			const [next] = answers.length > 0 ? answers.splice(0, 1) : [{status: 400, body: {message: 'No answer is left.'}}];
			if (next === undefined) throw new Error('no answer');
			const answer = typeof next === 'function' ? next(one) : next;
			if (answer === null) return request.socket.destroy();
			if (answer === 'half') {
				response.writeHead(200, {'content-length': '100'});
				response.write('{"renderId"');
				return setTimeout(() => request.socket.destroy(), 5);
			}
			response.writeHead(answer.status ?? 200, {'content-type': 'application/json', ...answer.headers});
			response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
		});
	});
	await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
	onTestFinished(() => void server.close());
	return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked};
}

export const STARTED = {status: 200, body: {message: 'SUCCESS', bucketName: 'b', renderId: '1pwhfhh11z'}};

export function problem(status: number, code: string, more: object = {}, headers: Record<string, string> = {}): Answer {
	return {status, headers, body: {type: 'about:blank', title: '', status, code, detail: `${code}.`, requestId: 'r1', ...more}};
}

export function render(status: Render['status'], more: Partial<Render> = {}): Render {
	return {
		renderId: '1pwhfhh11z',
		remotionRenderId: '1pwhfhh11z',
		kind: 'render',
		name: null,
		customData: null,
		batchId: null,
		waitingBefore: null,
		bucketName: 'b',
		status,
		overallProgress: 0,
		progress: 0,
		timeLeft: null,
		framesRendered: 0,
		framesTotal: null,
		framesEncoded: 0,
		chunks: 0,
		chunksTotal: null,
		costs: null,
		startedAt: 1,
		finishedAt: null,
		timeToFinish: null,
		timeoutAt: null,
		errors: [],
		outputSizeInBytes: null,
		composition: 'MyVideo',
		options: {},
		inputProps: {},
		outputUrl: null,
		artifacts: [],
		...more,
	};
}
