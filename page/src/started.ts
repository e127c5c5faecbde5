/** A render that has just been started. */
import type {ListedRender, Started} from 'remotion-render-api-client';

type Known = Pick<ListedRender, 'composition' | 'name'> & Partial<Pick<ListedRender, 'customData'>>;

/** As the list will have it. */
export function asListed({renderId, bucketName, waiting}: Started, {composition, name, customData = null}: Known): ListedRender {
	return {
		renderId,
		bucketName,
		kind: 'render',
		name,
		composition,
		status: waiting ? 'waiting' : 'started',
		startedAt: Date.now(),
		finishedAt: null,
		outputUrl: null,
		outputSizeInBytes: null,
		costs: null,
		customData,
		batchId: null,
	};
}
