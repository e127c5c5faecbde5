import {useId, useRef} from 'preact/hooks';
import {texts} from '../texts';

type Props = {
	onFile: (file: File) => Promise<void>;
	/** What has come of the last one. */
	told: string;
};

/** A JSON file that fills the form in, or makes a batch. */
export function FileField({onFile, told}: Props) {
	const id = useId();
	const field = useRef<HTMLInputElement>(null);
	return (
		<div class="file">
			<button type="button" class="quiet" aria-describedby={id} onClick={() => field.current?.click()}>
				{texts.form.file}
			</button>
			<span class="hint" id={id}>
				{texts.form.fileHint}
			</span>
			<input
				ref={field}
				type="file"
				accept=".json,application/json"
				hidden
				onChange={({currentTarget}) => {
					const [file] = currentTarget.files ?? [];
					if (file) void onFile(file);
					// The same file may be opened again.
					currentTarget.value = '';
				}}
			/>
			<p class="muted" role="status">
				{told}
			</p>
		</div>
	);
}
