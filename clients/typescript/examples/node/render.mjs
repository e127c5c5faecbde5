// node render.mjs API_URL: a script with a machine's token, in the environment variable TOKEN. It renders a video and
// saves it. The exit code is 1 where the render fails.
import {writeFile} from 'node:fs/promises';
import {ApiError, createClient} from 'remotion-render-api-client';

const [url] = process.argv.slice(2);
const token = process.env.TOKEN;
if (!url || !token) throw new Error('usage: TOKEN=… node render.mjs API_URL');
const client = createClient({url, token});

try {
	const {renderId} = await client.start({composition: 'MyVideo', inputProps: {title: 'From a script'}, frameRange: [0, 9]});
	let last;
	for await (const render of client.watch(renderId)) {
		console.log(`${render.status} ${Math.floor(render.progress * 100)}%`);
		last = render;
	}
	if (last?.outputUrl) {
		const video = await fetch(last.outputUrl);
		await writeFile('video.mp4', Buffer.from(await video.arrayBuffer()));
		console.log('Saved video.mp4.');
	} else {
		console.error(last?.errors[0]?.message ?? `The render is ${last?.status}.`);
		process.exitCode = 1;
	}
} catch (error) {
	if (!(error instanceof ApiError)) throw error;
	console.error(`${error.code}: ${error.message}`);
	process.exitCode = 1;
}
