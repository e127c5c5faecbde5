import type {Render} from 'remotion-render-api-client';
import {texts} from '../texts';
import {Notice} from './Notice';

/** Why a render has failed. Retries fail for the same reason, which is said once. */
export function RenderErrors({errors}: Pick<Render, 'errors'>) {
	const reasons = new Map(errors.map(({message, frame}) => [message, frame]));
	return (
		<Notice kind="error">
			{reasons.size === 0 && <p>{texts.render.noError}</p>}
			{Array.from(reasons, ([message, frame]) => (
				<p key={message}>
					{frame !== null && <strong>{texts.render.atFrame(frame)}</strong>} {message}
				</p>
			))}
		</Notice>
	);
}
