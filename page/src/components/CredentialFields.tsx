import {useId, useState} from 'preact/hooks';
import {texts} from '../texts';

export function EmailField({value}: {value: string}) {
	const id = useId();
	return (
		<div class="field">
			<label for={id}>{texts.signIn.email}</label>
			<input id={id} name="email" type="email" autocomplete="username" required defaultValue={value} />
		</div>
	);
}

export function PasswordField({kind}: {kind: 'current' | 'new'}) {
	const id = useId();
	const [shown, setShown] = useState(false);
	return (
		<div class="field">
			<label for={id}>{kind === 'new' ? texts.reset.newPassword : texts.signIn.password}</label>
			<div class="password">
				<input
					{...(shown ? {type: 'text'} : {type: 'password'})}
					id={id}
					name="password"
					autocomplete={`${kind}-password`}
					autocapitalize="off"
					spellcheck={false}
					aria-describedby={kind === 'new' ? `${id}-rule` : undefined}
					required
				/>
				<button
					type="button"
					class="quiet"
					aria-pressed={shown}
					aria-label={texts.signIn.showPassword}
					onClick={() => setShown(!shown)}
				>
					{shown ? texts.signIn.hidePassword : texts.signIn.showPassword}
				</button>
			</div>
			{kind === 'new' && (
				<p class="hint" id={`${id}-rule`}>
					{texts.reset.passwordRule}
				</p>
			)}
		</div>
	);
}

/** Authenticator apps show their codes in two groups. */
export function digits(code: string): string {
	return code.replace(/\s/g, '');
}

export function CodeField() {
	const id = useId();
	return (
		<div class="field">
			<label for={id}>{texts.confirm.code}</label>
			<input id={id} name="code" type="text" class="code" inputMode="numeric" autocomplete="one-time-code" required />
		</div>
	);
}
