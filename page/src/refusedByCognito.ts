/** What Cognito has refused, as a sentence. */
import {CognitoError} from './cognito';
import {UnknownChallenge} from './cognitoSession';
import {sentenceOf} from './errors';
import {texts} from './texts';

/** What Cognito misses in a password, by its own words. https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html */
const MISSING: readonly (readonly [RegExp, keyof typeof texts.password.parts])[] = [
	[/not long enough|length/, 'length'],
	[/uppercase/, 'upper'],
	[/lowercase/, 'lower'],
	[/numeric/, 'digit'],
	[/symbol/, 'symbol'],
];

export function isOf(error: unknown, type: string): boolean {
	return error instanceof CognitoError && error.type === type;
}

/** Whether it is the new password that Cognito has refused. */
export function isOfPassword(error: unknown): error is CognitoError {
	if (!(error instanceof CognitoError)) return false;
	if (error.type === 'InvalidParameterException') return /'(proposedP|p)assword'/.test(error.message);
	return ['InvalidPasswordException', 'PasswordHistoryPolicyViolationException'].includes(error.type);
}

function explainPassword({type, message}: CognitoError): string {
	if (type === 'InvalidParameterException') return texts.password.malformed;
	const told = message.replace(/^Password did not conform (with|to) (the )?policy: /, '');
	const missing = told.split(/[;,] */).map((part) => MISSING.find(([words]) => words.test(part))?.[1]);
	if (told === message || missing.includes(undefined)) return message || texts.signIn.refused;
	return texts.password.needs(missing.flatMap((part) => (part ? [texts.password.parts[part]] : [])));
}

/** Cognito's own sentence where the page has none. */
export function explain(error: unknown): string {
	if (error instanceof UnknownChallenge) return texts.signIn.unknownChallenge(error.message);
	if (isOfPassword(error)) return explainPassword(error);
	if (!(error instanceof CognitoError)) return sentenceOf(error);
	if (isOf(error, 'InvalidParameterException') && /no registered\/verified email/.test(error.message))
		return texts.forgot.unverified;
	return texts.signIn.errors[error.type] || error.message || texts.signIn.refused;
}
