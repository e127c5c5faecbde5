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

export type Kind = 'render' | 'still';

export type ListedRender = {
	renderId: string;
	kind: Kind;
	composition: string;
	/** In milliseconds since 1970. */
	startedAt: number;
};

export type RenderPage = {renders: ListedRender[]; cursor: string | null};

export type Status = 'queued' | 'rendering' | 'encoding' | 'done' | 'failed' | 'cancelled' | 'timed_out' | 'expired';

/** A file that the composition makes next to the output, such as captions. */
export type Artifact = {name: string; sizeInBytes: number; url: string};

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
	artifacts?: Artifact[];
};

export type Violation = {
	/** A JSON pointer into the body of the request. */
	pointer?: string;
	/** The name of a query parameter. */
	parameter?: string;
	detail: string;
};

const UNDER_WAY: readonly Status[] = ['queued', 'rendering', 'encoding'];

export function isOver(status: Status): boolean {
	return !UNDER_WAY.includes(status);
}
