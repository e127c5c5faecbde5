/** The first lines of somebody who has just installed the package: strict TypeScript takes them, and refuses slips. */
import {ApiError, createClient, type ErrorCode} from '../dist/index.js';

const client = createClient({url: 'https://api.example', token: async () => 'the ID token'});

export async function main() {
	try {
		const {renderId} = await client.start({composition: 'MyVideo', inputProps: {title: 'Hello'}, codec: 'vp8'});
		for await (const render of client.watch(renderId)) console.log(render.status, render.progress);
		const {outputUrl} = await client.get(renderId);
		return outputUrl?.length;
	} catch (error) {
		if (error instanceof ApiError && error.code === 'quota_spent') return error.retryAfter;
		throw error;
	}
}

export function sentence(code: ErrorCode): string {
	switch (code) {
		case 'quota_spent':
		case 'unreachable':
			return 'Later.';
		// @ts-expect-error There is no such code.
		case 'quota_exceeded':
			return '';
		default:
			return '';
	}
}

export async function slips() {
	// @ts-expect-error There is no such option.
	await client.start({outname: 'video.mp4'});
	// @ts-expect-error There is no such codec.
	await client.start({codec: 'h266'});
	// @ts-expect-error There is no such state.
	return (await client.get('x')).status === 'finished';
}
