/** What somebody who is signed in works with, for tests. */
import type {Client, ListedRender, Render} from 'remotion-render-api-client';
import type {Account} from '../src/account';
import {App} from '../src/components/App';
import {Workspace} from '../src/components/Workspace';
import {EMPTY} from '../src/draft';
import type {Start} from '../src/hooks/useStart';
import {useRoute} from '../src/route';
import type {Session} from '../src/session';
import {shown} from './dom';

const NOTHING_STARTED: Start = {phase: null, failure: null, started: null, send: () => {}, resume: () => {}};

export function Page({client}: {client: Client}) {
	const known = {client, draft: EMPTY, route: useRoute(), start: NOTHING_STARTED, spending: null};
	return <Workspace {...known} onDraft={() => {}} onSpent={() => {}} />;
}

/** The page of somebody who is signed in. */
export function pageOf({client}: {client: Client}) {
	const session = {user: 'ada', owner: 'ada', onEnded: () => {}, keep: () => {}, signOut: async () => sessionStorage.clear()};
	const account = {state: async () => ({hasSecondFactor: false, isEmailVerified: true})} as Account;
	const known = {session: session as unknown as Session, clientFor: () => client, account};
	const page = <App {...known} signIn={() => <p>Signed out</p>} />;
	return {open: () => shown(page)};
}

export const listed = (renderId: string, change: Partial<ListedRender> = {}) =>
	({renderId, kind: 'render', composition: 'MyVideo', name: null, status: 'done', startedAt: 0, ...change}) as ListedRender;

export const stateOf = (renderId: string, change: Partial<Render> = {}) =>
	({renderId, kind: 'render', status: 'done', errors: [], artifacts: [], outputUrl: null, ...change}) as unknown as Render;

export const BATCH = {
	batchId: 'b1',
	total: 2,
	waiting: 2,
	started: 0,
	done: 0,
	failed: 0,
	cancelled: 0,
	costs: {displayCost: '$0.00'},
	finishedAt: null,
};
