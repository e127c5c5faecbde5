import '@fontsource/inter/latin-800.css';
import {useEffect, useState} from 'react';
import {cancelRender, continueRender, delayRender} from 'remotion';

const FAMILY = 'Inter';

// The font comes with the site: a machine that renders need not have any.
export const useFont = () => {
	const [handle] = useState(() => delayRender('loading the font'));
	useEffect(() => {
		document.fonts
			.load(`800 40px ${FAMILY}`)
			.then(() => continueRender(handle))
			.catch(cancelRender);
	}, [handle]);
	return FAMILY;
};
