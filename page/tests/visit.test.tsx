import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {clientFor} from '../src/client';
import {App} from '../src/components/App';
import {Session, type Tokens} from '../src/session';
import {texts} from '../src/texts';
import {fieldOf, json, named, never, OPENED, pass, press, shown, stubDocument, type} from './dom';
import {listed, stateOf} from './workspace';

const STARTED = {renderId: '1pwhfhh11z', bucketName: 'b'};
const busy = () => json({code: 'capacity_spent', detail: 'No room.'}, 429, {'retry-after': '5'});

let restore: () => Promise<void>;
beforeEach(() => {
	restore = stubDocument();
});
afterEach(() => restore());

class TestSession extends Session {
	enter(owner: string) {
		this.begin({user: owner, owner, id: owner, access: '', refresh: null, expiresAt: Date.now() + 3_600_000});
	}

	/** As the issuer refuses to renew it. */
	async expire() {
		this.refused(await this.token());
		await this.token({refresh: true}).catch(() => {});
		await pass();
	}

	protected override forApi({id}: Tokens) {
		return id;
	}

	protected override async renewed(): Promise<Tokens> {
		throw new Error('refused');
	}

	protected override async leave() {}
}

/** A page on which each of these users can sign in, and what its API was asked to start. It answers the `first` start so. */
async function pageFor(owners: string[], first: () => Response | Promise<Response> = busy) {
	const starts: {token: string | null; key: string | null; body: string}[] = [];
	const answers = [first, () => json(STARTED, 201)];
	const options = {composition: 'MyVideo'};
	const fetch = async (url: string, init: RequestInit) => {
		const [path = ''] = url.split('?');
		if (init.method === 'POST') {
			const headers = new Headers(init.headers);
			starts.push({token: headers.get('authorization'), key: headers.get('idempotency-key'), body: String(init.body)});
			return answers.shift()?.();
		}
		if (path === 'render') return json({renders: [listed('r1')], cursor: null});
		if (path.startsWith('render/')) return json(stateOf(path.slice(7), {options, inputProps: {}}));
		return OPENED[`GET ${path}`]?.({method: 'GET', path, body: '', key: null}, null);
	};
	vi.stubGlobal('fetch', fetch);
	const session = new TestSession();
	const signIn = ({onSignedIn}: {onSignedIn: () => void}) => (
		<>
			{owners.map((owner) => (
				<button
					key={owner}
					type="button"
					onClick={() => {
						session.enter(owner);
						onSignedIn();
					}}
				>
					{owner}
				</button>
			))}
		</>
	);
	await shown(<App session={session} clientFor={clientFor} account={null} signIn={signIn} />);
	return {session, starts};
}

test.each(['ada', 'bob'])('what waits when ada signs out is not sent when %s signs in', async (next) => {
	const {starts} = await pageFor(['ada', 'bob']);
	await press('ada');
	await press(texts.list.menu);
	await press(texts.render.again);
	await press(texts.signOut);
	await press(next);
	await pass(10_000);
	expect(starts.map(({token}) => token)).toEqual(['Bearer ada']);
	await press(texts.form.start);
	expect(starts.map(({token}) => token)).toEqual(['Bearer ada', `Bearer ${next}`]);
});

test('nor what waits when a session ends and another user signs in', async () => {
	const {session, starts} = await pageFor(['ada', 'bob']);
	await press('ada');
	await press(texts.list.menu);
	await press(texts.render.again);
	await session.expire();
	await press('bob');
	await pass(10_000);
	expect(starts.map(({token}) => token)).toEqual(['Bearer ada']);
});

test("where nothing can be kept, what has been filled in is still its own user's", async () => {
	const denied = () => {
		throw new Error('denied');
	};
	vi.stubGlobal('sessionStorage', {getItem: denied, setItem: denied, removeItem: denied, clear: denied});
	const {session, starts} = await pageFor(['ada', 'bob'], never);
	await press('ada');
	await type(texts.form.name, 'Secret');
	await press(texts.form.start);
	await session.expire();
	await press('ada');
	expect(fieldOf(texts.form.name).value).toBe('Secret');
	await press(texts.form.start);
	expect(starts).toHaveLength(2);
	expect(starts[1]).toEqual(starts[0]);
	await session.expire();
	await press('bob');
	expect(fieldOf(texts.form.name).value).toBe('');
});

test('a session that ends is gone on with by the same user, with what waits', async () => {
	const {session, starts} = await pageFor(['ada']);
	await press('ada');
	await press(texts.form.start);
	await session.expire();
	expect(named('button', 'ada')).toHaveLength(1);
	await press('ada');
	expect(starts.map(({token}) => token)).toEqual(['Bearer ada', 'Bearer ada']);
	expect(starts[1]?.body).toBe(starts[0]?.body);
	expect(location.hash).toBe('#/renders/1pwhfhh11z');
});
