import {useEffect, useState} from 'react';
import {continueRender, delayRender, useCurrentFrame} from 'remotion';
import {MyVideo} from './MyVideo.jsx';

const MILLISECONDS = 100;

const Wait = () => {
	const [handle] = useState(() => delayRender('taking its time'));
	useEffect(() => {
		setTimeout(() => continueRender(handle), MILLISECONDS);
	}, [handle]);
	return null;
};

// Each frame takes its time, and not the machine's.
export const LongVideo = ({title}) => (
	<>
		<Wait key={useCurrentFrame()} />
		<MyVideo title={title} />
	</>
);
