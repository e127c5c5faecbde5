import {defineConfig, loadEnv, type Plugin} from 'vite';

const source = (path: string) => new URL(path, import.meta.url).pathname;

const CONFIG_ELEMENT = '<script id="config" type="application/json"></script>';

/** The server serves one file and names the hash of its one script and of its one style: both go into the page. */
function oneFile(): Plugin {
	return {
		name: 'one-file',
		apply: 'build',
		enforce: 'post',
		generateBundle(_options, bundle) {
			let html = '';
			let script = '';
			let style = '';
			for (const [name, file] of Object.entries(bundle)) {
				if (name.endsWith('.html') && file.type === 'asset') html = String(file.source);
				else if (file.type === 'chunk') script += file.code.trim();
				else if (name.endsWith('.css')) style += String(file.source).trim();
				else throw new Error(`${name} would be a second file`);
				delete bundle[name];
			}
			for (const end of ['</script', '<!--', '</style']) {
				if (script.includes(end) || style.includes(end)) throw new Error(`${end} would end the element around it`);
			}
			if (!html.includes(CONFIG_ELEMENT)) throw new Error('the server would find no place for the configuration');
			const source = html
				.replace(/\s*<script type="module"[^>]*><\/script>/, '')
				.replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`)
				.replace('</body>', () => `<script type="module">${script}</script>\n</body>`);
			this.emitFile({type: 'asset', fileName: 'index.html', source});
		},
	};
}

/** Stands in for the server, which writes the configuration into the page. */
function configOf(json: string): Plugin {
	return {
		name: 'config',
		apply: 'serve',
		transformIndexHtml: (html) =>
			html.replace(
				CONFIG_ELEMENT,
				CONFIG_ELEMENT.replace('><', () => `>${json}<`),
			),
	};
}

export default defineConfig(({mode}) => {
	const env = loadEnv(mode, '.', 'PAGE_');
	const target = env.PAGE_API_URL ?? 'http://127.0.0.1:4567';
	return {
		base: './',
		// The client is the one that apps have. Its hooks need nothing of React that Preact does not have.
		resolve: {
			alias: [
				{find: /^remotion-render-api-client$/, replacement: source('../clients/typescript/src/index.ts')},
				{find: /^remotion-render-api-client\/(react|pause)$/, replacement: source('../clients/typescript/src/$1.ts')},
				{find: /^react$/, replacement: new URL(import.meta.resolve('preact/hooks')).pathname},
			],
		},
		plugins: [oneFile(), configOf(env.PAGE_CONFIG ?? '')],
		css: {preprocessorOptions: {scss: {quietDeps: true}}},
		server: {
			proxy: Object.fromEntries(
				['/render', '/still', '/batches', '/compositions', '/usage'].map((path) => [path, {target, changeOrigin: true}]),
			),
		},
		build: {
			// The first browsers with light-dark() in CSS.
			target: ['chrome123', 'firefox120', 'safari17.5'],
			modulePreload: false,
			assetsInlineLimit: 0,
			reportCompressedSize: false,
		},
	};
});
