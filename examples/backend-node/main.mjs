// Renders a video for a user, and prints a link to it: npm install && node main.mjs USER '{"composition":"MyVideo"}'
import {renderApi} from './render-api.mjs';

const {API_URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET, SCOPE = 'render-api/act-as'} = process.env;
const api = renderApi({
	apiUrl: API_URL,
	tokenUrl: TOKEN_URL,
	clientId: CLIENT_ID,
	clientSecret: CLIENT_SECRET,
	scope: SCOPE,
});

// In your backend, the user is the one of your own session.
const [user, options = '{}'] = process.argv.slice(2);
const {renderId} = await api.start(options, {onBehalfOf: user});
console.error(`Render ${renderId} has started for ${user}.`);
const render = await api.wait(renderId, {onBehalfOf: user});
if (render.status !== 'done') {
	throw new Error(`The render is ${render.status}: ${render.errors.map(({message}) => message).join(' ')}`);
}
console.log(render.outputUrl);
