// Owns reading JSON with comments and trailing commas: the home of jsonc-parser. Never throws: value and problems.

import type { ParseError } from 'jsonc-parser';
import { getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { JsonValue } from '../base/json.ts';

/** A file that is no JSON at all has a fault at each word; the first ones tell it. */
const mostProblems = 20;

export interface JsoncProblem {
	readonly message: string;
	/** From 1. */
	readonly line: number;
	/** From 1, in characters as the editor counts them. */
	readonly column: number;
}

/** What could be read, also of a file with faults; undefined when there is nothing. A byte order mark is skipped. */
export function parseJsonc(text: string): {
	readonly value: JsonValue | undefined;
	readonly problems: readonly JsoncProblem[];
} {
	const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
	const errors: ParseError[] = [];
	let value: JsonValue | undefined;
	try {
		const tree = parseTree(source, errors, { allowTrailingComma: true, allowEmptyContent: true });
		value = tree === undefined ? undefined : (getNodeValue(tree) as JsonValue);
	} catch {
		// Tens of thousands of brackets exhaust the stack.
		return { value: undefined, problems: [{ message: 'Nested too deep', line: 1, column: 1 }] };
	}
	return {
		value,
		problems: errors.slice(0, mostProblems).map((error) => ({
			message: words(printParseErrorCode(error.error)),
			...positionOf(source, error.offset),
		})),
	};
}

/** `PropertyNameExpected` → `Property name expected`. */
function words(code: string): string {
	const spaced = code.replace(/(?<=[a-z])([A-Z])/gu, (letter) => ` ${letter.toLowerCase()}`);
	return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function positionOf(text: string, offset: number): { line: number; column: number } {
	const before = text.slice(0, offset).split(/\r\n|\r|\n/u);
	return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
