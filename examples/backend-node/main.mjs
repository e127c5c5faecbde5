// Renders a video for a user, and prints a link to it: node main.mjs USER '{"composition":"MyVideo"}'
import {randomUUID} from 'node:crypto';

import {RenderApi} from './render-api.mjs';

const {API_URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET, SCOPE = 'render-api/act-as'} = process.env;
const api = new RenderApi({
	apiUrl: API_URL,
	tokenUrl: TOKEN_URL,
	clientId: CLIENT_ID,
	clientSecret: CLIENT_SECRET,
	scope: SCOPE,
});

// In your backend, the user is the one of your own session.
const [user, options = '{}'] = process.argv.slice(2);
const {renderId} = await api.start(user, JSON.parse(options), randomUUID());
console.error(`Render ${renderId} has started for ${user}.`);
const render = await api.finished(user, renderId);
if (render.status !== 'done') {
	throw new Error(`The render is ${render.status}: ${render.errors.map(({message}) => message).join(' ')}`);
}
console.log(render.outputUrl);
