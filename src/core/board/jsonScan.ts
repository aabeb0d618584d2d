// Owns one fast walk over text that is known to be valid JSON: where the entries of the outer list stand, and what a plain parse
// hides (keys written twice, numbers too large to keep, depth). It refuses to judge: it only counts and points.

import { backslash, closeList, closeObject, colon, comma, openList, openObject, quote } from './jsonCharacters.ts';
import type { JsonValue } from '../../base/json.ts';
import type { TextRange } from '../jsonc.ts';

export interface JsonScan {
	/** Entries of the outer list; empty when the outer value is no list. */
	readonly entries: readonly TextRange[];
	/** Keys as written; more than the parsed value has when a key stands twice in one object. */
	readonly keyCount: number;
	/** Numbers that JavaScript cannot hold exactly, so that writing them again would change them. */
	readonly inexactNumbers: readonly TextRange[];
	readonly depth: number;
}

/** Index of the quote that closes the string opened at `open`. */
function endOfString(text: string, open: number): number {
	let index = open;
	for (;;) {
		index = text.indexOf('"', index + 1);
		let before = index - 1;
		while (text.charCodeAt(before) === backslash) {
			before--;
		}
		if (((index - 1 - before) & 1) === 0) {
			return index;
		}
	}
}

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;
const isNumberPart = (code: number): boolean =>
	(code >= 48 && code <= 57) || code === 45 || code === 43 || code === 46 || code === 69 || code === 101;

function isInexact(literal: string): boolean {
	const value = Number(literal);
	if (!Number.isFinite(value)) {
		return true;
	}
	return literal.length > 15 && /^-?\d+$/u.test(literal) && BigInt(literal) !== BigInt(value);
}

export function scanJson(text: string): JsonScan {
	const entries: TextRange[] = [];
	const inexactNumbers: TextRange[] = [];
	let isList = false;
	let depth = 0;
	let deepest = 0;
	let keyCount = 0;
	let start = -1;
	let end = 0;
	const closeEntry = () => {
		if (isList && depth === 1 && start >= 0) {
			entries.push({ start, end });
			start = -1;
		}
	};
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (isSpace(code)) {
			continue;
		}
		if (code === colon) {
			keyCount++;
			continue;
		}
		if (code === comma) {
			closeEntry();
			continue;
		}
		if (code === closeList || code === closeObject) {
			closeEntry();
			depth--;
			end = index + 1;
			continue;
		}
		if (depth === 1 && start < 0) {
			start = index;
		}
		if (code === openList || code === openObject) {
			isList ||= depth === 0 && code === openList;
			depth++;
			deepest = Math.max(deepest, depth);
		} else if (code === quote) {
			index = endOfString(text, index);
		} else if (isNumberPart(code) && code !== 101) {
			const first = index;
			while (isNumberPart(text.charCodeAt(index + 1))) {
				index++;
			}
			if (index > first + 2 && isInexact(text.slice(first, index + 1))) {
				inexactNumbers.push({ start: first, end: index + 1 });
			}
		}
		end = index + 1;
	}
	return { entries, keyCount, inexactNumbers, depth: deepest };
}

/** How many keys all objects inside a value have together. */
export function countKeys(value: JsonValue): number {
	let count = 0;
	const stack: JsonValue[] = [value];
	for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
		if (Array.isArray(item)) {
			for (const each of item) {
				if (typeof each === 'object' && each !== null) {
					stack.push(each);
				}
			}
		} else if (typeof item === 'object' && item !== null) {
			for (const each of Object.values(item)) {
				count++;
				if (typeof each === 'object' && each !== null) {
					stack.push(each);
				}
			}
		}
	}
	return count;
}

export interface MemberRange extends TextRange {
	readonly key: string;
	readonly valueStart: number;
}

/** Members of the object whose text begins at 0, in order. A key that stands twice is there twice. */
export function scanMembers(text: string): MemberRange[] {
	const members: MemberRange[] = [];
	let depth = 0;
	let start = -1;
	let key: string | undefined;
	let valueStart = 0;
	let end = 0;
	const closeMember = () => {
		if (depth === 1 && key !== undefined) {
			members.push({ key, start, valueStart, end });
			key = undefined;
			start = -1;
		}
	};
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (isSpace(code) || code === colon) {
			continue;
		}
		if (code === comma || code === closeObject || code === closeList) {
			closeMember();
			if (code !== comma) {
				depth--;
				end = index + 1;
			}
			continue;
		}
		const first = index;
		if (code === quote) {
			index = endOfString(text, index);
		}
		if (depth === 1) {
			if (start < 0) {
				start = first;
				key = JSON.parse(text.slice(first, index + 1)) as string;
				valueStart = -1;
				continue;
			}
			if (valueStart < 0) {
				valueStart = first;
			}
		}
		if (code === openList || code === openObject) {
			depth++;
		}
		end = index + 1;
	}
	return members;
}
