// Owns reading JSON with comments and trailing commas, and saying where text stops being JSON and where a value stands in it: the
// home of jsonc-parser. Never throws: value and problems.

import type { Node, ParseError } from 'jsonc-parser';
import { createScanner, getLocation, getNodeValue, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import type { JsonValue } from '../base/json.ts';

export interface TextRange {
	readonly start: number;
	/** After the last character. */
	readonly end: number;
}

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

/** What is wrong, in words a person understands. */
const faults: Readonly<Record<string, string>> = {
	InvalidSymbol: 'this text has no place here',
	InvalidNumberFormat: 'this number is not written as JSON wants it',
	PropertyNameExpected: 'a key in double quotes is expected here',
	ValueExpected: 'a value is expected here',
	ColonExpected: 'a colon is expected here',
	CommaExpected: 'a comma is expected here',
	CloseBraceExpected: 'the file ends before an object does',
	CloseBracketExpected: 'the file ends before the list does',
	EndOfFileExpected: 'there is something after the end of the list',
	InvalidCommentToken: 'JSON has no comments',
	UnexpectedEndOfComment: 'a comment does not end',
	UnexpectedEndOfString: 'this text has no closing quote on its line',
	UnexpectedEndOfNumber: 'this number stops in the middle',
	InvalidUnicode: 'this \\u escape is not four hexadecimal digits',
	InvalidEscapeCharacter: 'this escape does not exist in JSON',
	InvalidCharacter: 'a control character must be escaped here',
};

export interface SyntaxFailure extends TextRange {
	/** What was wrong, in words; no full stop. */
	readonly message: string;
}

const strictOptions = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false } as const;

/** Where and why text is not strict JSON. Only called for text that JSON.parse refused. */
export function findSyntaxFailure(text: string): SyntaxFailure {
	const errors: ParseError[] = [];
	try {
		visit(text, { onError: (error, offset, length) => errors.push({ error, offset, length }) }, strictOptions);
	} catch {
		// Thousands of brackets exhaust the stack; what was found before that is still true.
	}
	const [first] = errors.sort((left, right) => left.offset - right.offset);
	if (first === undefined) {
		return { start: 0, end: Math.min(1, text.length), message: 'it is something else' };
	}
	const name = printParseErrorCode(first.error);
	const length = Math.min(Math.max(first.length, 1), 200);
	return { start: first.offset, end: Math.min(first.offset + length, text.length), message: faults[name] ?? name };
}

/** A piece of parsed text: an object, a list, a plain value, or a member with its key and its value as children. */
export type JsonNode = Node;

/** What could be made of a text, also of one with faults. */
export function parseNodes(text: string): JsonNode | undefined {
	try {
		return parseTree(text, [], { allowTrailingComma: true });
	} catch {
		// Tens of thousands of brackets exhaust the stack.
		return undefined;
	}
}

/** The value at a path; undefined when not all of the path is there. */
export function nodeAt(text: string, path: readonly (string | number)[]): JsonNode | undefined {
	return path.reduce<Node | undefined>((node, step) => node && childOf(node, step), parseNodes(text));
}

export const valueOfNode = (node: JsonNode): JsonValue => getNodeValue(node) as JsonValue;

/** Where a value stands in valid JSON; the deepest part of the path that exists when all of it does not. */
export function findPlace(text: string, path: readonly (string | number)[]): TextRange {
	let node = parseTree(text, [], strictOptions);
	for (const step of path) {
		const next = node === undefined ? undefined : childOf(node, step);
		if (next === undefined) {
			break;
		}
		node = next;
	}
	return node === undefined ? { start: 0, end: text.length } : { start: node.offset, end: node.offset + node.length };
}

function childOf(node: Node, step: string | number): Node | undefined {
	if (typeof step === 'number') {
		return node.children?.[step];
	}
	// The last of two equal keys is the one JSON.parse keeps.
	return node.children?.findLast((property) => property.children?.[0]?.value === step)?.children?.[1];
}

/** What stands at an offset of a text somebody is typing. */
export interface JsonSpot {
	/** Keys and indexes down to where the offset is. */
	readonly path: readonly (string | number)[];
	/** A key stands there, or may be typed there. */
	readonly isKey: boolean;
	/** The key or plain value the offset is in or at the edge of, quotes included. */
	readonly token: (TextRange & { readonly value: unknown }) | undefined;
}

