import {useEffect, useState} from 'preact/hooks';
import {isCode, sentenceOf} from '../errors';
import type {OidcSession} from '../oidc';
import {texts} from '../texts';
import type {SignInProps} from './App';
import {StepForm} from './StepForm';

function problem(text: string) {
	return {kind: 'error' as const, text};
}

/** The way to the issuer's own page, and back from it. */
export function OidcSignIn({session, reason, onSignedIn}: SignInProps & {session: OidcSession}) {
	const [completing, setCompleting] = useState(session.isReturning);
	const [message, setMessage] = useState(reason === null ? null : problem(reason));
	const explain = (error: unknown) => (isCode(error, 'unreachable') ? texts.oidc.unreachable(session.host) : sentenceOf(error));
	// biome-ignore lint/correctness/useExhaustiveDependencies: an answer of the issuer is taken once
	useEffect(() => {
		if (!completing) return;
		session.complete().then(onSignedIn, (error) => {
			setMessage(problem(explain(error)));
			setCompleting(false);
		});
	}, [session]);

	if (completing) {
		return (
			<p class="muted" role="status">
				{texts.oidc.completing}
			</p>
		);
	}
	return (
		<StepForm
			words={texts.oidc}
			lead={texts.oidc.lead(session.host)}
			explain={explain}
			message={message}
			focus={message !== null}
			onSubmit={async () => {
				await session.signIn();
				// Until the page is left; and a browser may show it again as it was when its user goes back to it.
				await new Promise((resolve) => addEventListener('pageshow', resolve, {once: true}));
			}}
		/>
	);
}
