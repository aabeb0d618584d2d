// Owns what is counted about a file's text without understanding it: placeholders nobody filled in, times with an offset and a Z,
// letters broken by a wrong encoding, a byte order mark, Windows line ends.

export interface FileFacts {
	readonly file: string;
	readonly bytes: number;
	readonly placeholders: number;
	/** Times such as `2025-04-29T10:00:00+00:00Z`. */
	readonly offsetPlusZ: number;
	readonly isMojibake: boolean;
	readonly hasMark: boolean;
	readonly hasCarriageReturns: boolean;
}

const placeholder =
	/\{\{[^{}\n]{1,40}\}\}|\[(?:NOW|AUTO|PREVIOUS|CURRENT|CALCULATE)[A-Z0-9_]*\]|AUTO_TIMESTAMP|YYYY-MM-DD[\w:.-]*|PLACEHOLDER_[A-Z]+|uuid-placeholder/gu;
const nameWithPlaceholder = /\{\{[^{}]*\}\}|\[AUTO_[A-Z_]+\]|PLACEHOLDER|placeholder-/u;
const offsetAndZ = /[+-]\d{2}:\d{2}Z/gu;
// Also as JSON escapes, the way Python writes them.
const mojibake = /[ÂÃ][\u0080-\u00bf]|â€|ðŸ|\\u00c[23]\\u00[89ab]|\\u00e2\\u20ac|\\u00f0\\u0178/u;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

export function hasPlaceholderName(file: string): boolean {
	return nameWithPlaceholder.test(file.slice(file.lastIndexOf('/') + 1));
}

export function factsOf(file: string, bytes: Uint8Array): FileFacts {
	const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
	return {
		file,
		bytes: bytes.length,
		placeholders: count(text, placeholder),
		offsetPlusZ: count(text, offsetAndZ),
		isMojibake: mojibake.test(text),
		hasMark: text.startsWith('\uFEFF'),
		hasCarriageReturns: text.includes('\r\n'),
	};
}

/** `.json`, or `(none)` for a name without an ending. */
export function endingOf(file: string): string {
	const name = file.slice(file.lastIndexOf('/') + 1);
	const dot = name.lastIndexOf('.');
	return dot <= 0 ? '(none)' : name.slice(dot).toLowerCase();
}
