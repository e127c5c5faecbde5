import {useState} from 'preact/hooks';
import {texts} from '../texts';

type Props = {label: string; text: string; copied?: string};

/** Copies a text; shows it where the browser does not let that happen. */
export function Copy({label, text, copied = texts.render.copied}: Props) {
	const [told, setTold] = useState('');
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
			setTold(copied);
		} catch {
			setTold(texts.render.notCopied(text));
		}
	};
	return (
		<>
			<button type="button" class="secondary" onClick={copy}>
				{label}
			</button>
			<span class="muted told" role="status">
				{told}
			</span>
		</>
	);
}
