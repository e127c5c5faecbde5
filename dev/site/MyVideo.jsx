import {AbsoluteFill, interpolate, spring, useCurrentFrame, useVideoConfig} from 'remotion';
import {useFont} from './font.js';

export const MyVideo = ({title}) => {
	const frame = useCurrentFrame();
	const {fps, durationInFrames, width} = useVideoConfig();
	const fontFamily = useFont();
	const arrival = spring({frame, fps, config: {damping: 14}});
	const done = frame / (durationInFrames - 1);
	const hue = interpolate(done, [0, 1], [225, 325]);
	// Long titles shrink so that they stay within the picture.
	const fontSize = Math.min(46, (width * 2.6) / Math.max(title.length, 8));

	return (
		<AbsoluteFill style={{background: `linear-gradient(135deg, hsl(${hue} 75% 22%), hsl(${hue + 45} 80% 45%))`}}>
			<AbsoluteFill style={{alignItems: 'center', justifyContent: 'center', padding: 24}}>
				<div
					style={{
						fontFamily,
						fontSize,
						fontWeight: 800,
						lineHeight: 1.1,
						letterSpacing: '-0.02em',
						textAlign: 'center',
						color: 'white',
						overflowWrap: 'anywhere',
						textShadow: '0 3px 14px rgb(0 0 0 / 45%)',
						opacity: interpolate(frame, [0, 8], [0, 1], {extrapolateRight: 'clamp'}),
						transform: `translateY(${(1 - arrival) * 40}px)`,
					}}
				>
					{title}
				</div>
			</AbsoluteFill>
			<div
				style={{position: 'absolute', left: 0, bottom: 0, height: 6, width: `${done * 100}%`, background: 'white', opacity: 0.85}}
			/>
		</AbsoluteFill>
	);
};
