/** An entry of a `<dl class="facts">`. */
export function Fact({name, value}: {name: string; value: string}) {
	return (
		<div>
			<dt>{name}</dt>
			<dd>{value}</dd>
		</div>
	);
}
