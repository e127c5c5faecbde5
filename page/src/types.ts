/** The API's answers, as openapi.yaml has them; only what the page reads. */

export type Composition = {
	id: string;
	width: number;
	height: number;
	fps: number;
	durationInFrames: number;
	defaultProps: Record<string, unknown>;
};

export type Started = {renderId: string};

export type ListedRender = {
	renderId: string;
	composition: string;
	/** In milliseconds since 1970. */
	startedAt: number;
};

export type RenderPage = {renders: ListedRender[]; cursor: string | null};

export type Status = 'queued' | 'rendering' | 'encoding' | 'done' | 'failed' | 'cancelled' | 'timed_out';

export type Render = {
	renderId: string;
	status: Status;
	/** 0 to 1. 1 does not mean done. */
	overallProgress: number;
	framesRendered: number;
	framesTotal: number | null;
	framesEncoded: number;
	costs: {displayCost: string; disclaimer: string} | null;
	startedAt: number | null;
	finishedAt: number | null;
	timeToFinish: number | null;
	errors: {message: string; frame: number | null}[];
	outputSizeInBytes: number | null;
	composition: string;
	/** `null` until it is done, and where the operator has outputs put elsewhere. */
	outputUrl: string | null;
};

export type Violation = {
	/** A JSON pointer into the body of the request. */
	pointer: string;
	detail: string;
};

export function isOver(status: Status): boolean {
	return status === 'done' || status === 'failed' || status === 'cancelled' || status === 'timed_out';
}
