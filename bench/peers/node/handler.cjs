// What Remotion's "Example setup without IAM user" deploys, with a body for the options and a route for the progress.
const {getRenderProgress, renderMediaOnLambda} = require('@remotion/lambda-client');

const region = process.env.AWS_REGION;
const functionName = process.env.REMOTION_FUNCTION_NAME;

exports.handler = async (event) => {
	const {method, path} = event.requestContext.http;
	const answer = method === 'POST' ? await start(event) : await progress(path.split('/').at(-1));
	return {statusCode: 200, headers: {'content-type': 'application/json'}, body: JSON.stringify(answer)};
};

const start = async (event) => {
	const {bucketName, renderId} = await renderMediaOnLambda({
		region,
		functionName,
		serveUrl: process.env.REMOTION_SERVE_URL,
		codec: 'h264',
		...JSON.parse(event.body ?? '{}'),
	});
	return {message: 'SUCCESS', bucketName, renderId};
};

// Reads the bucket, as ours does, rather than invoking the render function.
const progress = (renderId) =>
	getRenderProgress({
		region,
		functionName,
		bucketName: process.env.REMOTION_BUCKET_NAME,
		renderId,
		skipLambdaInvocation: true,
	});
