import {texts} from '../texts';

/** What an authenticator app is to be given: typed, or by a link where the app is on the same device. */
export function TotpKey({email, secret}: {email: string; secret: string}) {
	const query = new URLSearchParams({secret, issuer: texts.title});
	return (
		<div class="field">
			<span>{texts.totpSetup.key}</span>
			<code class="key">{secret.match(/.{1,4}/g)?.join(' ')}</code>
			<a href={`otpauth://totp/${encodeURIComponent(`${texts.title}:${email}`)}?${query}`}>{texts.totpSetup.open}</a>
		</div>
	);
}
