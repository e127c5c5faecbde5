import {useCallback, useEffect, useMemo, useState} from 'preact/hooks';
import type {Client} from 'remotion-render-api-client';
import {Account} from '../account';
import type {Cognito} from '../cognito';
import {type Draft, EMPTY} from '../draft';
import {useUsage} from '../hooks/useUsage';
import {forgetAll, keep, recall} from '../kept';
import {go, useRoute} from '../route';
import type {Session} from '../session';
import {texts} from '../texts';
import {AccountView} from './AccountView';
import {Header} from './Header';
import {SignIn} from './SignIn';
import {Workspace} from './Workspace';

type Props = {
	cognito: Cognito;
	session: Session;
	client: Client;
	selfSignUp: boolean;
};

/** A user who signs in again, or reloads the page, finds what they have filled in and looked at. */
export function App({cognito, session, client, selfSignUp}: Props) {
	const [user, setUser] = useState(session.user ?? '');
	const [signedIn, setSignedIn] = useState(session.user !== null);
	const [reason, setReason] = useState<string | null>(null);
	const [draft, setDraft] = useState<Draft>(() => ({...EMPTY, ...recall('draft')}));
	const route = useRoute();
	const account = useMemo(() => new Account(cognito, session), [cognito, session]);

	useEffect(() => {
		session.onEnded = () => {
			setSignedIn(false);
			setReason(texts.signIn.sessionEnded);
		};
	}, [session]);
	const onDraft = useCallback((change: Partial<Draft>) => {
		setDraft((before) => {
			const draft = {...before, ...change};
			keep('draft', draft);
			return draft;
		});
	}, []);
	const onSignedIn = (email: string) => {
		// What another user has left behind is not theirs.
		if (email !== (recall('owner') ?? email)) {
			forgetAll();
			session.keep();
			setDraft(EMPTY);
			go({kind: 'start'});
		}
		keep('owner', email);
		setUser(email);
		setReason(null);
		setSignedIn(true);
	};
	const onSignOut = () => {
		void session.signOut();
		setDraft(EMPTY);
		setUser('');
		setSignedIn(false);
		go({kind: 'start'});
	};

	if (!signedIn) {
		return (
			<>
				<Header user={null} quota={null} />
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
			</>
		);
	}
	const toStart = () => go({kind: 'start'});
	return (
		<SignedIn client={client} user={user} onSignOut={onSignOut}>
			{(onStarted, spending) =>
				route.kind === 'account' ? (
					<main class="narrow">
						<AccountView account={account} email={user} onClose={toStart} />
					</main>
				) : (
					<Workspace client={client} draft={draft} onDraft={onDraft} route={route} onSpent={onStarted} spending={spending} />
				)
			}
		</SignedIn>
	);
}

type SignedInProps = {
	client: Client;
	user: string;
	onSignOut: () => void;
	children: (onSpent: () => void, spending: string | null) => preact.ComponentChildren;
};

/** The header of somebody who is signed in, with what is left for them; `children` is told how to have that asked again. */
function SignedIn({client, user, onSignOut, children}: SignedInProps) {
	const [turn, setTurn] = useState(0);
	const usage = useUsage(client, turn);
	const onSpent = useCallback(() => setTurn((last) => last + 1), []);
	const month = usage?.months[0];
	const spending = month && month.renders > 0 ? texts.spending(month.renders, month.costs.displayCost) : null;
	return (
		<>
			<Header user={user} quota={usage?.quota ?? null} onAccount={() => go({kind: 'account'})} onSignOut={onSignOut} />
			{children(onSpent, spending)}
		</>
	);
}
