export {
	type CallOptions,
	type Client,
	type ClientOptions,
	createClient,
	type StartCall,
	type Started,
	type StartedBatch,
} from './client.ts';
export type {KeyStorage} from './keys.ts';
export {ApiError, type Quota} from './problem.ts';
export * from './types.ts';
