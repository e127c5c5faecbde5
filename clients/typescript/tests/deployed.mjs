// node deployed.mjs API_URL TOKEN: what an app does with the client, on a deployed API. Prints what came of it.
import {ApiError, createClient} from 'remotion-render-api-client';

const [url, token] = process.argv.slice(2);
if (!url || !token) throw new Error('usage: node deployed.mjs API_URL TOKEN');

/** The code of what a call throws. */
const code = async (/** @type {Promise<unknown>} */ call) => {
	const error = await call.then(
		() => null,
		(reason) => reason,
	);
	return error instanceof ApiError ? error.code : String(error);
};

/** The next answer to a POST is lost, after the API has given it. */
let losesNext = false;
const client = createClient({
	url,
	token,
	fetch: async (input, init) => {
		const response = await fetch(input, init);
		if (losesNext && init?.method === 'POST') {
			losesNext = false;
			throw new Error('The connection was lost.');
		}
		return response;
	},
});

const [video] = await client.compositions();
losesNext = true;
const lost = await client.start({composition: 'MyVideo', inputProps: {title: 'Once'}, frameRange: [0, 0]});
/** @type {string[]} */
const statuses = [];
for await (const {status} of client.watch(lost.renderId)) if (statuses.at(-1) !== status) statuses.push(status);
const done = await client.get(lost.renderId);

const {renderId} = await client.start({composition: 'LongVideo'});
const running = await code(client.delete(renderId));
await client.cancel(renderId);
const cancelled = await client.wait(renderId);
const over = await code(client.cancel(renderId));
const {renders} = await client.list({limit: 10});
await client.delete(lost.renderId);

const stranger = createClient({url, token: () => 'nobody'});
console.log(
	JSON.stringify({
		video: video?.id,
		replayed: lost.replayed,
		statuses: [statuses[0], statuses.at(-1)],
		sent: done.inputProps,
		link: done.outputUrl,
		cancelled: cancelled.status,
		listed: renders.map((render) => render.renderId === renderId || render.renderId === lost.renderId),
		usage: (await client.usage()).months.length,
		codes: {
			running,
			over,
			gone: await code(client.get(lost.renderId)),
			wrong: await code(client.start({composition: 'MyVideo', crf: 99})),
			stranger: await code(stranger.list()),
			nowhere: await code(createClient({url: 'http://127.0.0.1:1', token, retries: 0}).list()),
		},
	}),
);
