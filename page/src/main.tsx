import {render} from 'preact';
import {Api} from './api';
import {cognitoOf} from './cognito';
import {App} from './components/App';
import {Header} from './components/Header';
import {readConfig} from './config';
import {Session} from './session';
import {Starter} from './start';
import './styles/page.scss';
import {texts} from './texts';

function Unconfigured() {
	return (
		<>
			<Header user={null} quota={null} onSignOut={() => {}} />
			<main class="narrow">{texts.noConfig}</main>
		</>
	);
}

const page = document.getElementById('page');
if (page) {
	const config = readConfig();
	page.replaceChildren();
	if (config) {
		const cognito = cognitoOf(config);
		const session = new Session(cognito);
		const api = new Api(session);
		const starter = new Starter(api);
		render(<App cognito={cognito} session={session} api={api} starter={starter} selfSignUp={config.selfSignUp} />, page);
	} else {
		render(<Unconfigured />, page);
	}
}
