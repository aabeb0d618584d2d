// Owns the places of a changed file as things to accept or reject by themselves: found by lines, put together again in any choice.

import { minimalEdits } from './lineEdits.ts';
import { linesOfBytes } from './mergeContent.ts';

export interface ChangeHunk {
	/** From 1, in the order of the file. */
	readonly number: number;
	/** First line of the place before and after the change, from 1, and how many lines there are of it. */
	readonly before: { readonly line: number; readonly count: number };
	readonly after: { readonly line: number; readonly count: number };
	readonly removed: string;
	readonly added: string;
}

const lineCount = (text: string): number => (text.match(/[^\n]*\n|[^\n]+$/gu) ?? []).length;

/** Places where a file was changed; empty for a file that is not text, which is taken as a whole. */
export function hunksOf(base: Uint8Array, result: Uint8Array): ChangeHunk[] {
	const sides = linesOfBytes(base, result);
	if (sides === undefined) {
		return [];
	}
	let shift = 0;
	return minimalEdits(sides.base, sides.result).map(({ start, end, text }, index) => {
		const line = lineCount(sides.base.slice(0, start)) + 1;
		const removed = sides.base.slice(start, end);
		const [before, after] = [lineCount(removed), lineCount(text)];
		const hunk = {
			number: index + 1,
			before: { line, count: before },
			after: { line: line + shift, count: after },
			removed,
			added: text,
		};
		shift += after - before;
		return hunk;
	});
}

/** The file with the chosen places changed and the others as they were. */
export function withHunks(base: Uint8Array, result: Uint8Array, chosen: ReadonlySet<number>): Uint8Array {
	const sides = linesOfBytes(base, result);
	if (sides === undefined) {
		return result;
	}
	let text = '';
	let from = 0;
	for (const [index, edit] of minimalEdits(sides.base, sides.result).entries()) {
		text += sides.base.slice(from, edit.start);
		text += chosen.has(index + 1) ? edit.text : sides.base.slice(edit.start, edit.end);
		from = edit.end;
	}
	return sides.bytes(text + sides.base.slice(from));
}
