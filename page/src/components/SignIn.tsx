import {useState} from 'preact/hooks';
import type {Cognito} from '../cognito';
import type {Challenge, CognitoSession} from '../cognitoSession';
import {explain, isOf} from '../refusedByCognito';
import {texts} from '../texts';
import type {SignInProps} from './App';
import {CodeField, digits, EmailField, PasswordField} from './CredentialFields';
import {StepForm} from './StepForm';
import {TotpKey} from './TotpKey';

type Step =
	| {name: 'signIn' | 'signUp' | 'forgot' | 'reset'}
	/** The password signs in as soon as the address is confirmed. */
	| {name: 'confirm'; password: string}
	| {name: 'challenge'; challenge: Challenge};

type Message = {kind: 'error' | 'good'; text: string};

type Props = SignInProps & {
	session: CognitoSession;
	cognito: Cognito;
	selfSignUp: boolean;
};

/** The steps on the way to being signed in. */
export function SignIn({session, cognito, selfSignUp, user, reason, onSignedIn}: Props) {
	const [step, setStep] = useState<Step>({name: 'signIn'});
	const [email, setEmail] = useState(user);
	const [message, setMessage] = useState<Message | null>(reason ? {kind: 'error', text: reason} : null);
	const [moved, setMoved] = useState(reason !== null);

	const go = (next: Step, why: Message | null = null) => {
		setStep(next);
		setMessage(why);
		setMoved(true);
	};
	const proceed = (challenge: Challenge | null) => {
		if (challenge) go({name: 'challenge', challenge});
		else onSignedIn();
	};
	const signIn = async (address: string, password: string) => {
		setEmail(address);
		try {
			proceed(await session.signIn(address, password));
		} catch (error) {
			if (isOf(error, 'UserNotConfirmedException')) {
				go({name: 'confirm', password});
			} else if (isOf(error, 'PasswordResetRequiredException')) {
				go({name: 'forgot'}, {kind: 'error', text: texts.reset.required});
			} else throw error;
		}
	};
	const toSignIn = (
		<button type="button" class="link" onClick={() => go({name: 'signIn'})}>
			{texts.signIn.toSignIn}
		</button>
	);
	const common = {explain, message, focus: moved};

	switch (step.name) {
		case 'signIn':
			return (
				<StepForm
					key={step.name}
					{...common}
					words={texts.signIn}
					lead={texts.signIn.lead}
					onSubmit={(field) => signIn(field('email'), field('password'))}
					links={
						<>
							<button type="button" class="link" onClick={() => go({name: 'forgot'})}>
								{texts.signIn.toForgot}
							</button>
							{selfSignUp && (
								<button type="button" class="link" onClick={() => go({name: 'signUp'})}>
									{texts.signIn.toSignUp}
								</button>
							)}
						</>
					}
				>
					<EmailField value={email} />
					<PasswordField kind="current" />
				</StepForm>
			);
		case 'signUp':
			return (
				<StepForm
					key={step.name}
					{...common}
					words={texts.signUp}
					lead={texts.signUp.lead}
					onSubmit={async (field) => {
						const [address, password] = [field('email'), field('password')];
						setEmail(address);
						const {UserConfirmed} = await cognito('SignUp', {Username: address, Password: password});
						if (UserConfirmed) await signIn(address, password);
						else go({name: 'confirm', password});
					}}
					links={toSignIn}
				>
					<EmailField value={email} />
					<PasswordField kind="new" />
				</StepForm>
			);
		case 'confirm':
			return (
				<StepForm
					key={step.name}
					{...common}
					words={texts.confirm}
					lead={texts.confirm.lead(email)}
					onSubmit={async (field) => {
						await cognito('ConfirmSignUp', {Username: email, ConfirmationCode: digits(field('code'))});
						await signIn(email, step.password).catch(() => {
							go({name: 'signIn'}, {kind: 'good', text: texts.confirm.confirmed});
						});
					}}
					links={
						<>
							<button
								type="button"
								class="link"
								onClick={() =>
									cognito('ResendConfirmationCode', {Username: email}).then(
										() => setMessage({kind: 'good', text: texts.confirm.resent}),
										(error) => setMessage({kind: 'error', text: explain(error)}),
									)
								}
							>
								{texts.confirm.resend}
							</button>
							{toSignIn}
						</>
					}
				>
					<CodeField />
				</StepForm>
			);
		case 'forgot':
			return (
				<StepForm
					key={step.name}
					{...common}
					words={texts.forgot}
					lead={texts.forgot.lead}
					onSubmit={async (field) => {
						setEmail(field('email'));
						await cognito('ForgotPassword', {Username: field('email')});
						go({name: 'reset'});
					}}
					links={toSignIn}
				>
					<EmailField value={email} />
				</StepForm>
			);
		case 'reset':
			return (
				<StepForm
					key={step.name}
					{...common}
					words={texts.reset}
					lead={texts.reset.lead(email)}
					onSubmit={async (field) => {
						const input = {Username: email, ConfirmationCode: digits(field('code')), Password: field('password')};
						await cognito('ConfirmForgotPassword', input);
						go({name: 'signIn'}, {kind: 'good', text: texts.reset.done});
					}}
					links={toSignIn}
				>
					<CodeField />
					<PasswordField kind="new" />
					<p class="hint">{texts.reset.noCode}</p>
				</StepForm>
			);
		case 'challenge': {
			const {challenge} = step;
			return (
				<StepForm
					key={challenge.kind}
					{...common}
					words={texts[challenge.kind]}
					lead={texts[challenge.kind].lead}
					onSubmit={async (field) => {
						const answer = challenge.kind === 'newPassword' ? field('password') : digits(field('code'));
						try {
							proceed(await session.answer(challenge, answer));
						} catch (error) {
							// Cognito keeps a challenge for some minutes, and for some attempts.
							if (!isOf(error, 'NotAuthorizedException')) throw error;
							go({name: 'signIn'}, {kind: 'error', text: texts.signIn.challengeEnded});
						}
					}}
					links={toSignIn}
				>
					{challenge.kind === 'totpSetup' && <TotpKey email={email} secret={challenge.secret} />}
					{challenge.kind === 'newPassword' ? <PasswordField kind="new" /> : <CodeField />}
				</StepForm>
			);
		}
	}
}
