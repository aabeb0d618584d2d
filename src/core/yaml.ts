// Owns reading YAML: the home of the yaml library, loaded only when there is YAML to read. Never throws: values or a reason.
// YAML 1.1 and 1.2 disagree about what a bare word is (`08`, `yes`, `2025-01-01`); a number that loses characters by being read as
// one stays text, so that an id is what its author typed.

import type { Scalar } from 'yaml';
import { isScalar, parseAllDocuments, visit } from 'yaml';
import type { JsonValue } from '../base/json.ts';

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
