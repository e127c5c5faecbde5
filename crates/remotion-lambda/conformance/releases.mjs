// The release of the official client that is pinned here, and the name under which Remotion deploys its function.

import {readFileSync} from 'node:fs';

const file = new URL('../releases.json', import.meta.url);

export const RELEASE = JSON.parse(readFileSync(file, 'utf8')).javascript;

export const functionName = ({memory = 2048, disk = 2048, seconds = 120} = {}) =>
	`remotion-render-${RELEASE.replaceAll('.', '-')}-mem${memory}mb-disk${disk}mb-${seconds}sec`;
