// A React app with a preview next to the render: the same component, with the same props, plays in the browser and is rendered
// by the API.
import {Player} from '@remotion/player';
import {useState} from 'react';
import {ApiError, type Client, isOver} from 'remotion-render-api-client';
import {useRender} from 'remotion-render-api-client/react';
import {MyVideo} from './MyVideo.tsx';

export function App({client}: {client: Client}) {
	const [title, setTitle] = useState('Hello');
	const {start, cancel, reset, renderId, render, progress, url, isStarting, error} = useRender(client, {storageKey: 'video'});
	const inputProps = {title};
	const isGone = error instanceof ApiError && error.code === 'render_not_found';
	// It also runs while nothing is known of it yet, as without a connection.
	const runs = isStarting || (render ? !isOver(render) : renderId !== null && !isGone);
	return (
		<main>
			<Player
				component={MyVideo}
				inputProps={inputProps}
				durationInFrames={60}
				fps={30}
				compositionWidth={320}
				compositionHeight={240}
				controls
			/>
			<label>
				Title <input value={title} onChange={(event) => setTitle(event.target.value)} />
			</label>
			{runs ? (
				<>
					<progress value={progress} />
					<button type="button" onClick={cancel}>
						Cancel
					</button>
				</>
			) : (
				<button type="button" onClick={() => start({composition: 'MyVideo', inputProps})}>
					Render
				</button>
			)}
			{url && (
				<p>
					<a href={url}>Download</a>{' '}
					<button type="button" onClick={reset}>
						New video
					</button>
				</p>
			)}
			{render?.status === 'failed' && <p role="alert">{render.errors[0]?.message}</p>}
			{error && <p role="alert">{error.message}</p>}
		</main>
	);
}
