// HTTP: the three ways in which Lambda invokes, and the way in which MiniStack forwards an invocation.
import {randomUUID} from 'node:crypto';
import http from 'node:http';
import {invokeComplete, payloadChunk} from './eventstream.mjs';

const ROUTES = [
	{path: /^\/20\d\d-\d\d-\d\d\/functions\/([^/?]+)\/invocations/, answer: invocation},
	{path: /^\/20\d\d-\d\d-\d\d\/functions\/([^/?]+)\/response-streaming-invocations/, answer: streamingInvocation},
	{path: /^\/forwarded\/([^/?]+)$/, answer: forwardedInvocation},
];

export function api(lambdaNamed, account) {
	return http.createServer(async (req, res) => {
		res.setHeader('x-amzn-requestid', randomUUID());
		if (req.method === 'GET' && req.url === '/health') return res.end('ok\n');
		const parts = [];
		for await (const part of req) parts.push(part);
		if (req.url === '/concurrency') return concurrency(account, Buffer.concat(parts).toString(), req, res);
		for (const {path, answer} of ROUTES) {
			const match = req.method === 'POST' && path.exec(req.url);
			if (!match) continue;
			const name = decodeURIComponent(match[1]).split(':function:').pop().split(':')[0];
			const lambda = lambdaNamed(name);
			if (!lambda) return refuse(res, 404, 'ResourceNotFoundException', `Function not found: ${name}`);
			let payload;
			try {
				payload = JSON.parse(Buffer.concat(parts).toString() || '{}');
			} catch (error) {
				return refuse(res, 400, 'InvalidRequestContentException', String(error));
			}
			if (req.headers['x-amz-invocation-type'] === 'Event') {
				res.writeHead(202).end();
				await account.keep();
				return lambda.invoke(payload, () => {});
			}
			if (!account.admit()) {
				res.setHeader('retry-after', '1');
				return refuse(res, 429, 'TooManyRequestsException', 'Rate Exceeded.', 'ConcurrentInvocationLimitExceeded');
			}
			return answer(lambda, payload, req, res);
		}
		refuse(res, 404, 'UnknownOperationException', `${req.method} ${req.url}`);
	});
}

// GET tells how many run, have run at once, and were refused; PUT of a number sets how many may.
function concurrency(account, text, req, res) {
	if (req.method === 'PUT') {
		const limit = Number(text);
		if (!Number.isInteger(limit) || limit < 1)
			return refuse(res, 400, 'InvalidParameterValueException', 'The limit must be a whole number, and at least 1.');
		account.set(limit);
	}
	return res.end(JSON.stringify(account.told()));
}

async function invocation(lambda, payload, _req, res) {
	const {error, body} = await collected(lambda, payload);
	res.writeHead(200, {'content-type': 'application/json', ...(error && {'x-amz-function-error': 'Unhandled'})}).end(body);
}

async function streamingInvocation(lambda, payload, _req, res) {
	res.writeHead(200, {'content-type': 'application/vnd.amazon.eventstream'});
	const error = await lambda.invoke(payload, (chunk) => res.write(payloadChunk(chunk)));
	res.end(invokeComplete(error));
}

// MiniStack drops the header that tells a function error, but makes a function error out of any status that is not 2xx.
async function forwardedInvocation(lambda, payload, _req, res) {
	const {error, body} = await collected(lambda, payload);
	res.writeHead(error ? 502 : 200, {'content-type': 'application/json'}).end(body);
}

async function collected(lambda, payload) {
	const chunks = [];
	const error = await lambda.invoke(payload, (chunk) => chunks.push(chunk));
	return {error, body: error ? JSON.stringify(error) : Buffer.concat(chunks)};
}

function refuse(res, status, type, Message, Reason) {
	res
		.writeHead(status, {'content-type': 'application/json', 'x-amzn-errortype': type})
		.end(JSON.stringify({Type: 'User', Message, Reason}));
}
