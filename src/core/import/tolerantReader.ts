// Owns making the most of a file's bytes: strict JSON first, then one repair after the other in a fixed order, each named. It never
// throws, never changes the file, and gives up with a reason instead of guessing.

import type { JsonValue } from '../../base/json.ts';
import { withoutComments } from '../jsonc.ts';
import { explainStrictFailure } from './strictFailure.ts';
import { readValuesInARow, readWholeEntries } from './tornJson.ts';

export type DataFormat = 'json' | 'jsonl' | 'yaml';

/** What had to be done to read a file, from its first bytes on. */
export type RepairKind =
	| 'byte-order-mark'
	| 'utf-16'
	| 'not-utf-8'
	| 'doubled-braces'
	| 'comments'
	| 'trailing-commas'
	| 'several-documents'
	| 'cut-off'
	| 'residue'
	| 'yaml'
	| 'duplicate-keys'
	| 'unreadable-lines';

export interface Repair {
	readonly kind: RepairKind;
	/** One sentence without its full stop. */
	readonly message: string;
}

/** Why strict rules refuse a file; the kinds of the older project's reports. */
export interface StrictFailure {
	readonly kind: string;
	readonly reason: string;
}

export interface TolerantReading {
	/** The documents of the file; empty when nothing could be read. */
	readonly values: readonly JsonValue[];
	readonly repairs: readonly Repair[];
	/** Undefined when strict rules read it too. */
	readonly strict: StrictFailure | undefined;
	/** Why nothing could be read; undefined when something was. */
	readonly reason: string | undefined;
}

/** The part of core/yaml.ts that reading needs; handed in because it is loaded only when there is YAML. */
export type YamlReader = (
	text: string,
) => { readonly values: readonly JsonValue[]; readonly duplicateKeys: readonly string[] } | { readonly reason: string };

/** Deeper nesting is refused: what walks over values later must not run out of stack. */
export const deepestNesting = 500;

export function readTolerantly(bytes: Uint8Array, format: DataFormat, yaml: YamlReader): TolerantReading {
	if (bytes.length > 0 && bytes.every((byte) => byte === 0)) {
		const reason = `nul-filled-file(${bytes.length} bytes)`;
		return nothing({ kind: 'nul-filled-file', reason }, 'it holds nothing but NUL bytes');
	}
	const { text, repairs } = decode(bytes);
	if (text.includes('\0')) {
		return nothing({ kind: 'binary', reason: 'binary' }, 'it holds NUL bytes; it is no text', repairs);
	}
	const reading =
		format === 'yaml' ? readAsYaml(text, yaml) : format === 'jsonl' ? readLines(text) : readAsJson(text, yaml);
	const all = { ...reading, repairs: [...repairs, ...reading.repairs] };
	return all.values.some((value) => !isShallow(value))
		? nothing(all.strict, `it is nested deeper than ${deepestNesting} levels`, all.repairs)
		: all;
}

const nothing = (
	strict: StrictFailure | undefined,
	reason: string,
	repairs: readonly Repair[] = [],
): TolerantReading => ({
	values: [],
	repairs,
	strict: strict ?? { kind: 'unreadable', reason },
	reason,
});

function decode(bytes: Uint8Array): { readonly text: string; readonly repairs: Repair[] } {
	const [first, second] = bytes;
	if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
		const text = new TextDecoder(first === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
		return { text, repairs: [{ kind: 'utf-16', message: 'the text is UTF-16; it was decoded' }] };
	}
	const repairs: Repair[] = [];
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
		repairs.push({
			kind: 'not-utf-8',
			message: 'bytes that are no UTF-8 were replaced by a question mark in a diamond',
		});
	}
	if (text.startsWith('\uFEFF')) {
		repairs.push({ kind: 'byte-order-mark', message: 'a byte order mark was skipped' });
		text = text.slice(1);
	}
	return { text, repairs };
}

function readAsYaml(text: string, yaml: YamlReader): TolerantReading {
	const reading = yaml(text);
	if ('reason' in reading) {
		return nothing(
			{ kind: 'yaml-error', reason: `yaml-error: ${reading.reason}` },
			`it is no YAML: ${reading.reason}`,
		);
	}
	const values = reading.values.filter((value) => value !== null);
	return { values, repairs: doubled(reading.duplicateKeys), strict: undefined, reason: undefined };
}

const doubled = (keys: readonly string[]): Repair[] =>
	keys.length === 0
		? []
		: [
				{
					kind: 'duplicate-keys',
					message: `keys stand twice and the last one counts: ${keys.slice(0, 5).join(', ')}`,
				},
			];

function parse(text: string): { readonly value: JsonValue } | undefined {
	try {
		return { value: JSON.parse(text) as JsonValue };
	} catch {
		return undefined;
	}
}

