import type {Usage} from 'remotion-render-api-client';
import {formatTime} from '../format';
import {useTitle} from '../hooks/useConfig';
import {texts} from '../texts';

type Props = {
	user: string | null;
	quota: Usage['quota'];
	/** `null` where users can change nothing about themselves here. */
	onAccount?: (() => void) | null;
	onSignOut?: () => void;
};

export function Header({user, quota, onAccount, onSignOut}: Props) {
	const title = useTitle();
	return (
		<header class="bar">
			<h1>
				<Logo />
				{title}
			</h1>
			{user !== null && (
				<>
					{quota && quota.resetsAt > Date.now() && (
						<span class="quota">{texts.quota(quota.left, quota.limit, formatTime(quota.resetsAt))}</span>
					)}
					<span class="user">{user}</span>
					{onAccount && (
						<button type="button" class="quiet" onClick={onAccount}>
							{texts.account.title}
						</button>
					)}
					<button type="button" class="quiet" onClick={onSignOut}>
						{texts.signOut}
					</button>
				</>
			)}
		</header>
	);
}

function Logo() {
	return (
		<svg viewBox="0 0 24 24" aria-hidden="true">
			<rect width="24" height="24" rx="6" />
			<path d="M9 7v10l8-5z" />
		</svg>
	);
}
