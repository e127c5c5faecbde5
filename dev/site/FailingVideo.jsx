import {useCurrentFrame} from 'remotion';
import {MyVideo} from './MyVideo.jsx';

export const FailingVideo = ({failAtFrame}) => {
	const frame = useCurrentFrame();
	if (frame >= failAtFrame) throw new Error(`This composition fails at frame ${failAtFrame}, as it was asked to`);
	return <MyVideo title={`Fails at frame ${failAtFrame}`} />;
};
