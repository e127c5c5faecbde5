import {render} from 'preact';
import {Account} from './account';
import {paint} from './brand';
import {clientFor} from './client';
import {cognitoOf} from './cognito';
import {CognitoSession} from './cognitoSession';
import {App, type SignInProps} from './components/App';
import {Header} from './components/Header';
import {OidcSignIn} from './components/OidcSignIn';
import {SignIn} from './components/SignIn';
import {type CognitoConfig, type Config, type OidcConfig, readConfig} from './config';
import {Configured} from './hooks/useConfig';
import {OidcSession, takeAnswer} from './oidc';
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

/** Where users sign in, and how. */
function usersOf(config: Config) {
	return 'issuer' in config ? elsewhere(config) : inCognito(config);
}

function inCognito(config: CognitoConfig) {
	const cognito = cognitoOf(config);
	const session = new CognitoSession(cognito);
	const known = {session, cognito, selfSignUp: config.selfSignUp};
	return {
		session,
		account: new Account(cognito, session),
		signIn: (props: SignInProps) => <SignIn {...known} {...props} />,
	};
}

/** Accounts are the issuer's, from the first to the last. */
function elsewhere(config: OidcConfig) {
	const session = new OidcSession(config, takeAnswer());
	return {session, account: null, signIn: (props: SignInProps) => <OidcSignIn session={session} {...props} />};
}

const page = document.getElementById('page');
if (page) {
	const config = readConfig();
	page.replaceChildren();
	if (config) {
		document.title = config.title ?? texts.title;
		if (config.color) paint(config.color);
		const users = usersOf(config);
		render(
			<Configured.Provider value={config}>
				<App {...users} clientFor={clientFor} />
			</Configured.Provider>,
			page,
		);
	} else {
		render(<Unconfigured />, page);
	}
}
