import type {ComponentChildren} from 'preact';
import {useId} from 'preact/hooks';

/** What connects a control with its label, its hint and its errors. */
export type ControlProps = {
	id: string;
	'aria-describedby': string | undefined;
	'aria-invalid': true | undefined;
};

type FieldProps = {
	label: string;
	hint?: string | undefined;
	errors?: readonly string[] | undefined;
};

export function Field({label, hint, errors = [], children}: FieldProps & {children: (props: ControlProps) => ComponentChildren}) {
	const id = useId();
	const described = [errors.length > 0 && `${id}-errors`, hint && `${id}-hint`].filter(Boolean).join(' ');
	return (
		<div class="field">
			<label for={id}>{label}</label>
			{children({id, 'aria-describedby': described || undefined, 'aria-invalid': errors.length > 0 || undefined})}
			<Errors id={`${id}-errors`} errors={errors} />
			{hint && (
				<p class="hint" id={`${id}-hint`}>
					{hint}
				</p>
			)}
		</div>
	);
}

export function Errors({id, errors}: {id: string; errors: readonly string[]}) {
	return errors.length === 0 ? null : (
		<ul class="errors" id={id}>
			{errors.map((error) => (
				<li key={error}>{error}</li>
			))}
		</ul>
	);
}

type TextFieldProps = FieldProps & {
	value: string;
	onValue: (value: string) => void;
	inputMode?: 'decimal' | 'numeric' | 'text';
	placeholder?: string;
};

export function TextField({value, onValue, inputMode = 'text', placeholder, ...field}: TextFieldProps) {
	return (
		<Field {...field}>
			{(props) => (
				<input
					{...props}
					type="text"
					inputMode={inputMode}
					placeholder={placeholder}
					autocomplete="off"
					spellcheck={false}
					value={value}
					onInput={(event) => onValue(event.currentTarget.value)}
				/>
			)}
		</Field>
	);
}

type SelectFieldProps<Value extends string> = FieldProps & {
	value: Value;
	onValue: (value: Value) => void;
	options: readonly (readonly [value: Value, label: string])[];
};

export function SelectField<Value extends string>({value, onValue, options, ...field}: SelectFieldProps<Value>) {
	return (
		<Field {...field}>
			{(props) => (
				<select {...props} value={value} onChange={(event) => onValue(event.currentTarget.value as Value)}>
					{options.map(([option, label]) => (
						<option key={option} value={option}>
							{label}
						</option>
					))}
				</select>
			)}
		</Field>
	);
}

type CheckFieldProps = Omit<FieldProps, 'hint'> & {
	checked: boolean;
	onChecked: (checked: boolean) => void;
};

export function CheckField({label, errors = [], checked, onChecked}: CheckFieldProps) {
	const id = useId();
	return (
		<div class="field check">
			<label for={id}>
				<input
					id={id}
					type="checkbox"
					checked={checked}
					aria-describedby={errors.length > 0 ? `${id}-errors` : undefined}
					aria-invalid={errors.length > 0 || undefined}
					onChange={(event) => onChecked(event.currentTarget.checked)}
				/>
				{label}
			</label>
			<Errors id={`${id}-errors`} errors={errors} />
		</div>
	);
}
