import {createContext} from 'preact';
import {useContext} from 'preact/hooks';
import type {CognitoConfig, Config} from '../config';
import {texts} from '../texts';

export const Configured = createContext<Config | null>(null);

/** What the pool asks of a password; `undefined` where nobody knows. */
export function usePasswordRule(): CognitoConfig['password'] {
	const config = useContext(Configured);
	return config && 'password' in config ? config.password : undefined;
}

/** What the page is called. */
export function useTitle(): string {
	return useContext(Configured)?.title ?? texts.title;
}
