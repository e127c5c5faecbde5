import {useContext, useId, useState} from 'preact/hooks';
import {usePasswordRule} from '../hooks/useConfig';
import {texts} from '../texts';
import {Errors} from './Field';
import {PasswordError} from './StepForm';

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
	const rule = usePasswordRule();
	const error = useContext(PasswordError);
	const errors = kind === 'new' && error ? [error] : [];
	const isRuled = kind === 'new' && rule !== undefined;
	const described = [errors.length > 0 && `${id}-errors`, isRuled && `${id}-rule`].filter(Boolean).join(' ');
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
					aria-describedby={described || undefined}
					aria-invalid={errors.length > 0 || undefined}
					required
				/>
				<button type="button" class="quiet" onClick={() => setShown(!shown)}>
					{shown ? texts.signIn.hidePassword : texts.signIn.showPassword}
				</button>
			</div>
			<Errors id={`${id}-errors`} errors={errors} />
			{isRuled && (
				<p class="hint" id={`${id}-rule`}>
					{texts.password.rule(rule.length, rule.symbols)}
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
