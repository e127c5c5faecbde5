import {formatProgress} from '../format';
import {texts} from '../texts';
import type {Render} from '../types';

export function StatusBadge({render}: {render: Render | undefined}) {
	if (!render) return <span class="badge" aria-hidden="true" />;
	const {status} = render;
	return (
		<span class={`badge ${status}`}>
			{texts.status[status]}
			{status === 'rendering' && ` ${formatProgress(Math.min(render.overallProgress, 0.99))}`}
		</span>
	);
}
