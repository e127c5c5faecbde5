import {createContext} from 'preact';
import {useContext} from 'preact/hooks';
import type {Config} from '../config';
import {texts} from '../texts';

export const Configured = createContext<Config | null>(null);

/** What the pool asks of a password; `undefined` where nobody knows. */
export function usePasswordRule(): Config['password'] {
	return useContext(Configured)?.password;
}

/** What the page is called. */
export function useTitle(): string {
	return useContext(Configured)?.title ?? texts.title;
}
