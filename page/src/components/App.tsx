import {useCallback, useEffect, useMemo, useState} from 'preact/hooks';
import {Account} from '../account';
import type {Api} from '../api';
import type {Cognito} from '../cognito';
import {type Draft, EMPTY} from '../draft';
import type {Quota} from '../headers';
import type {Session} from '../session';
import type {Starter} from '../start';
import {texts} from '../texts';
import type {ListedRender} from '../types';
import {AccountView} from './AccountView';
import {Header} from './Header';
import {SignIn} from './SignIn';
import {Workspace} from './Workspace';

type Props = {
	cognito: Cognito;
	session: Session;
	api: Api;
	starter: Starter;
	selfSignUp: boolean;
};

/** A user who signs in again finds what they have filled in. */
export function App({cognito, session, api, starter, selfSignUp}: Props) {
	const [user, setUser] = useState('');
	const [signedIn, setSignedIn] = useState(false);
	const [reason, setReason] = useState<string | null>(null);
	const [quota, setQuota] = useState<Quota | null>(null);
	const [draft, setDraft] = useState<Draft>(EMPTY);
	const [watched, setWatched] = useState<ListedRender | null>(null);
	const [atAccount, setAtAccount] = useState(false);
	const account = useMemo(() => new Account(cognito, session), [cognito, session]);

	useEffect(() => {
		api.onQuota = setQuota;
		session.onEnded = () => {
			setSignedIn(false);
			setReason(texts.signIn.sessionEnded);
		};
	}, [api, session]);
	const onDraft = useCallback((change: Partial<Draft>) => setDraft((before) => ({...before, ...change})), []);
	const forget = () => {
		setDraft(EMPTY);
		setWatched(null);
		setQuota(null);
	};
	const onSignedIn = (email: string) => {
		if (email !== user) forget();
		setUser(email);
		setReason(null);
		setAtAccount(false);
		setSignedIn(true);
	};
	const onSignOut = () => {
		void session.signOut();
		forget();
		setUser('');
		setSignedIn(false);
	};

	return (
		<>
			<Header user={signedIn ? user : null} quota={quota} onAccount={() => setAtAccount(true)} onSignOut={onSignOut} />
			{signedIn && atAccount ? (
				<main class="narrow">
					<AccountView account={account} email={user} onClose={() => setAtAccount(false)} />
				</main>
			) : signedIn ? (
				<Workspace api={api} starter={starter} draft={draft} onDraft={onDraft} watched={watched} onWatch={setWatched} />
			) : (
				<main class="narrow">
					<SignIn
						session={session}
						cognito={cognito}
						selfSignUp={selfSignUp}
						user={user}
						reason={reason}
						onSignedIn={onSignedIn}
					/>
				</main>
			)}
		</>
	);
}
