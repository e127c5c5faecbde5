import {type ComponentChildren, createContext} from 'preact';
import {useEffect, useId, useRef, useState} from 'preact/hooks';
import {isOfPassword} from '../refusedByCognito';
import {Notice} from './Notice';

/** What is wrong with the new password, for its field; `null` where nothing is. */
export const PasswordError = createContext<string | null>(null);

type Props = {
	words: {title: string; submit: string};
	/** Instead of the words' own. */
	submit?: string;
	lead: string;
	/** Puts what has gone wrong into a sentence. */
	explain: (error: unknown) => string;
	/** Why this step is shown. */
	message?: {kind: 'error' | 'good'; text: string} | null;
	/** Whether the first field, or else the button, takes the focus: not where the page has just been opened. */
	focus: boolean;
	onSubmit: (fields: (name: string) => string) => Promise<void>;
	children?: ComponentChildren;
	/** Ways to other steps. */
	links?: ComponentChildren;
};

/** A step on the way to being signed in. */
export function StepForm({words, submit = words.submit, lead, explain, message, focus, onSubmit, children, links}: Props) {
	const id = useId();
	const form = useRef<HTMLFormElement>(null);
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const [passwordError, setPasswordError] = useState<string | null>(null);
	useEffect(() => {
		const first = form.current?.querySelector('input') ?? form.current?.querySelector('button');
		if (focus) first?.focus();
	}, [focus]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: a newer message takes the error's place
	useEffect(() => setError(null), [message]);
	useEffect(() => {
		if (passwordError) form.current?.querySelector<HTMLInputElement>('[aria-invalid]')?.focus();
	}, [passwordError]);

	const send = async (event: Event) => {
		event.preventDefault();
		if (busy || !form.current) return;
		const data = new FormData(form.current);
		setBusy(true);
		setError(null);
		setPasswordError(null);
		try {
			await onSubmit((name) => String(data.get(name) ?? ''));
		} catch (reason) {
			if (isOfPassword(reason)) setPasswordError(explain(reason));
			else setError(explain(reason));
		}
		setBusy(false);
	};

	const shown = error === null ? message : {kind: 'error' as const, text: error};
	return (
		<form class="card step" ref={form} aria-labelledby={id} aria-describedby={`${id}-lead`} onSubmit={send}>
			<h2 id={id}>{words.title}</h2>
			<p class="muted" id={`${id}-lead`}>
				{lead}
			</p>
			{shown && (
				<Notice kind={shown.kind}>
					<p role={shown.kind === 'error' ? 'alert' : 'status'}>{shown.text}</p>
				</Notice>
			)}
			<PasswordError.Provider value={passwordError}>{children}</PasswordError.Provider>
			<button type="submit" aria-disabled={busy} aria-busy={busy}>
				{submit}
			</button>
			{links && <div class="links">{links}</div>}
		</form>
	);
}
