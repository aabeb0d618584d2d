// Owns how foreign text becomes harmless display text. It refuses to change what is stored: only what is shown.

const escape = String.fromCodePoint(0x1b);
const bell = String.fromCodePoint(0x07);
const ansiSequence = new RegExp(
	`${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[@-Z\\\\-_])`,
	'gu',
);
const controlCharacter = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/** Text without ANSI sequences, control and bidirectional-override characters; newlines and tabs stay. */
export function displayText(text: string): string {
	return text.replace(ansiSequence, '').replace(controlCharacter, '�');
}

/** One line of at most `limit` characters, cut at a character boundary with an ellipsis. */
export function displayLine(text: string, limit = 200): string {
	const head = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
	const line = displayText(head).replace(/\s+/gu, ' ').trim();
	const characters = Array.from(line);
	return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : line;
}

/** The last `limit` characters of a long output, with a note of what was cut. */
export function tailText(text: string, limit: number): string {
	return text.length <= limit ? text : `[… ${text.length - limit} characters cut …]\n${text.slice(-limit)}`;
}
