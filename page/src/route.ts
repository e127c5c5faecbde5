/** The page's addresses, in the part after `#`, which no server sees: `#/renders/<id>` and `#/batches/<id>`. */
import {useCallback, useEffect, useLayoutEffect, useRef, useState} from 'preact/hooks';

export type Route = {kind: 'render' | 'batch'; id: string} | {kind: 'start' | 'account'};

export function routeOf(hash: string): Route {
	const [, place, id] = /^#\/(renders|batches|account)(?:\/([\w-]+))?$/.exec(hash) ?? [];
	if (place === 'account') return {kind: 'account'};
	if (!id) return {kind: 'start'};
	return {kind: place === 'batches' ? 'batch' : 'render', id};
}

export function hashOf(route: Route): string {
	switch (route.kind) {
		case 'render':
			return `#/renders/${route.id}`;
		case 'batch':
			return `#/batches/${route.id}`;
		case 'account':
			return '#/account';
		default:
			return '#/';
	}
}

/** Where an address leads that one may send to somebody. */
export function addressOf(route: Route): string {
	return new URL(hashOf(route), location.href).href;
}

export function go(route: Route) {
	location.hash = hashOf(route);
}

/** The route of the address, also when the user goes back. */
export function useRoute(): Route {
	const [route, setRoute] = useState(() => routeOf(location.hash));
	// Before anybody can follow a link.
	useLayoutEffect(() => {
		const look = () => setRoute(routeOf(location.hash));
		addEventListener('hashchange', look);
		return () => removeEventListener('hashchange', look);
	}, []);
	return route;
}

/** Leads to what an answer is about; nobody who has left by then. */
export function useLead(): (route: Route) => void {
	const left = useRef(false);
	useEffect(
		() => () => {
			left.current = true;
		},
		[],
	);
	return useCallback((route) => {
		if (!left.current) go(route);
	}, []);
}
