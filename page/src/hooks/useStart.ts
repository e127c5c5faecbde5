import {useEffect, useRef, useState} from 'preact/hooks';
import {ApiError, type Client, type ListedRender} from 'remotion-render-api-client';
import {type Draft, nameOf} from '../draft';
import {isCode, unreachable} from '../errors';
import {keep, recall} from '../kept';
import type {Refusal} from '../refusal';
import {asListed} from '../started';

/** What is sent, and what was filled in for it. */
export type Sent = {body: string; draft: Draft};

export type Failure = Refusal & {error: unknown; body: string};

export type Start = {
	/** What is waited for; `null` where nothing is. */
	phase: 'sending' | 'answer' | 'connection' | 'room' | null;
	/** Why the last one was not started, as far as is known. */
	failure: Failure | null;
	/** What was started last. */
	started: ListedRender | null;
	/** Does nothing while another one is being started. */
	send: (sent: Sent) => void;
	/** Goes on with a start that a reload has interrupted, where a key keeps it from becoming two. */
	resume: (hasKey: boolean) => void;
};

/** Starts renders, also while their form is not shown: it finds them when it is shown again. */
export function useStart(client: Client, onSpent: () => void): Start {
	const [interrupted] = useState(() => recall('start'));
	const [phase, setPhase] = useState<Start['phase']>(interrupted && 'sending');
	const [failure, setFailure] = useState<Failure | null>(null);
	const [started, setStarted] = useState<ListedRender | null>(null);
	const pending = useRef(interrupted);
	const busy = useRef(interrupted !== null);
	const [ends] = useState(() => new AbortController());
	useEffect(() => () => ends.abort(), [ends]);

	const fail = ({body, draft}: Sent, error: unknown) =>
		setFailure({error, violations: error instanceof ApiError ? error.errors : [], sent: draft, body});
	const settle = () => {
		keep('start', null);
		busy.current = false;
		setPhase(null);
	};
	const run = async (sent: Sent) => {
		const {body, draft} = sent;
		const {signal} = ends;
		setPhase('sending');
		setFailure(null);
		// A reload goes on with it; the client has its key.
		keep('start', sent);
		try {
			const answer = await client.start(body, {respondAsync: true, signal, onRetry: (error) => setPhase(phaseOf(error))});
			setStarted(asListed(answer, {composition: draft.composition, name: nameOf(draft) || null}));
			onSpent();
		} catch (error) {
			// Whoever signs in again goes on with it; whoever has signed out has forgotten it.
			if (signal.aborted) return;
			fail(sent, error);
		}
		settle();
	};
	return {
		phase,
		failure,
		started,
		send: (sent) => {
			if (busy.current) return;
			busy.current = true;
			void run(sent);
		},
		resume: (hasKey) => {
			const sent = pending.current;
			if (!sent) return;
			pending.current = null;
			if (hasKey) return void run(sent);
			fail(sent, unreachable());
			settle();
		},
	};
}

function phaseOf(error: ApiError): Start['phase'] {
	if (error.code === 'idempotency_in_flight') return 'answer';
	return isCode(error, 'unreachable', 'gateway_error') ? 'connection' : 'room';
}
