// Owns finding the whole values in text that is not one JSON value: several documents in a row, a list whose end is missing, a value
// with the rest of an older and longer one behind it. Linear in the text; it never guesses at half a value.

import type { JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';

export interface WholeValues {
	readonly values: readonly JsonValue[];
	/** Where the rest begins that is no whole value; the length of the text when there is none. */
	readonly end: number;
}

const quote = 34;
const backslash = 92;

const isOpening = (code: number): boolean => code === 91 || code === 123;
const isClosing = (code: number): boolean => code === 93 || code === 125;

/** Index of the quote that closes the string opened at `open`; -1 when none does. */
function endOfString(text: string, open: number): number {
	for (let index = open + 1; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === backslash) {
			index++;
		} else if (code === quote) {
			return index;
		}
	}
	return -1;
}

/** Index after the object or list that begins at `start`; -1 when it does not end. */
function endOfContainer(text: string, start: number): number {
	let depth = 0;
	for (let index = start; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === quote) {
			index = endOfString(text, index);
			if (index < 0) {
				return -1;
			}
		} else if (isOpening(code)) {
			depth++;
		} else if (isClosing(code)) {
			depth--;
			if (depth === 0) {
				return index + 1;
			}
		}
	}
	return -1;
}

const space = /\s*/uy;

function afterSpace(text: string, from: number): number {
	space.lastIndex = from;
	space.test(text);
	return space.lastIndex;
}

/** The objects and lists that stand one after another, from the beginning on, up to the first thing that is none. */
export function readValuesInARow(text: string): WholeValues {
	const values: JsonValue[] = [];
	let end = 0;
	let lastStart = 0;
	for (;;) {
		const start = afterSpace(text, end);
		if (start >= text.length) {
			return { values, end: text.length };
		}
		const after = isOpening(text.charCodeAt(start)) ? endOfContainer(text, start) : -1;
		const value = after < 0 ? undefined : parse(text.slice(start, after));
		if (value === undefined) {
			// A list of plain words before a comma or a closing bracket is a field of a record whose beginning was lost.
			const isInside = ',:]}'.includes(text.charAt(start));
			return isInside && values.length > 1 && !hasObject(values.at(-1))
				? { values: values.slice(0, -1), end: lastStart }
				: { values, end: start };
		}
		values.push(value);
		lastStart = start;
		end = after;
	}
}

const hasObject = (value: JsonValue | undefined): boolean =>
	isJsonObject(value) || (Array.isArray(value) && value.some(isJsonObject));

function parse(text: string): JsonValue | undefined {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return undefined;
	}
}

/**
 * Closes text that ends too early after the last whole object of its outermost list; undefined when there is no such object.
 * Half an object is never completed: its missing fields would look like fields that were not given.
 */
export function readWholeEntries(text: string): WholeValues | undefined {
	const open: string[] = [];
	let lists = 0;
	let last: { readonly end: number; readonly closing: string } | undefined;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === quote) {
			index = endOfString(text, index);
			if (index < 0) {
				break;
			}
		} else if (isOpening(code)) {
			open.push(code === 91 ? ']' : '}');
			lists += code === 91 ? 1 : 0;
		} else if (isClosing(code)) {
			const wasObject = open.pop() === '}';
			lists -= wasObject ? 0 : 1;
			if (wasObject && open.at(-1) === ']' && lists === 1) {
				last = { end: index + 1, closing: open.toReversed().join('') };
			}
			if (open.length === 0) {
				break;
			}
		}
	}
	const value = last === undefined ? undefined : parse(text.slice(0, last.end) + last.closing);
	return last === undefined || value === undefined ? undefined : { values: [value], end: last.end };
}