function readAsJson(text: string, yaml: YamlReader): TolerantReading {
	const strict = parse(text);
	if (strict !== undefined) {
		return { values: [strict.value], repairs: [], strict: undefined, reason: undefined };
	}
	if (text.trim() === '') {
		return { ...nothing({ kind: 'empty', reason: 'empty' }, 'it is empty'), values: [] };
	}
	const failure = explainStrictFailure(text) ?? 'it is no JSON';
	const unwrapped = unwrapBraces(text);
	const inner = unwrapped ?? text;
	const bare = withoutComments(inner);
	const attempts = [inner, ...(bare === undefined ? [] : [bare.text])];
	const first: Repair[] =
		unwrapped === undefined
			? []
			: [{ kind: 'doubled-braces', message: 'one pair of doubled braces around it was taken off' }];
	for (const attempt of attempts) {
		const repairs = attempt === inner ? first : [...first, ...commentRepairs(bare)];
		const whole = parse(attempt);
		if (whole !== undefined) {
			const kind = unwrapped === undefined ? 'jsonc-comments' : 'wrapped-in-{{ }}';
			return repaired([whole.value], repairs, { kind, reason: `${kind}: ${failure}` });
		}
	}
	for (const attempt of attempts) {
		const repairs = attempt === inner ? first : [...first, ...commentRepairs(bare)];
		const torn = readTorn(attempt, repairs, failure);
		if (torn !== undefined) {
			return torn;
		}
	}
	const asYaml = looksLikeYaml(text) ? yaml(text) : { reason: 'it does not begin like YAML' };
	if (!('reason' in asYaml) && asYaml.values.some((value) => typeof value === 'object' && value !== null)) {
		const kind = 'yaml-in-json-file';
		return repaired(
			asYaml.values.filter((value) => value !== null),
			[{ kind: 'yaml', message: 'the text is YAML, not JSON' }, ...doubled(asYaml.duplicateKeys)],
			{ kind, reason: `${kind}: ${failure}` },
		);
	}
	const isPlain = !/^\s*[[{]/u.test(text);
	const kind = isPlain ? 'plain-text-in-json-file' : 'broken-json';
	return nothing(
		{ kind, reason: `${kind}: ${failure}` },
		isPlain ? 'it is plain text, not data' : `it is no JSON and no repair helps (${failure})`,
	);
}

/** Whether the first line that says something is a key, an entry of a list, or the start of a document. */
function looksLikeYaml(text: string): boolean {
	for (const line of text.slice(0, 10_000).split('\n')) {
		if (line.trim() !== '' && !line.trimStart().startsWith('#')) {
			return /^\s*(?:---|- |[^\s:{}[\]"',][^:]{0,200}:(?:\s|$))/u.test(line);
		}
	}
	return false;
}

const repaired = (
	values: readonly JsonValue[],
	repairs: readonly Repair[],
	strict: StrictFailure,
): TolerantReading => ({ values, repairs, strict, reason: undefined });

/** `{{ {…} }}` around one value, or `{{…}}` instead of its own braces; undefined when the text is not wrapped so. */
function unwrapBraces(text: string): string | undefined {
	const trimmed = text.trim();
	if (!trimmed.startsWith('{{') || !trimmed.endsWith('}}')) {
		return undefined;
	}
	const inner = trimmed.slice(2, -2).trim();
	return /^[[{]/u.test(inner) ? inner : `{${inner}}`;
}

function commentRepairs(bare: ReturnType<typeof withoutComments>): Repair[] {
	return [
		...(bare?.hadComments === true ? [{ kind: 'comments', message: 'comments were skipped' } as const] : []),
		...(bare?.hadCommas === true
			? [{ kind: 'trailing-commas', message: 'commas before a closing bracket were skipped' } as const]
			: []),
	];
}

/** Several documents, a value with residue behind it, or a list that ends too early. */
function readTorn(text: string, repairs: readonly Repair[], failure: string): TolerantReading | undefined {
	const row = readValuesInARow(text);
	if (row.values.length > 1 || (row.values.length === 1 && row.end < text.length)) {
		const hasResidue = row.end < text.length;
		const kind = row.values.length > 1 ? `concatenated-json-documents(${row.values.length})` : 'torn-write';
		return repaired(
			row.values,
			[
				...repairs,
				...(row.values.length > 1
					? [
							{
								kind: 'several-documents',
								message: `it holds ${row.values.length} documents in a row`,
							} as const,
						]
					: []),
				...(hasResidue ? [residue(text, row.end)] : []),
			],
			{ kind: row.values.length > 1 ? 'concatenated-json-documents' : kind, reason: `${kind}: ${failure}` },
		);
	}
	const entries = readWholeEntries(text);
	return entries === undefined
		? undefined
		: repaired(
				entries.values,
				[
					...repairs,
					{
						kind: 'cut-off',
						message: `it breaks off; the whole entries before line ${lineOf(text, entries.end)} were read`,
					},
				],
				{ kind: 'torn-write', reason: `torn-write: ${failure}` },
			);
}

const residue = (text: string, end: number): Repair => ({
	kind: 'residue',
	message: `${text.length - end} characters from line ${lineOf(text, end)} on belong to no value; they were not read`,
});

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** One value a line; a line that is none is counted and left alone. */
function readLines(text: string): TolerantReading {
	const values: JsonValue[] = [];
	const bad: number[] = [];
	text.split('\n').forEach((line, index) => {
		if (line.trim() !== '') {
			const value = parse(line);
			if (value === undefined) {
				bad.push(index + 1);
			} else {
				values.push(value.value);
			}
		}
	});
	if (bad.length === 0) {
		return { values, repairs: [], strict: undefined, reason: undefined };
	}
	const strict = { kind: 'jsonl-line', reason: `jsonl-line: line ${bad[0] ?? 1}` };
	if (values.length === 0) {
		return nothing(strict, 'none of its lines is JSON');
	}
	const message = `${bad.length} of ${bad.length + values.length} lines are no JSON and were not read, the first is line ${bad[0] ?? 1}`;
	return repaired(values, [{ kind: 'unreadable-lines', message }], strict);
}

function isShallow(value: JsonValue): boolean {
	const stack: { readonly value: JsonValue; readonly depth: number }[] = [{ value, depth: 1 }];
	for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
		if (typeof next.value === 'object' && next.value !== null) {
			if (next.depth > deepestNesting) {
				return false;
			}
			for (const inner of Object.values(next.value)) {
				if (typeof inner === 'object' && inner !== null) {
					stack.push({ value: inner, depth: next.depth + 1 });
				}
			}
		}
	}
	return true;
}
