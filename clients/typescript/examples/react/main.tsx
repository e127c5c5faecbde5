import {fetchAuthSession} from 'aws-amplify/auth';
import {createRoot} from 'react-dom/client';
import {createClient} from 'remotion-render-api-client';
import {App} from './App.tsx';

declare const RENDER_API_URL: string;

const client = createClient({
	url: RENDER_API_URL,
	token: async ({refresh}) => {
		const {tokens} = await fetchAuthSession({forceRefresh: refresh});
		if (!tokens?.idToken) throw new Error('Sign in first.');
		return tokens.idToken.toString();
	},
});

const root = document.getElementById('root');
if (root) createRoot(root).render(<App client={client} />);
