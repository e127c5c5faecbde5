import {AbsoluteFill, useCurrentFrame} from 'remotion';

/** The composition: the site that is deployed to AWS has the same one. */
export function MyVideo({title}: {title: string}) {
	const opacity = Math.min(useCurrentFrame() / 30, 1);
	return (
		<AbsoluteFill style={{placeContent: 'center', placeItems: 'center', fontSize: 40, background: 'white'}}>
			<span style={{opacity}}>{title}</span>
		</AbsoluteFill>
	);
}
