// A Lambda runtime with next to nothing in it, which is to the handler's advantage: AWS's own does more.
import http from 'node:http';
import {createRequire} from 'node:module';

const agent = new http.Agent({keepAlive: true, maxSockets: 1});
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');

const call = (method, path, body) =>
	new Promise((resolve, reject) => {
		const options = {agent, host, port, method, path: `/2018-06-01/runtime/${path}`};
		const request = http.request(options, (response) => {
			const chunks = [];
			response.on('data', (chunk) => chunks.push(chunk));
			response.on('end', () => resolve({headers: response.headers, body: Buffer.concat(chunks)}));
		});
		request.on('error', reject);
		request.end(body);
	});

const {handler} = createRequire(import.meta.url)('./build/index.cjs');

for (;;) {
	const {headers, body} = await call('GET', 'invocation/next');
	const id = headers['lambda-runtime-aws-request-id'];
	try {
		await call('POST', `invocation/${id}/response`, JSON.stringify(await handler(JSON.parse(body))));
	} catch (error) {
		const problem = {errorType: error.name, errorMessage: error.message};
		await call('POST', `invocation/${id}/error`, JSON.stringify(problem));
	}
}
