import type {ComponentChildren} from 'preact';
import {useEffect, useRef} from 'preact/hooks';

/** A heading that takes the focus where a stage begins, so that reading goes on from there. */
export function Heading({id, focus, children}: {id: string; focus: boolean; children: ComponentChildren}) {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		if (focus) heading.current?.focus();
	}, [focus]);
	return (
		<h2 id={id} ref={heading} tabIndex={-1}>
			{children}
		</h2>
	);
}
