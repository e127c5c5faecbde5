// node bundle.mjs FOLDER: bundles the demo site as `npx remotion lambda sites create` would, into FOLDER.
import {fileURLToPath} from 'node:url';
import {bundle} from '@remotion/bundler';

const [, , outDir] = process.argv;
if (!outDir) throw new Error('usage: node bundle.mjs FOLDER');

await bundle({
	entryPoint: fileURLToPath(new URL('index.js', import.meta.url)),
	outDir,
	// Remotion names the site's folder by this; a relative path suits any bucket and any site name.
	publicPath: './',
	enableCaching: false,
});
