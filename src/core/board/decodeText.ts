// Owns the way from bytes to text. Bytes that are not UTF-8 are refused instead of replaced: writing them back would lose them.

export interface DecodedText {
	/** Without a byte order mark; as far as it could be read when `failure` is there. */
	readonly text: string;
	readonly hasMark: boolean;
	readonly failure?: { readonly message: string; readonly offset: number };
}

const mark = '\uFEFF';

export function decodeText(content: string | Uint8Array): DecodedText {
	if (typeof content === 'string') {
		return content.startsWith(mark) ? { text: content.slice(1), hasMark: true } : { text: content, hasMark: false };
	}
	const [first, second] = content;
	if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
		return {
			text: '',
			hasMark: true,
			failure: { message: 'The file is UTF-16 text; a board is UTF-8.', offset: 0 },
		};
	}
	try {
		const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
		return decodeText(text);
	} catch {
		const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: false }).decode(content);
		return {
			text,
			hasMark: false,
			failure: {
				message: 'The file holds bytes that are not UTF-8 text.',
				offset: Math.max(text.indexOf('\uFFFD'), 0),
			},
		};
	}
}
