import {useCallback, useEffect, useState} from 'preact/hooks';
import type {Api} from '../api';
import type {Cognito} from '../cognito';
import {type Draft, EMPTY} from '../draft';
import type {Quota} from '../headers';
import type {Session} from '../session';
import type {Starter} from '../start';
import {texts} from '../texts';
import type {ListedRender} from '../types';
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

/** Whoever signs in again finds what they have filled in. */
export function App({cognito, session, api, starter, selfSignUp}: Props) {
	const [user, setUser] = useState('');
	const [signedIn, setSignedIn] = useState(false);
	const [reason, setReason] = useState<string | null>(null);
	const [quota, setQuota] = useState<Quota | null>(null);
	const [draft, setDraft] = useState<Draft>(EMPTY);
	const [watched, setWatched] = useState<ListedRender | null>(null);

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
			<Header user={signedIn ? user : null} quota={quota} onSignOut={onSignOut} />
			{signedIn ? (
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
