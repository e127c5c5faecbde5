// node build/program.js API_URL TOKEN: an app's program in TypeScript, with a client that is generated from openapi.yaml.
// It looks at the compositions, starts a render, waits for it, and lists; prints what came of it. `tsc` checks that the
// document says enough for that, and refuses what the API would refuse.
import createClient from 'openapi-fetch';
import type {components, paths} from './build/schema.js';

type RenderOptions = components['schemas']['RenderOptions'];
type Status = components['schemas']['Render']['status'];

const OVER: readonly Status[] = ['done', 'failed', 'cancelled', 'timed_out', 'expired'];

// Each option may be left out, and props are any object.
export const fewest: RenderOptions = {};
export const many: RenderOptions = {
	composition: 'MyVideo',
	inputProps: {title: 'x', list: [1, {deep: true}]},
	codec: 'vp8',
	crf: 10,
	frameRange: [0, 29],
	downloadBehavior: {type: 'download', fileName: 'greeting.webm'},
	separateAudioTo: null,
	metadata: {order: '42'},
};
// @ts-expect-error There is no such codec.
export const codec: RenderOptions = {codec: 'h266'};
// @ts-expect-error There is no such option.
export const slip: RenderOptions = {outname: 'video.mp4'};
// @ts-expect-error Props are an object.
export const props: RenderOptions = {inputProps: 'title'};
// @ts-expect-error There is no such state.
export const state: Status = 'finished';

const [baseUrl, token] = process.argv.slice(2);
if (!baseUrl || !token) throw new Error('usage: node build/program.js API_URL TOKEN');
const api = createClient<paths>({baseUrl, headers: {authorization: `Bearer ${token}`}});

/** What the API has answered, or its own words. Every error has a `message`; those of API Gateway have nothing else. */
function told<T>({data, error}: {data?: T; error?: {message: string; code?: string}}): T {
	if (data === undefined) throw new Error(error?.code ?? error?.message);
	return data;
}

const {compositions} = told(await api.GET('/compositions'));
const video = compositions.find(({id}) => id === 'MyVideo');
const title: unknown = video?.defaultProps.title;

const key = {'Idempotency-Key': crypto.randomUUID()};
const body: RenderOptions = {composition: 'MyVideo', inputProps: {title}, frameRange: [0, 0]};
const {renderId} = told(await api.POST('/render', {params: {header: key}, body}));

let render: components['schemas']['Render'];
for (;;) {
	const answer = await api.GET('/render/{renderId}', {params: {path: {renderId}}});
	render = told(answer);
	if (OVER.includes(render.status)) break;
	await new Promise((later) => setTimeout(later, Number(answer.response.headers.get('retry-after') ?? 1) * 1000));
}

const {renders, cursor} = told(await api.GET('/render', {params: {query: {limit: 1}}}));
const refused = await api.POST('/render', {body: {composition: 'MyVideo', crf: 99}});
const wrong = refused.error && 'errors' in refused.error ? refused.error.errors?.map((error) => error.detail) : [];

console.log(JSON.stringify({title, status: render.status, outputUrl: render.outputUrl, renders, cursor, wrong}));
