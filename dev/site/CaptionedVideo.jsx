import {Artifact, useCurrentFrame} from 'remotion';
import {MyVideo} from './MyVideo.jsx';

const captions = (title) => `1\n00:00:00,000 --> 00:00:02,000\n${title}\n`;

// Files with the video: one as text, one as a picture of a frame.
export const CaptionedVideo = ({title}) => {
	const frame = useCurrentFrame();
	return (
		<>
			{frame === 0 && <Artifact filename="captions.srt" content={captions(title)} />}
			{frame === 20 && <Artifact filename="thumbnail.jpeg" content={Artifact.Thumbnail} />}
			<MyVideo title={title} />
		</>
	);
};
