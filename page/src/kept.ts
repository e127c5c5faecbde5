/** What the tab keeps over a reload: until it is closed, or its user signs out. No other tab sees it. */
import type {Draft} from './draft';
import type {Tokens} from './session';

/** The names, with what is kept under them. */
type Kept = {
	/** Who is signed in: see session.ts. */
	session: Tokens;
	/** A sign-in at an issuer that has not come back: see oidc.ts. */
	signIn: {state: string; nonce: string; verifier: string; hash: string};
	/** Whose the rest is. */
	owner: string;
	/** What the form is filled in with. */
	draft: object;
	/** A start that has not been answered. Its key is kept by the client. */
	start: {body: string; draft: Draft};
};

export function recall<Name extends keyof Kept>(name: Name): Kept[Name] | null {
	try {
		return JSON.parse(sessionStorage.getItem(name) ?? 'null');
	} catch {
		return null;
	}
}

/** Keeps something; nothing where it is `null`. A storage that is full or forbidden stands in nobody's way. */
export function keep<Name extends keyof Kept>(name: Name, value: Kept[Name] | null) {
	try {
		if (value === null) sessionStorage.removeItem(name);
		else sessionStorage.setItem(name, JSON.stringify(value));
	} catch {
		// It ends with the page.
	}
}

export function forgetAll() {
	try {
		sessionStorage.clear();
	} catch {
		// There is nothing.
	}
}
