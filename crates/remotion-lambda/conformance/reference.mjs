// What the official client and function make of a request, in the form that golden files and live.mjs share.

import {payloadOf, ROUTINES} from './client.mjs';
import {refusalOf} from './function.mjs';
import {progressOf} from './progress.mjs';

/** `{result}`, or `{error, by}`. */
export const answerProgress = async (request) => {
	try {
		return {result: await progressOf(request)};
	} catch (error) {
		return {error: error.message, by: 'client'};
	}
};

/** `{payload}`, or `{error, by}` with the official message and with who refuses. */
export const answer = async ({routine, options, only = null}) => {
	if (!ROUTINES.includes(routine)) {
		throw new Error(`There is no routine "${routine}".`);
	}

	let payload;
	try {
		payload = await payloadOf(routine, options);
	} catch (error) {
		return {error: error.message, by: 'client'};
	}

	const refusal = only === 'client' ? null : await refusalOf(routine, payload);
	return refusal ? {error: refusal.message, by: refusal.by} : {payload};
};
