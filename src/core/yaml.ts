// Owns reading YAML: the home of the yaml library, loaded only when there is YAML to read. Never throws: values or a reason.
// YAML 1.1 and 1.2 disagree about what a bare word is (`08`, `yes`, `2025-01-01`); a number that loses characters by being read as
// one stays text, so that an id is what its author typed.

import type { Document, Scalar } from 'yaml';
import { LineCounter, isMap, isNode, isScalar, isSeq, parseAllDocuments, parseDocument, stringify, visit } from 'yaml';
import type { JsonObject, JsonValue } from '../base/json.ts';
import { jsonEquals } from '../base/json.ts';

export type YamlReading =
	| { readonly values: readonly JsonValue[]; readonly duplicateKeys: readonly string[] }
	| { readonly reason: string };

/** Aliases that unfold into more than this many copies are an attack or an accident. */
const mostAliases = 100;

/** The library is slow on large text and slower on deep nesting; what is beyond both is no file a person wrote. */
const longestYaml = 1024 * 1024;
const deepestYaml = 200;

function isTooDeep(text: string): boolean {
	let depth = 0;
	for (const [bracket] of text.matchAll(/[[\]{}]/gu)) {
		depth += bracket === '[' || bracket === '{' ? 1 : depth > 0 ? -1 : 0;
		if (depth > deepestYaml) {
			return true;
		}
	}
	// Lists in lists on one line, and columns deeper than any board's.
	return /(?:[-?:] +){200}/u.test(text) || /^ {400}/mu.test(text);
}

/** Whether reading a plain number and writing it again gives other characters: `08`, `1_000`, `0x1F`, `1e3`. */
function losesCharacters({ source, type, value }: Scalar): boolean {
	return type === 'PLAIN' && (typeof value === 'number' || typeof value === 'bigint') && String(value) !== source;
}

/** All documents of the text; an empty one counts as null. */
export function readYaml(text: string): YamlReading {
	if (text.length > longestYaml) {
		return { reason: `more than ${longestYaml / 1024 / 1024} MB of YAML are not read` };
	}
	if (isTooDeep(text)) {
		return { reason: `it is nested deeper than ${deepestYaml} levels` };
	}
	try {
		const documents = parseAllDocuments(text, {
			logLevel: 'silent',
			merge: true,
			strict: false,
			uniqueKeys: false,
			// Making an error pretty costs more than finding it, and hostile text has one in each word.
			prettyErrors: false,
		});
		const list = Array.isArray(documents) ? documents : [];
		const values: JsonValue[] = [];
		const duplicateKeys: string[] = [];
		for (const document of list) {
			const [error] = document.errors;
			if (error !== undefined) {
				const line = text.slice(0, error.pos[0]).split('\n').length;
				return { reason: `${error.message}, at line ${line}` };
			}
			visit(document, {
				Scalar(_key, node) {
					if (losesCharacters(node) && node.source !== undefined) {
						node.value = node.source;
					}
				},
				Map(_key, node) {
					const seen = new Set<string>();
					for (const { key } of node.items) {
						const name = isScalar(key) ? String(key.value) : undefined;
						if (name !== undefined && seen.has(name) && name !== '<<') {
							duplicateKeys.push(name);
						}
						seen.add(name ?? '');
					}
				},
			});
			values.push(toJson(document.toJS({ maxAliasCount: mostAliases })));
		}
		return { values, duplicateKeys };
	} catch (error) {
		return { reason: error instanceof Error ? error.message : 'it is no YAML' };
	}
}

/** What YAML has and JSON has not: not a number, infinities, big integers, undefined. */
function toJson(value: unknown): JsonValue {
	return JSON.parse(
		JSON.stringify(value, (_key, each: unknown) =>
			typeof each === 'bigint' || (typeof each === 'number' && !Number.isFinite(each)) ? String(each) : each,
		) ?? 'null',
	) as JsonValue;
}

export interface YamlPlace {
	/** From 1. */
	readonly line: number;
	readonly column: number;
}

/** One document whose places are known, as a file that people write for us has. */
export type YamlFileReading =
	| { readonly value: JsonValue; place(path: readonly (string | number)[]): YamlPlace }
	| ({ readonly reason: string } & YamlPlace);

