/** The API that serves this page, for whoever is signed in. */
import {type Client, createClient} from 'remotion-render-api-client';
import {SessionEnded} from './errors';
import type {Session} from './session';

/** For this visit: what it has begun is not sent with the token of the next one, however long it has waited. */
export function clientFor(session: Session): Client {
	const {visit} = session;
	const isOver = () => session.visit !== visit;
	return createClient({
		url: '',
		token: async (asked) => {
			const token = await session.token(asked);
			if (isOver()) throw new SessionEnded();
			return token;
		},
		fetch: async (input, init) => {
			const response = await fetch(input, init);
			const [, token = ''] = new Headers(init?.headers).get('authorization')?.split(' ') ?? [];
			if (response.status === 401 && !isOver()) session.refused(token);
			return response;
		},
	});
}
