import type {JSX} from 'preact';
import {useCallback, useEffect, useMemo, useRef, useState} from 'preact/hooks';
import type {Client} from 'remotion-render-api-client';
import type {Account} from '../account';
import {type Draft, EMPTY} from '../draft';
import {useFocusKept} from '../hooks/useFocusKept';
import {type Start, useStart} from '../hooks/useStart';
import {useUsage} from '../hooks/useUsage';
import {forgetAll, keep, recall} from '../kept';
import {go, useRoute} from '../route';
import type {Session} from '../session';
import {texts} from '../texts';
import {AccountView} from './AccountView';
import {Header} from './Header';
import {Workspace} from './Workspace';

export type SignInProps = {
	/** Who was signed in before. */
	user: string;
	/** Why they are no longer signed in. */
	reason: string | null;
	onSignedIn: () => void;
};

type Props = {
	session: Session;
	clientFor: (session: Session) => Client;
	/** What users can change about themselves here; `null` where that is the issuer's. */
	account: Account | null;
	signIn: (props: SignInProps) => JSX.Element;
};

/** A user who signs in again, or reloads the page, finds what they have filled in and looked at. */
export function App({session, clientFor, account, signIn}: Props) {
	const [user, setUser] = useState(session.user ?? '');
	const [signedIn, setSignedIn] = useState(session.user !== null);
	const [reason, setReason] = useState<string | null>(null);
	const [draft, setDraft] = useState<Draft>(() => ({...EMPTY, ...recall('draft')}));
	const before = useRef(session.owner || recall('owner'));
	const route = useRoute();
	useFocusKept();
	const {visit} = session;
	// biome-ignore lint/correctness/useExhaustiveDependencies: each visit has its own
	const client = useMemo(() => clientFor(session), [clientFor, session, visit]);

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
	const onSignedIn = () => {
		const {owner} = session;
		// What another user has left behind is not theirs.
		if (owner !== (before.current ?? owner)) {
			forgetAll();
			session.keep();
			setDraft(EMPTY);
			go({kind: 'start'});
		}
		before.current = owner;
		keep('owner', owner);
		setUser(session.user ?? '');
		setReason(null);
		setSignedIn(true);
	};
	const onSignOut = () => {
		void session.signOut();
		before.current = null;
		setDraft(EMPTY);
		setUser('');
		setSignedIn(false);
		go({kind: 'start'});
	};

	if (!signedIn) {
		return (
			<>
				<Header user={null} quota={null} />
				<main class="narrow">{signIn({user, reason, onSignedIn})}</main>
			</>
		);
	}
	const toStart = () => go({kind: 'start'});
	return (
		<SignedIn client={client} user={user} hasAccount={account !== null} onSignOut={onSignOut}>
			{({start, onSpent, spending}) =>
				route.kind === 'account' && account ? (
					<main class="narrow">
						<AccountView account={account} email={user} onClose={toStart} />
					</main>
				) : (
					<Workspace
						client={client}
						draft={draft}
						onDraft={onDraft}
						route={route}
						start={start}
						onSpent={onSpent}
						spending={spending}
					/>
				)
			}
		</SignedIn>
	);
}

type SignedInProps = {
	client: Client;
	user: string;
	hasAccount: boolean;
	onSignOut: () => void;
	children: (known: {start: Start; onSpent: () => void; spending: string | null}) => preact.ComponentChildren;
};

/** The header of somebody who is signed in, with what is left for them, and what goes on whatever is shown below. */
function SignedIn({client, user, hasAccount, onSignOut, children}: SignedInProps) {
	const [turn, setTurn] = useState(0);
	const usage = useUsage(client, turn);
	const onSpent = useCallback(() => setTurn((last) => last + 1), []);
	const start = useStart(client, onSpent);
	const month = usage?.months[0];
	const spending = month && month.renders > 0 ? texts.spending(month.renders, month.costs.displayCost) : null;
	return (
		<>
			<Header
				user={user}
				quota={usage?.quota ?? null}
				onAccount={hasAccount ? () => go({kind: 'account'}) : null}
				onSignOut={onSignOut}
			/>
			{children({start, onSpent, spending})}
		</>
	);
}
