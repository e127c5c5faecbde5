import {useState} from 'preact/hooks';
import type {PropField} from '../props';
import {texts} from '../texts';
import {CheckField, Field, TextField} from './Field';

type Props = {
	fields: readonly PropField[];
	/** The names of props that only JSON can show. */
	rest: readonly string[];
	onValue: (name: string, value: unknown) => void;
};

const words = texts.form;

/** A field for each prop that has a simple value. */
export function PropFields({fields, rest, onValue}: Props) {
	return (
		<>
			{fields.map((field) => (
				<OneField key={field.name} field={field} onValue={(value) => onValue(field.name, value)} />
			))}
			{rest.length > 0 && <p class="hint">{words.inJson(rest.join(', '))}</p>}
		</>
	);
}

type OneProps = {field: PropField; onValue: (value: unknown) => void};

function OneField({field: {name, kind, value}, onValue}: OneProps) {
	switch (kind) {
		case 'switch':
			return <CheckField label={name} checked={value === true} onChecked={onValue} />;
		case 'number':
			return <NumberField label={name} value={value as number} onValue={onValue} />;
		case 'lines':
			return <LinesField label={name} value={String(value)} onValue={onValue} />;
		case 'list':
			return (
				<LinesField
					label={name}
					hint={words.listHint}
					value={(value as string[]).join('\n')}
					onValue={(text) => onValue(text === '' ? [] : text.split('\n'))}
				/>
			);
		case 'colour':
		case 'date':
			return (
				<Field label={name}>
					{(props) => (
						<input
							{...props}
							type={kind === 'date' ? 'date' : 'color'}
							value={String(value)}
							onInput={(event) => onValue(event.currentTarget.value)}
						/>
					)}
				</Field>
			);
		default:
			return <TextField label={name} value={String(value)} onValue={onValue} />;
	}
}

type NumberProps = {label: string; value: number; onValue: (value: number) => void};

/** What is no number is told at once, and is not sent. */
function NumberField({label, value, onValue}: NumberProps) {
	const [typed, setTyped] = useState({text: String(value), value});
	// Another value than the one next to which it was typed, such as that of an opened file.
	const text = typed.value === value ? typed.text : String(value);
	return (
		<TextField
			label={label}
			hint={words.numberHint}
			errors={isNumber(text) ? [] : [words.number]}
			inputMode="decimal"
			value={text}
			onValue={(text) => {
				const next = isNumber(text) ? Number(text) : value;
				setTyped({text, value: next});
				if (next !== value) onValue(next);
			}}
		/>
	);
}

function isNumber(text: string): boolean {
	return text.trim() !== '' && Number.isFinite(Number(text));
}

type LinesProps = {label: string; hint?: string; value: string; onValue: (value: string) => void};

function LinesField({label, hint, value, onValue}: LinesProps) {
	return (
		<Field label={label} hint={hint}>
			{(props) => (
				<textarea
					{...props}
					rows={Math.min(Math.max(value.split('\n').length, 2), 8)}
					value={value}
					onInput={(event) => onValue(event.currentTarget.value)}
				/>
			)}
		</Field>
	);
}
