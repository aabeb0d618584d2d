// Owns which bytes a text editor can hold without changing them. Pure, so that it is tested without an editor.

export interface PlainText {
	/** Without the byte order mark. */
	readonly text: string;
	readonly lineEnd: '\n' | '\r\n' | undefined;
	readonly hasMark: boolean;
}

const mark = '\uFEFF';

/** The text in the bytes, if an editor can hold and save it unchanged: UTF-8, no NUL, one kind of line end. */
export function plainTextOf(bytes: Uint8Array): PlainText | undefined {
	if (bytes.includes(0)) {
		return undefined;
	}
	let whole: string;
	try {
		whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
	const hasMark = whole.startsWith(mark);
	const text = hasMark ? whole.slice(1) : whole;
	const ends = new Set(text.match(/\r\n|\n|\r/gu) ?? []);
	if (ends.size > 1 || ends.has('\r')) {
		return undefined;
	}
	return { text, hasMark, lineEnd: ends.has('\r\n') ? '\r\n' : ends.has('\n') ? '\n' : undefined };
}

export function withLineEnds(text: string, lineEnd: '\n' | '\r\n'): string {
	const plain = text.replaceAll('\r\n', '\n');
	return lineEnd === '\n' ? plain : plain.replaceAll('\n', '\r\n');
}
