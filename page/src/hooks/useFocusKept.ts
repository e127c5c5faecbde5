import {useEffect, useRef, useState} from 'preact/hooks';

/**
 * Where what has the focus goes away, and nothing else takes it, reading goes on from the heading of the section it was in, or
 * else from the first one: without, it would begin at the top of the page.
 */
export function useFocusKept() {
	const last = useRef<{element: Element; heading: string} | null>(null);
	const [lost, setLost] = useState(0);
	useEffect(() => {
		const enter = ({target}: FocusEvent) => {
			const element = target as Element;
			const section = element.closest(':is(section, form)[aria-labelledby]');
			last.current = {element, heading: section?.getAttribute('aria-labelledby') ?? ''};
		};
		// Some browsers tell so of what is about to go away, and all of them where another window takes the focus.
		const leave = () =>
			queueMicrotask(() => {
				const element = last.current?.element;
				if (element?.isConnected && element !== document.activeElement) last.current = null;
			});
		const observer = new MutationObserver(() => {
			if (last.current?.element.isConnected === false) setLost((turn) => turn + 1);
		});
		document.addEventListener('focusin', enter);
		document.addEventListener('focusout', leave);
		observer.observe(document.body, {childList: true, subtree: true});
		return () => {
			document.removeEventListener('focusin', enter);
			document.removeEventListener('focusout', leave);
			observer.disconnect();
		};
	}, []);
	// Comes after the effects of whatever has taken its place.
	// biome-ignore lint/correctness/useExhaustiveDependencies: each time that it is lost
	useEffect(() => {
		const gone = last.current;
		if (!gone || gone.element.isConnected) return;
		last.current = null;
		if (document.activeElement && document.activeElement !== document.body) return;
		const heading = document.getElementById(gone.heading) ?? document.querySelector<HTMLElement>('main :is(h1, h2)');
		if (!heading) return;
		heading.tabIndex = -1;
		heading.focus({preventScroll: true});
	}, [lost]);
}
