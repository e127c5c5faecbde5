/** The API's types, by the names that a caller uses. All are generated from openapi.yaml. */
import type {components, operations} from './schema.ts';

type Schemas = components['schemas'];

/** The options of a render. */
export type RenderOptions = Schemas['RenderOptions'];
/** The options of a still. */
export type StillOptions = Schemas['StillOptions'];
/** How a render or a still stands. */
export type Render = Schemas['Render'];
/** What a render can be. The last five are final. */
export type Status = Render['status'];
/** An entry of the list. */
export type ListedRender = Schemas['ListedRender'];
/** What the list knows of a render: `waiting`, `started`, or how it ended. */
export type ListedStatus = Schemas['ListedStatus'];
/** A page of the list. */
export type RenderPage = Schemas['RenderPage'];
/** A rendered frame. */
export type Still = Schemas['Still'];
/** What the site can render. */
export type Composition = Schemas['Composition'];
/** Remotion's estimate of what a render costs. */
export type Costs = Schemas['Costs'];
/** A file that was made with the output. */
export type Artifact = Schemas['Artifact'];
/** The renders of a batch, `items`, over the options that they share. */
export type BatchOptions = {items: RenderOptions[]} & RenderOptions;
/** How a batch stands. */
export type Batch = Schemas['Batch'];
/** The render function's version. */
export type Health = Schemas['Health'];
/** The quota, and what was rendered month by month. */
export type Usage = Schemas['Usage'];
/** Something that is wrong with a request, and where. */
export type Violation = Schemas['Violation'];
/** Which renders to list. */
export type ListQuery = NonNullable<operations['listRenders']['parameters']['query']>;

type Responses = components['responses'];
type CodeIn<Response> = Response extends {content: {'application/problem+json': {code?: infer Code}}} ? Code : never;

/** The `code` of the API's own problem documents. */
export type ApiCode = Extract<{[Name in keyof Responses]: CodeIn<Responses[Name]>}[keyof Responses], string>;

/**
 * The `code` of an error. `unreachable`: no answer came, because there is no connection, or it broke.
 * `gateway_error`: API Gateway answered itself, and the status says all there is to say.
 */
export type ErrorCode = ApiCode | 'unreachable' | 'gateway_error';

const RUNNING: readonly string[] = ['waiting', 'started', 'queued', 'rendering', 'encoding'] satisfies (Status | ListedStatus)[];

/** Whether a render has ended, however it did. */
export function isOver({status}: {status: Status | ListedStatus}): boolean {
	return !RUNNING.includes(status);
}