const nowhere: JsonSpot = { path: [], isKey: false, token: undefined };

/** What stands at an offset; the text may stop in the middle of anything. */
export function findSpot(text: string, offset: number): JsonSpot {
	try {
		return spotOf(text, offset);
	} catch {
		// As above.
		return nowhere;
	}
}

function spotOf(text: string, offset: number): JsonSpot {
	const { path, previousNode: node, isAtPropertyKey } = getLocation(text, offset);
	const isInside = node !== undefined && node.offset <= offset && offset <= node.offset + node.length;
	return {
		path,
		isKey: isAtPropertyKey,
		token: isInside
			? { start: node.offset, end: node.offset + node.length, value: node.value as unknown }
			: undefined,
	};
}

export interface DuplicateKey extends TextRange {
	readonly key: string;
}

/** Keys whose value a later one of the same object replaces. The range is the key that is lost. */
export function findDuplicateKeys(text: string): DuplicateKey[] {
	const found: DuplicateKey[] = [];
	const objects: Map<string, TextRange>[] = [];
	visit(
		text,
		{
			onObjectBegin: () => {
				objects.push(new Map());
			},
			onObjectProperty: (key, offset, length) => {
				const keys = objects.at(-1);
				const earlier = keys?.get(key);
				if (earlier !== undefined) {
					found.push({ ...earlier, key });
				}
				keys?.set(key, { start: offset, end: offset + length });
			},
			onObjectEnd: () => {
				objects.pop();
			},
		},
		strictOptions,
	);
	return found.sort((left, right) => left.start - right.start);
}

/** Text without its comments and trailing commas, for JSON.parse, which keeps every key; undefined when it has none of them. */
export function withoutComments(
	text: string,
): { readonly text: string; readonly hadComments: boolean; readonly hadCommas: boolean } | undefined {
	const cuts: TextRange[] = [];
	let comma: TextRange | undefined;
	let hadComments = false;
	let hadCommas = false;
	const seeValue = () => {
		comma = undefined;
	};
	const seeEnd = () => {
		if (comma !== undefined) {
			cuts.push(comma);
			hadCommas = true;
			comma = undefined;
		}
	};
	try {
		visit(
			text,
			{
				onComment: (start, length) => {
					hadComments = true;
					cuts.push({ start, end: start + length });
				},
				onSeparator: (character, start, length) => {
					comma = character === ',' ? { start, end: start + length } : undefined;
				},
				onObjectBegin: seeValue,
				onArrayBegin: seeValue,
				onObjectProperty: seeValue,
				onLiteralValue: seeValue,
				onObjectEnd: seeEnd,
				onArrayEnd: seeEnd,
			},
			{ disallowComments: false, allowTrailingComma: true, allowEmptyContent: true },
		);
	} catch {
		// Thousands of brackets exhaust the stack: whoever asks finds out that the text is no JSON.
		return undefined;
	}
	if (!hadComments && !hadCommas) {
		return undefined;
	}
	const parts: string[] = [];
	let end = 0;
	for (const cut of cuts.sort((left, right) => left.start - right.start)) {
		parts.push(text.slice(end, cut.start));
		end = cut.end;
	}
	return { text: parts.join('') + text.slice(end), hadComments, hadCommas };
}

export interface JsonToken {
	readonly kind: 'comment' | 'space' | 'token';
	readonly text: string;
}

// Of the scanner's kinds of tokens, by their numbers: the package exports them as a constant enum, which cannot be read here.
const commentKinds: readonly number[] = [12, 13];
const spaceKinds: readonly number[] = [14, 15];
const endOfText = 17;

/** Every piece of a text in order, faults included; put together they are the text. */
export function* tokensOf(text: string): Generator<JsonToken> {
	const scanner = createScanner(text, false);
	for (let kind: number = scanner.scan(); kind !== endOfText; kind = scanner.scan()) {
		const start = scanner.getTokenOffset();
		yield {
			kind: commentKinds.includes(kind) ? 'comment' : spaceKinds.includes(kind) ? 'space' : 'token',
			text: text.slice(start, start + scanner.getTokenLength()),
		};
	}
}
