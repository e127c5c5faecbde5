import {Composition} from 'remotion';
import {CaptionedVideo} from './CaptionedVideo.jsx';
import {FailingVideo} from './FailingVideo.jsx';
import {LongVideo} from './LongVideo.jsx';
import {MyVideo} from './MyVideo.jsx';

const SIZE = {width: 320, height: 240, fps: 30};

export const Root = () => (
	<>
		<Composition id="MyVideo" component={MyVideo} {...SIZE} durationInFrames={60} defaultProps={{title: 'Hello from Rust'}} />
		{/* Long enough that a render of it can be watched, and cancelled. */}
		<Composition id="LongVideo" component={LongVideo} {...SIZE} durationInFrames={6000} defaultProps={{title: 'A long one'}} />
		<Composition
			id="CaptionedVideo"
			component={CaptionedVideo}
			{...SIZE}
			durationInFrames={60}
			defaultProps={{title: 'With captions'}}
		/>
		<Composition id="FailingVideo" component={FailingVideo} {...SIZE} durationInFrames={60} defaultProps={{failAtFrame: 30}} />
	</>
);
