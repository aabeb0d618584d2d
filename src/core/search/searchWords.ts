// Owns what counts as a word: letters and digits, without case and accents. Index and scan both cut texts here, so that they give
// the same answers whatever the database calls a letter.

export interface Word {
	/** As it is compared. */
	readonly folded: string;
	/** Where it stands in the text, in UTF-16 units. */
	readonly start: number;
	readonly end: number;
}

// Scripts that are written without spaces: each of their characters is a word, and a run of them is asked for as a phrase.
const unspaced = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`;
const wordPattern = new RegExp(String.raw`${unspaced}\p{M}*|(?:(?!${unspaced})[\p{L}\p{N}\p{M}\p{Co}])+`, 'gu');
const plainWordPattern = /[A-Za-z0-9]+/gu;
const beyondAscii = /[\u{80}-\u{10FFFF}]/u;
const accents = /[\u0300-\u036F]/gu;

/** ASCII only, and without U+0000, at which SQLite would end the text. */
export const isPlain = (text: string): boolean => !beyondAscii.test(text) && !text.includes('\0');

/** Text without case and accents. */
export function fold(text: string): string {
	const lower = text.toLowerCase();
	return isPlain(lower) ? lower : lower.normalize('NFD').replace(accents, '').replaceAll('ς', 'σ');
}

/** The words of a text, in their order. */
export function wordsOf(text: string): Word[] {
	const words: Word[] = [];
	for (const match of text.matchAll(isPlain(text) ? plainWordPattern : wordPattern)) {
		const folded = fold(match[0]);
		if (folded !== '') {
			words.push({ folded, start: match.index, end: match.index + match[0].length });
		}
	}
	return words;
}
