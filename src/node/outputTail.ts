// Owns what is kept of a program's output: both streams as they came, decoded across chunk borders, cut to the last
// characters so that a program that never stops talking costs no memory.

import { StringDecoder } from 'node:string_decoder';

export interface OutputTail {
	/** A decoder for one stream; call it with each chunk, and without one at the end. */
	stream(): (chunk?: Buffer) => void;
	/** The last characters, after a note of how many were cut. */
	text(): string;
}

/** Keeps at most `limit` characters; each decoded piece is also given to `onText`. */
export function createOutputTail(limit: number, onText: (text: string) => void): OutputTail {
	let kept = '';
	let total = 0;
	const append = (text: string) => {
		if (text === '') {
			return;
		}
		total += text.length;
		kept += text;
		// Cutting at twice the limit keeps the cost per character constant.
		if (kept.length > limit * 2) {
			kept = lastCharacters(kept, limit);
		}
		onText(text);
	};
	return {
		stream() {
			const decoder = new StringDecoder('utf8');
			return (chunk) => append(chunk === undefined ? decoder.end() : decoder.write(chunk));
		},
		text() {
			const tail = lastCharacters(kept, limit);
			return tail.length === total ? tail : `[… ${total - tail.length} characters cut …]\n${tail}`;
		},
	};
}

/** The end of a text; never starts in the middle of a character outside the basic plane. */
function lastCharacters(text: string, limit: number): string {
	if (text.length <= limit) {
		return text;
	}
	const tail = limit === 0 ? '' : text.slice(-limit);
	const first = tail.charCodeAt(0);
	return first >= 0xdc00 && first <= 0xdfff ? tail.slice(1) : tail;
}
