/** Fields for props, by what the default props of a composition are. */
import {applyEdits, modify} from 'jsonc-parser';

export type PropKind = 'text' | 'lines' | 'number' | 'switch' | 'colour' | 'date' | 'list';

export type PropField = {name: string; kind: PropKind; value: unknown};

/** The kind of a value; `null` where only JSON will do. */
export function kindOf(value: unknown): PropKind | null {
	switch (typeof value) {
		case 'boolean':
			return 'switch';
		case 'number':
			return 'number';
		case 'string':
			if (/^#[0-9a-f]{6}$/i.test(value)) return 'colour';
			if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
			return value.length > 60 || value.includes('\n') ? 'lines' : 'text';
		default:
			return Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.includes('\n')) ? 'list' : null;
	}
}

/**
 * The fields of an object in JSON, and the names of what has none. A field has the kind of the default, as long as the value is
 * one that it can show. `null` where there is no object, or nothing in it.
 */
export function fieldsOf(text: string, defaults: Record<string, unknown>): {fields: PropField[]; rest: string[]} | null {
	let props: unknown;
	try {
		props = JSON.parse(text || '{}');
	} catch {
		return null;
	}
	if (typeof props !== 'object' || props === null || Array.isArray(props)) return null;
	const all: Record<string, unknown> = {...defaults, ...props};
	const fields: PropField[] = [];
	const rest: string[] = [];
	for (const [name, value] of Object.entries(all)) {
		const kind = suited(kindOf(defaults[name]), value);
		if (kind) fields.push({name, kind, value});
		else rest.push(name);
	}
	return fields.length > 0 ? {fields, rest} : null;
}

/** The kind of field for a value, where the default has a kind of its own. */
function suited(usual: PropKind | null, value: unknown): PropKind | null {
	const own = kindOf(value);
	const textual = (kind: PropKind | null) => kind !== null && ['text', 'lines', 'colour', 'date'].includes(kind);
	// A text that is being typed stays in its field, whatever it looks like by now.
	if (usual && textual(usual) && typeof value === 'string') {
		if (usual === 'colour' && own !== 'colour') return 'text';
		if (usual === 'date' && own !== 'date' && value !== '') return 'text';
		return usual === 'text' && own === 'lines' ? 'lines' : usual;
	}
	return own;
}

/** The text with another value of one prop. All else stays as it was typed. */
export function withProp(text: string, name: string, value: unknown): string {
	const source = text.trim() ? text : '{}';
	return applyEdits(source, modify(source, [name], value, {formattingOptions: {insertSpaces: true, tabSize: 2}}));
}
