/** What Cognito has refused, as a sentence. */
import {CognitoError} from './cognito';
import {UnknownChallenge} from './cognitoSession';
import {sentenceOf} from './errors';
import {texts} from './texts';

export function isOf(error: unknown, type: string): boolean {
	return error instanceof CognitoError && error.type === type;
}

/** Cognito's own sentence where the page has none, such as on the rules for passwords. */
export function explain(error: unknown): string {
	if (error instanceof UnknownChallenge) return texts.signIn.unknownChallenge(error.message);
	if (!(error instanceof CognitoError)) return sentenceOf(error);
	if (isOf(error, 'InvalidParameterException') && /no registered\/verified email/.test(error.message))
		return texts.forgot.unverified;
	return texts.signIn.errors[error.type] || error.message || texts.signIn.refused;
}
