import {useEffect, useRef, useState} from 'preact/hooks';
import {outputKind} from '../output';

type Props = {url: string | null | undefined; kind: 'render' | 'still'; startedAt: number; renderId: string};

/** What a video shows at one second: the first frame is often black. */
const SECOND = 1;

/** A picture of an output, which is loaded when its row is seen. It is for the eye alone: the row has a name. */
export function Thumbnail({url, startedAt, renderId}: Props) {
	const place = useRef<HTMLSpanElement>(null);
	const [seen, setSeen] = useState(false);
	const [failed, setFailed] = useState(false);
	// Each answer signs another link: the first one does for a picture.
	const first = useRef<string | null>(null);
	if (url && !isGone(renderId, startedAt)) first.current ??= url;
	useEffect(() => {
		if (!place.current) return;
		const observer = new IntersectionObserver(([entry]) => {
			if (entry?.isIntersecting) setSeen(true);
		});
		observer.observe(place.current);
		return () => observer.disconnect();
	}, []);
	const link = seen && !failed ? first.current : null;
	const kind = link && outputKind(link);
	const onError = () => setFailed(true);
	return (
		<span class="thumbnail" ref={place} aria-hidden="true">
			{link && kind === 'video' && (
				<video src={`${link}#t=${SECOND}`} preload="metadata" muted playsInline tabIndex={-1} onError={onError} />
			)}
			{link && kind === 'image' && <img src={link} alt="" loading="lazy" onError={onError} />}
		</span>
	);
}

/** Whether the file was to be deleted by now, as the id tells. */
function isGone(renderId: string, startedAt: number): boolean {
	const [, days] = /^(\d+)-days?-/.exec(renderId) ?? [];
	return days !== undefined && Date.now() - startedAt > Number(days) * 86_400_000;
}
