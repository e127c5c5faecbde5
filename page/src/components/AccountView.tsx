import {useEffect, useState} from 'preact/hooks';
import type {Account, AccountState} from '../account';
import {explain} from '../refusedByCognito';
import {texts} from '../texts';
import {CodeField, digits} from './CredentialFields';
import {Heading} from './Heading';
import {Notice} from './Notice';
import {StepForm} from './StepForm';
import {TotpKey} from './TotpKey';

type Props = {account: Account; email: string; onClose: () => void};

const words = texts.account;

/** Where a user turns a second factor on or off. */
export function AccountView({account, email, onClose}: Props) {
	const [state, setState] = useState<AccountState | null>(null);
	const [key, setKey] = useState<string | null>(null);
	const [error, setError] = useState<string | null>(null);
	const [busy, setBusy] = useState(true);

	const attempt = async (work: () => Promise<void>) => {
		setBusy(true);
		setError(null);
		await work().catch((reason) => setError(explain(reason)));
		setBusy(false);
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: asked once
	useEffect(() => {
		void attempt(async () => setState(await account.state()));
	}, [account]);
	const turned = (hasSecondFactor: boolean) => {
		setKey(null);
		setState((before) => before && {...before, hasSecondFactor});
	};
	const change = (on: boolean) => {
		if (busy) return;
		void attempt(async () => {
			if (on) return setKey(await account.newKey());
			await account.turnOff();
			turned(false);
		});
	};

	if (key !== null) {
		return (
			<StepForm
				words={texts.totpSetup}
				submit={words.confirm}
				lead={texts.totpSetup.lead}
				explain={explain}
				focus
				onSubmit={async (field) => {
					await account.turnOn(digits(field('code')));
					turned(true);
				}}
				links={
					<button type="button" class="link" onClick={() => setKey(null)}>
						{words.back}
					</button>
				}
			>
				<TotpKey email={email} secret={key} />
				<CodeField />
			</StepForm>
		);
	}
	return (
		<section class="card step" aria-labelledby="account">
			<Heading id="account" focus>
				{words.title}
			</Heading>
			<p class="muted" role="status">
				{state ? words.secondFactor(state.hasSecondFactor) : busy && words.loading}
			</p>
			{state && !state.isEmailVerified && (
				<Notice kind="plain">
					<p>{words.unverified}</p>
				</Notice>
			)}
			{error && (
				<Notice kind="error">
					<p role="alert">{error}</p>
				</Notice>
			)}
			{state && (
				<button
					type="button"
					class={state.hasSecondFactor ? 'secondary' : ''}
					aria-disabled={busy}
					aria-busy={busy}
					onClick={() => change(!state.hasSecondFactor)}
				>
					{state.hasSecondFactor ? words.turnOff : words.setUp}
				</button>
			)}
			<div class="links">
				<button type="button" class="link" onClick={onClose}>
					{words.close}
				</button>
			</div>
		</section>
	);
}
