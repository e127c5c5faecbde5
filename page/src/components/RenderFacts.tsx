import {isOver, type Render} from 'remotion-render-api-client';
import {formatBytes, formatNumber, formatSpan} from '../format';
import {useNow} from '../hooks/useNow';
import {texts} from '../texts';

import {Fact} from './Fact';

const {facts, ofFrames} = texts.render;

/** A render or a still in numbers. */
export function RenderFacts({render, isStill}: {render: Render; isStill: boolean}) {
	const now = useNow(!isOver(render));
	const {status, framesRendered, framesEncoded, framesTotal, costs, outputSizeInBytes} = render;
	const elapsed = elapsedOf(render, now);
	const frames = (count: number) =>
		framesTotal === null ? formatNumber(count) : ofFrames(formatNumber(count), formatNumber(framesTotal));
	return (
		<>
			<dl class="facts">
				{isStill || status === 'expired' || status === 'waiting' ? null : status === 'done' ? (
					<Fact name={facts.frames} value={formatNumber(framesRendered)} />
				) : (
					<>
						<Fact name={facts.rendered} value={frames(framesRendered)} />
						<Fact name={facts.encoded} value={frames(framesEncoded)} />
					</>
				)}
				{elapsed !== null && <Fact name={facts.elapsed} value={formatSpan(elapsed)} />}
				{outputSizeInBytes !== null && <Fact name={facts.size} value={formatBytes(outputSizeInBytes)} />}
				{costs && <Fact name={facts.cost} value={costs.displayCost} />}
			</dl>
			{costs && <p class="hint">{costs.disclaimer}</p>}
		</>
	);
}

function elapsedOf(render: Render, now: number): number | null {
	const {startedAt, finishedAt, timeToFinish} = render;
	if (timeToFinish !== null) return timeToFinish;
	if (startedAt === null) return null;
	if (isOver(render)) return finishedAt === null ? null : finishedAt - startedAt;
	return now - startedAt;
}
