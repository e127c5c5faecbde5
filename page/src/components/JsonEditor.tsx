import type {ComponentChildren} from 'preact';
import {useId, useRef} from 'preact/hooks';
import {lineAndColumn, type Mark} from '../json';
import {texts} from '../texts';

type Props = {
	label: string;
	hint: ComponentChildren;
	value: string;
	marks: readonly Mark[];
	onValue: (value: string) => void;
	/** Next to the label. */
	action?: ComponentChildren;
};

/** A text field with line numbers that marks what is wrong, and says below where that is. */
export function JsonEditor({label, hint, value, marks, onValue, action}: Props) {
	const id = useId();
	const field = useRef<HTMLTextAreaElement>(null);
	const go = ({offset, length}: Mark) => {
		field.current?.focus();
		field.current?.setSelectionRange(offset, offset + length);
	};
	const lines = value.split('\n').map((_line, index) => index + 1);
	return (
		<div class="field">
			<div class="field-head">
				<label for={id}>{label}</label>
				{action}
			</div>
			<div class="editor">
				<pre class="lines" aria-hidden="true">
					{lines.join('\n')}
				</pre>
				<div class="text">
					{/* As large as the text, and below it: it gives the field its size and holds the marks. */}
					<pre aria-hidden="true">
						{marked(value, marks)}
						{'\n'}
					</pre>
					<textarea
						ref={field}
						id={id}
						value={value}
						spellcheck={false}
						autocomplete="off"
						autocapitalize="off"
						wrap="off"
						aria-invalid={marks.length > 0 || undefined}
						aria-describedby={marks.length > 0 ? `${id}-errors ${id}-hint` : `${id}-hint`}
						onInput={(event) => onValue(event.currentTarget.value)}
					/>
				</div>
			</div>
			{marks.length > 0 && (
				<ul class="errors" id={`${id}-errors`}>
					{marks.map((mark) => {
						const {line, column} = lineAndColumn(value, mark.offset);
						return (
							<li key={`${mark.offset} ${mark.message}`}>
								<button type="button" class="link" onClick={() => go(mark)}>
									{texts.json.at(line, column)}
								</button>
								{`: ${mark.message}`}
							</li>
						);
					})}
				</ul>
			)}
			<p class="hint" id={`${id}-hint`}>
				{hint}
			</p>
		</div>
	);
}

/** The text in pieces, every other one marked. Of marks that overlap the first one is shown. */
function marked(text: string, marks: readonly Mark[]): ComponentChildren[] {
	const pieces: ComponentChildren[] = [];
	let end = 0;
	for (const {offset, length} of marks.toSorted((one, other) => one.offset - other.offset)) {
		if (offset < end) continue;
		pieces.push(text.slice(end, offset), <mark>{text.slice(offset, offset + length)}</mark>);
		end = offset + length;
	}
	return [...pieces, text.slice(end)];
}
