import {cancelRender, useCurrentFrame} from 'remotion';
import {MyVideo} from './MyVideo.jsx';

export const FailingVideo = ({failAtFrame}) => {
	const frame = useCurrentFrame();
	// Remotion does not always notice an error that is only thrown, where it is at the first frame of a chunk.
	if (frame >= failAtFrame) cancelRender(new Error(`This composition fails at frame ${failAtFrame}, as it was asked to`));
	return <MyVideo title={`Fails at frame ${failAtFrame}`} />;
};
