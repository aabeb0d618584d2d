// Owns where the records of a board file stand in its text, also while somebody is typing in it. One quick pass that skips over
// what it does not understand; what is inside a record is looked at only when somebody asks for that record.

import {
	backslash,
	closeList,
	closeObject,
	colon,
	comma,
	openList,
	openObject,
	quote,
} from '../board/jsonCharacters.ts';
import { LineIndex } from '../board/lineIndex.ts';
import type { TextPosition } from '../board/lineIndex.ts';
import type { TextRange } from '../jsonc.ts';

/** A record as it stands in the text; `id` undefined while it has none. */
export interface SyntaxRecord extends TextRange {
	readonly id: string | undefined;
	/** The value of the id, quotes included. */
	readonly idRange: TextRange | undefined;
}

const slash = 47;

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff;
const isBreak = (code: number): boolean => code === 10 || code === 13;

/** Index after a string. JSON has no line breaks in strings, so one without a closing quote ends with its line. */
function afterString(text: string, open: number): number {
	for (let index = open + 1; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === quote) {
			return index + 1;
		}
		if (isBreak(code)) {
			return index;
		}
		if (code === backslash) {
			index++;
		}
	}
	return text.length;
}

/** Index after a comment that begins here; the same index when none does. */
function afterComment(text: string, start: number): number {
	const next = text.charAt(start + 1);
	if (next === '/') {
		const end = text.indexOf('\n', start);
		return end < 0 ? text.length : end;
	}
	if (next === '*') {
		const end = text.indexOf('*/', start + 2);
		return end < 0 ? text.length : end + 2;
	}
	return start;
}

function afterWord(text: string, start: number): number {
	let index = start;
	for (; index < text.length; index++) {
		const code = text.charCodeAt(index);
		const isEnd = code === comma || code === colon || code === closeObject || code === closeList || code === quote;
		if (isEnd || code === openObject || code === openList || isSpace(code)) {
			break;
		}
	}
	return Math.max(index, start + 1);
}

/** Index after the last character before `index` that is neither space nor comma. */
function afterLast(text: string, index: number): number {
	let end = index;
	while (end > 0 && (isSpace(text.charCodeAt(end - 1)) || text.charCodeAt(end - 1) === comma)) {
		end--;
	}
	return end;
}

/** The id a raw value gives; undefined for what cannot be one. */
function idOf(raw: string): string | undefined {
	try {
		const value: unknown = JSON.parse(raw);
		return typeof value === 'number'
			? String(value)
			: typeof value === 'string'
				? value.trim() || undefined
				: undefined;
	} catch {
		return undefined;
	}
}

function scanRecords(text: string): SyntaxRecord[] {
	const records: SyntaxRecord[] = [];
	const first = text.search(/[^\s\uFEFF]/u);
	const outside = text.charCodeAt(first) === openList ? 1 : 0;
	let depth = 0;
	let start = -1;
	let isAtKey = true;
	let idKey: string | undefined;
	let ids: Map<string, TextRange> = new Map();
	const close = (end: number) => {
		const idRange = ids.get('"task_id"') ?? ids.get('"id"');
		const id = idRange === undefined ? undefined : idOf(text.slice(idRange.start, idRange.end));
		records.push({ start, end, id, idRange });
		start = -1;
	};
	const open = (at: number) => {
		start = at;
		isAtKey = true;
		idKey = undefined;
		ids = new Map();
	};
	const value = (from: number, to: number) => {
		if (start < 0 || depth !== outside + 1) {
			return;
		}
		if (isAtKey) {
			const key = text.slice(from, Math.min(to, from + 12));
			idKey = key === '"task_id"' || key === '"id"' ? key : undefined;
		} else if (idKey !== undefined) {
			ids.set(idKey, { start: from, end: to });
			idKey = undefined;
		}
	};
	for (let index = Math.max(first, 0); index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (isSpace(code)) {
			continue;
		}
		const isInRecord = start >= 0 && depth === outside + 1;
		if (code === colon || code === comma) {
			isAtKey = isInRecord ? code === comma : isAtKey;
		} else if (code === openObject) {
			if (isInRecord && isAtKey) {
				// Its own brace is not typed yet: the next record begins here nevertheless.
				close(afterLast(text, index));
				open(index);
				continue;
			}
			depth++;
			if (depth === outside + 1 && start < 0) {
				open(index);
			}
		} else if (code === openList) {
			depth++;
		} else if (code === closeObject || code === closeList) {
			if (code === closeList && isInRecord && outside === 1) {
				close(index);
				depth -= 2;
				continue;
			}
			depth = Math.max(depth - 1, 0);
			if (start >= 0 && depth === outside) {
				close(index + 1);
			}
		} else if (code === slash && afterComment(text, index) > index) {
			index = afterComment(text, index) - 1;
		} else {
			const end = code === quote ? afterString(text, index) : afterWord(text, index);
			value(index, end);
			index = end - 1;
		}
	}
	if (start >= 0) {
		close(text.length);
	}
	return records;
}

/** The records of one text. Built once per version of a document; finding a record is cheap, its insides are read by others. */
export class BoardSyntax {
	readonly text: string;
	readonly records: readonly SyntaxRecord[];
	private readonly lines: LineIndex;
	private index: Map<string, SyntaxRecord[]> | undefined;

	constructor(text: string) {
		this.text = text;
		this.records = scanRecords(text);
		this.lines = new LineIndex(text);
	}

	recordText({ start, end }: TextRange): string {
		return this.text.slice(start, end);
	}

	/** The record an offset is in or at the edge of. */
	recordAt(offset: number): SyntaxRecord | undefined {
		return this.recordsIn({ start: offset, end: offset }, 1)[0];
	}

	/** The first records a range touches, in order. */
	recordsIn(range: TextRange, most: number): readonly SyntaxRecord[] {
		let low = 0;
		let high = this.records.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.records[middle]?.end ?? 0) < range.start) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return this.records.slice(low, low + most).filter(({ start }) => start <= range.end);
	}

	/** All records under an id, in the order of the text. */
	recordsOf(id: string): readonly SyntaxRecord[] {
		if (this.index === undefined) {
			this.index = new Map();
			for (const record of this.records) {
				if (record.id !== undefined) {
					const known = this.index.get(record.id);
					if (known === undefined) {
						this.index.set(record.id, [record]);
					} else {
						known.push(record);
					}
				}
			}
		}
		return this.index.get(id) ?? [];
	}

	position(offset: number): TextPosition {
		return this.lines.position(offset);
	}

	offset(position: TextPosition): number {
		return this.lines.offset(position);
	}
}