/** Reads a file of one document, strictly: a key that stands twice or a second document is a reason not to. */
export function readYamlFile(text: string): YamlFileReading {
	const start = { line: 1, column: 1 };
	if (text.length > longestYaml) {
		return { reason: `more than ${longestYaml / 1024 / 1024} MB of YAML are not read`, ...start };
	}
	if (isTooDeep(text)) {
		return { reason: `it is nested deeper than ${deepestYaml} levels`, ...start };
	}
	const lines = new LineCounter();
	const placeAt = (offset: number): YamlPlace => {
		const { line, col } = lines.linePos(offset);
		return { line: Math.max(1, line), column: Math.max(1, col) };
	};
	try {
		const document = openDocument(text, lines);
		const [error] = document.errors;
		if (error !== undefined) {
			return { reason: error.message, ...placeAt(error.pos[0]) };
		}
		return {
			value: toJson(document.toJS({ maxAliasCount: mostAliases })),
			place(path) {
				for (let length = path.length; length >= 0; length -= 1) {
					const offset = offsetOf(document, path.slice(0, length));
					if (offset !== undefined) {
						return placeAt(offset);
					}
				}
				return start;
			},
		};
	} catch (error) {
		return { reason: error instanceof Error ? error.message : 'it is no YAML', ...start };
	}
}

const openDocument = (text: string, lineCounter: LineCounter): Document =>
	parseDocument(text, { logLevel: 'error', prettyErrors: false, lineCounter });

/** Where a value begins, or its key where it stands in a map. */
function offsetOf(document: Document, path: readonly (string | number)[]): number | undefined {
	const last = path.at(-1);
	const holder = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
	const key = isMap(holder)
		? holder.items.find((pair) => isScalar(pair.key) && pair.key.value === last)?.key
		: undefined;
	const node = path.length === 0 ? document.contents : (key ?? document.getIn(path, true));
	return isNode(node) ? node.range?.[0] : undefined;
}

/**
 * The text with an item put first in the list under a key of the top map; comments and everything else stay as they are.
 * undefined when that cannot be done so that the file then says exactly that.
 */
export function putFirstInYamlList(text: string, key: string, item: JsonObject, comment: string): string | undefined {
	const reading = readYamlFile(text);
	if ('reason' in reading) {
		return undefined;
	}
	const before = reading.value ?? {};
	const list = typeof before === 'object' && !Array.isArray(before) ? (before[key] ?? []) : undefined;
	if (typeof before !== 'object' || Array.isArray(before) || !Array.isArray(list)) {
		return undefined;
	}
	const expected: JsonValue = { ...before, [key]: [item, ...list] };
	const results = [() => spliceFirst(text, key, item, comment), () => rewriteFirst(text, key, item, comment)];
	for (const result of results) {
		const next = result();
		const again = next === undefined ? undefined : readYamlFile(next);
		if (again !== undefined && 'value' in again && jsonEquals(again.value, expected)) {
			return next;
		}
	}
	return undefined;
}

/** Right below the key, so that a comment above the first item stays above it. */
function spliceFirst(text: string, key: string, item: JsonObject, comment: string): string | undefined {
	const document = openDocument(text, new LineCounter());
	const list = document.getIn([key], true);
	const keyOffset = offsetOf(document, [key]);
	const first = isSeq(list) && list.flow !== true ? list.range?.[0] : undefined;
	if (first === undefined || keyOffset === undefined) {
		return undefined;
	}
	const indent = ' '.repeat(first - (text.lastIndexOf('\n', first - 1) + 1));
	const end = text.indexOf('\n', keyOffset);
	const newline = text[end - 1] === '\r' ? '\r\n' : '\n';
	const lines = [`# ${comment}`, ...stringify([item], { lineWidth: 0 }).trimEnd().split('\n')];
	return `${text.slice(0, end + 1)}${lines.map((line) => `${indent}${line}${newline}`).join('')}${text.slice(end + 1)}`;
}

/** For lists written some other way: the library writes the whole file again, with its comments. */
function rewriteFirst(text: string, key: string, item: JsonObject, comment: string): string {
	const document = openDocument(text, new LineCounter());
	const node = document.createNode(item);
	node.commentBefore = ` ${comment}`;
	const list = document.getIn([key], true);
	if (isSeq(list)) {
		list.flow = false;
		list.items.unshift(node);
	} else {
		document.set(key, document.createNode([node]));
	}
	return document.toString({ lineWidth: 0 });
}
