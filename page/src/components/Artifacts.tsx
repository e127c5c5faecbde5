import type {Artifact} from 'remotion-render-api-client';
import {formatBytes} from '../format';
import {texts} from '../texts';

/** The files that a composition has made next to the output. */
export function Artifacts({artifacts}: {artifacts: readonly Artifact[]}) {
	return (
		<>
			<h3 id="artifacts">{texts.render.artifacts}</h3>
			<ul class="artifacts" aria-labelledby="artifacts">
				{artifacts.map(({name, sizeInBytes, url}) => (
					<li key={name}>
						<a href={url} download target="_blank" rel="noreferrer">
							{name}
						</a>{' '}
						{sizeInBytes !== null && <span class="muted">{formatBytes(sizeInBytes)}</span>}
					</li>
				))}
			</ul>
		</>
	);
}
