// app/api/videos/route.ts of a Next.js app: its own users ask it for a video, and it asks the API with its machine's token. What
// they may choose is the app's business: here it is the title alone.
import {ApiError, createClient} from 'remotion-render-api-client';

const client = createClient({
	url: process.env.RENDER_API_URL ?? '',
	token: () => process.env.RENDER_API_TOKEN ?? '',
});

/** Starts a video. The order's number is its name: asked for again within a day, the order has the same video, and no other one. */
export async function POST(request: Request): Promise<Response> {
	const {order, title} = (await request.json()) as {order?: unknown; title?: unknown};
	if (typeof order !== 'string' || !/^[\w-]{1,100}$/.test(order) || typeof title !== 'string') {
		return Response.json({message: 'An order and a title are needed.'}, {status: 400});
	}
	try {
		const options = {composition: 'MyVideo', inputProps: {title: title.slice(0, 100)}, customData: {order}};
		const {renderId} = await client.start(options, {idempotencyKey: `order-${order}`, signal: request.signal});
		return Response.json({renderId}, {status: 202});
	} catch (error) {
		return answerTo(error);
	}
}

/** How a video stands. */
export async function GET(request: Request): Promise<Response> {
	const renderId = new URL(request.url).searchParams.get('renderId') ?? '';
	if (!renderId) return Response.json({message: 'There is no such video.'}, {status: 404});
	try {
		const {status, progress, outputUrl} = await client.get(renderId, {signal: request.signal});
		return Response.json({status, progress, outputUrl});
	} catch (error) {
		return answerTo(error);
	}
}

/** What is wrong with the token is nothing that the app's users could mend. */
function answerTo(error: unknown): Response {
	if (!(error instanceof ApiError)) throw error;
	// The order has a video with another title.
	const told = error.code === 'idempotency_key_reused' ? 409 : error.status;
	const status = [404, 409, 429].includes(told) ? told : 502;
	const headers = error.retryAfter === null ? {} : {'retry-after': String(Math.ceil(error.retryAfter / 1000))};
	return Response.json({message: error.message}, {status, headers});
}
