// The contents of the golden files, by file name.

import {largeProps} from './cases/large-props.mjs';
import {compositions, info, status, still} from './cases/others.mjs';
import {progress} from './cases/progress.mjs';
import {rejections} from './cases/rejections.mjs';
import {start} from './cases/start.mjs';
import {takeCensus} from './census.mjs';
import {payloadOf, required} from './client.mjs';
import {answer, answerProgress} from './reference.mjs';
import {measure} from './storage.mjs';

const inTurn = async (items, visit) => {
	const results = [];
	for (const item of items) {
		results.push(await visit(item));
	}

	return results;
};

const distinct = (cases) => {
	const names = cases.map(([name]) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) {
		throw new Error(`Two cases are called "${twice}".`);
	}

	return cases;
};

const payloads = (routine, cases) =>
	inTurn(distinct(cases), async ([name, others]) => {
		const options = {...required[routine], ...others};
		const {payload, error} = await answer({routine, options});
		if (error !== undefined) {
			throw new Error(`The case "${name}" of ${routine} is refused: ${error}`);
		}

		return {name, options, payload};
	});

const refusals = (routine, cases) =>
	inTurn(distinct(cases), async ([name, others]) => {
		const options = {...required[routine], ...others};
		const {error, by} = await answer({routine, options});
		if (error === undefined) {
			throw new Error(`The case "${name}" of ${routine} is not refused.`);
		}

		return {name, routine, options, message: error, by};
	});

const progresses = () =>
	inTurn(distinct(progress), async ([name, request]) => ({name, ...request, ...(await answerProgress(request))}));

/** The filling stays out of the file, and so does an inline payload that contains it. */
const uploads = (storage) =>
	inTurn(distinct(largeProps), async ([name, routine, others, fill]) => {
		const options = {...required[routine], ...others, inputProps: {text: ''}};
		const text = fill.text.repeat(fill.times);
		const payload = await payloadOf(routine, {...options, inputProps: {text}});
		const [upload = null] = storage.take();
		if (payload.inputProps.type === 'payload') {
			payload.inputProps.payload = measure(payload.inputProps.payload);
		}

		return {name, routine, options, fill: {pointer: '/inputProps/text', ...fill}, payload, upload};
	});

/** Every option and every value of a closed set has to occur, so that a new one does not go unnoticed. */
const assertCoverage = ({options, enums}, files) => {
	// Functions, which no JSON can hold; and one that is only ever refused.
	const without = ['onInit', 'requestHandler', 'quality', 'skipLambdaInvocation'];
	for (const [routine, names] of Object.entries(options)) {
		const used = new Set(files[`${routine}.json`].flatMap((item) => Object.keys(item.options)));
		const missing = names.filter((name) => !used.has(name) && !without.includes(name));
		if (missing.length > 0) {
			throw new Error(`No case of ${routine} has the options ${missing.join(', ')}.`);
		}
	}

	const readers = {
		gl: ({chromiumOptions}) => chromiumOptions?.gl,
		stillImageFormat: ({imageFormat}) => imageFormat,
	};
	for (const [name, values] of Object.entries(enums)) {
		if (name === 'region') {
			// Not part of any payload.
			continue;
		}

		const routine = name === 'stillImageFormat' ? 'still' : 'start';
		const read = readers[name] ?? ((item) => item[name]);
		const used = new Set(files[`${routine}.json`].map((item) => read(item.options)));
		const missing = values.filter((value) => !used.has(value));
		if (missing.length > 0) {
			throw new Error(`No case of ${routine} has ${name} ${missing.join(', ')}.`);
		}
	}
};

export const makeFixtures = async (storage) => {
	const files = {
		'census.json': await takeCensus(),
		'start.json': await payloads('start', start),
		'still.json': await payloads('still', still),
		'status.json': await payloads('status', status),
		'compositions.json': await payloads('compositions', compositions),
		'info.json': await payloads('info', info),
		'large-props.json': await uploads(storage),
		'progress.json': await progresses(),
		'rejections.json': [...(await refusals('start', rejections.start)), ...(await refusals('still', rejections.still))],
	};
	assertCoverage(files['census.json'], files);
	return files;
};
