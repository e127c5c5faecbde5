// application/vnd.amazon.eventstream, as InvokeWithResponseStream answers: the function streams frames to itself this way.
import zlib from 'node:zlib';

export const payloadChunk = (bytes) => message('PayloadChunk', 'application/octet-stream', bytes);

export const invokeComplete = (error) =>
	message(
		'InvokeComplete',
		'application/json',
		Buffer.from(JSON.stringify(error ? {ErrorCode: 'Unhandled', ErrorDetails: JSON.stringify(error)} : {})),
	);

function message(event, type, body) {
	const headers = Buffer.concat(
		[
			[':event-type', event],
			[':content-type', type],
			[':message-type', 'event'],
		].map(header),
	);
	const out = Buffer.concat([Buffer.alloc(12), headers, body, Buffer.alloc(4)]);
	out.writeUInt32BE(out.length, 0);
	out.writeUInt32BE(headers.length, 4);
	out.writeUInt32BE(zlib.crc32(out.subarray(0, 8)), 8);
	out.writeUInt32BE(zlib.crc32(out.subarray(0, -4)), out.length - 4);
	return out;
}

function header([name, value]) {
	const STRING = 7;
	return Buffer.concat([
		Buffer.from([name.length]),
		Buffer.from(name),
		Buffer.from([STRING, 0, value.length]),
		Buffer.from(value),
	]);
}
