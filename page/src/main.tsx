import {render} from 'preact';
import {createClient} from 'remotion-render-api-client';
import {paint} from './brand';
import {cognitoOf} from './cognito';
import {App} from './components/App';
import {Header} from './components/Header';
import {readConfig} from './config';
import {Configured} from './hooks/useConfig';
import {Session} from './session';
import './styles/page.scss';
import {texts} from './texts';

function Unconfigured() {
	return (
		<>
			<Header user={null} quota={null} />
			<main class="narrow">{texts.noConfig}</main>
		</>
	);
}

const page = document.getElementById('page');
if (page) {
	const config = readConfig();
	page.replaceChildren();
	if (config) {
		document.title = config.title ?? texts.title;
		if (config.color) paint(config.color);
		const cognito = cognitoOf(config);
		const session = new Session(cognito);
		// The API that serves this page, for whoever is signed in.
		const client = createClient({
			url: '',
			token: (asked) => session.idToken(asked),
			fetch: async (input, init) => {
				const response = await fetch(input, init);
				const [, token = ''] = new Headers(init?.headers).get('authorization')?.split(' ') ?? [];
				if (response.status === 401) session.refused(token);
				return response;
			},
		});
		render(
			<Configured.Provider value={config}>
				<App cognito={cognito} session={session} client={client} selfSignUp={config.selfSignUp} />
			</Configured.Provider>,
			page,
		);
	} else {
		render(<Unconfigured />, page);
	}
}
