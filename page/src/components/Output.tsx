import {useEffect, useRef, useState} from 'preact/hooks';
import type {Render} from 'remotion-render-api-client';
import {fileName, outputKind} from '../output';
import {texts} from '../texts';

type Props = {
	/** A finished one. */
	render: Render;
	/** The newest link to its output. */
	link: string;
	/** Asks for a newer one. */
	onExpired: () => void;
};

/** Plays or shows the output. A newer link interrupts nothing: it is taken when the one in use has failed. */
export function Output({render, link, onExpired}: Props) {
	const [source, setSource] = useState({link, turn: 0});
	const [unplayable, setUnplayable] = useState(false);
	const failures = useRef(0);
	const position = useRef(0);
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new answer may have the same link
	useEffect(() => {
		if (failures.current === 1) setSource(({turn}) => ({link, turn: turn + 1}));
	}, [render]);

	// An expired link and a file that the browser cannot play look the same: only the latter fails twice.
	const onError = (event: Event) => {
		if (event.currentTarget instanceof HTMLMediaElement) position.current = event.currentTarget.currentTime;
		failures.current += 1;
		if (failures.current === 1) onExpired();
		else setUnplayable(true);
	};
	const onLoadedMetadata = ({currentTarget}: {currentTarget: HTMLMediaElement}) => {
		failures.current = 0;
		currentTarget.currentTime = position.current;
	};

	if (unplayable) return <p class="muted">{texts.render.unplayable}</p>;
	const name = texts.render.output(fileName(link));
	const media = {
		src: source.link,
		class: 'output',
		controls: true,
		preload: 'metadata' as const,
		'aria-label': name,
		onError,
		onLoadedMetadata,
	};
	switch (outputKind(link)) {
		case 'file':
			return null;
		case 'video':
			return <video key={source.turn} {...media} playsInline />;
		case 'audio':
			return <audio key={source.turn} {...media} />;
		case 'image':
			return (
				<img
					key={source.turn}
					src={source.link}
					class="output"
					alt={name}
					onError={onError}
					onLoad={() => {
						failures.current = 0;
					}}
				/>
			);
	}
}
