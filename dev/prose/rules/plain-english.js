/** Reports each phrase of phrases.json in a paragraph, heading or table cell; not in code, and not in a link's address. */
const phrases = require('../phrases.json').map(({phrase, instead}) => ({pattern: new RegExp(phrase, 'gi'), instead}));

/** The same text at the same places, without what is not prose, and in one line. */
function prose(source) {
	const blank = (text) => '~'.repeat(text.length);
	return source
		.replace(/`[^`]*`/g, blank)
		.replace(/\]\([^)]*\)/g, blank)
		.replace(/<[^>]*>/g, blank)
		.replace(/\n/g, ' ');
}

module.exports = ({Syntax, RuleError, report, getSource, locator}) => {
	const check = (node) => {
		const text = prose(getSource(node));
		for (const {pattern, instead} of phrases) {
			for (const {0: found, index} of text.matchAll(pattern)) {
				report(node, new RuleError(`"${found}": ${instead}`, {padding: locator.range([index, index + found.length])}));
			}
		}
	};
	return {[Syntax.Paragraph]: check, [Syntax.Header]: check, [Syntax.TableCell]: check};
};
