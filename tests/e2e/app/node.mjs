// node node.mjs APP OPTIONS: signs in, renders, and downloads; prints what came of it. APP is where everything is, as JSON.
import {signIn, start, watch} from './client.mjs';

const [app, options] = process.argv.slice(2).map((argument) => JSON.parse(argument));
const token = await signIn(app);
const {renderId} = await start(app, token, options);
const {render, pauses} = await watch(app, token, renderId);
const file = Buffer.from(await (await fetch(render.outputUrl)).arrayBuffer());
console.log(JSON.stringify({render, pauses, size: file.length, type: file.toString('latin1', 4, 8)}));
