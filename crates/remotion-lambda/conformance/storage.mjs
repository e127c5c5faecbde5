// A stand-in for S3 on loopback that records what is put into it.

import {createHash} from 'node:crypto';
import http from 'node:http';

/** Starts it and points the AWS SDK at it. The SDK addresses buckets by path where the endpoint is an IP address. */
export const startStorage = async () => {
	const puts = [];
	const server = http.createServer(async (request, response) => {
		const chunks = [];
		for await (const chunk of request) {
			chunks.push(chunk);
		}

		const body = Buffer.concat(chunks);
		const [, bucketName, ...key] = new URL(request.url, 'http://127.0.0.1').pathname.split('/');
		puts.push({
			method: request.method,
			bucketName,
			key: key.join('/'),
			acl: request.headers['x-amz-acl'] ?? null,
			contentType: request.headers['content-type'] ?? null,
			contentDisposition: request.headers['content-disposition'] ?? null,
			storageClass: request.headers['x-amz-storage-class'] ?? null,
			expectedBucketOwner: request.headers['x-amz-expected-bucket-owner'] ?? null,
			...measure(body),
		});
		response.end();
	});
	await new Promise((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${server.address().port}`;
	return {
		/** What was put since the last call. */
		take: () => puts.splice(0),
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
};

/** Stands for a text that is too long to keep. */
export const measure = (text) => ({
	bytes: Buffer.byteLength(text),
	sha256: createHash('sha256').update(text).digest('hex'),
});
