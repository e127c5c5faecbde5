// The official client as a service for property tests: one JSON request a line on standard input, one answer a line on
// standard output, in the same order. It ends when standard input is closed.
//
//   {"id":1,"routine":"start","options":{…}}                   -> {"id":1,"payload":{…}}
//                                                              or {"id":1,"error":"…","by":"client"|"function"|"render"}
//   {"id":2,"routine":"start","options":{…},"only":"client"}   -> the same without the function's checks
//   {"id":3,"routine":"progress","progress":{…},"now":ms,"options":{…},"output":{"sizeInBytes":n}|null|"denied"}
//                                                              -> {"id":3,"result":{…}} or an error
//
// A request that is no request is answered with {"id":…,"failure":"…"}.
// Large props are not uploaded anywhere.

import readline from 'node:readline';

import {onUpload} from './client.mjs';
import {answer, answerProgress} from './reference.mjs';

onUpload(async () => undefined);

const reply = async (line) => {
	let id = null;
	try {
		const request = JSON.parse(line);
		id = request.id ?? null;
		return {id, ...(await (request.routine === 'progress' ? answerProgress : answer)(request))};
	} catch (error) {
		return {id, failure: error.message};
	}
};

for await (const line of readline.createInterface({input: process.stdin, crlfDelay: Infinity})) {
	if (!process.stdout.write(`${JSON.stringify(await reply(line))}\n`)) {
		await new Promise((resolve) => {
			process.stdout.once('drain', resolve);
		});
	}
}

// Routines that came to their end are still waiting for timers.
process.stdout.write('', () => process.exit(0));
