// Owns how a record becomes text so that a change of one field changes one line: what did not change keeps the very characters
// its author typed (spacing, escapes, long numbers), and only the rest is written anew.

import type { JsonObject } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import { scanMembers } from './jsonScan.ts';

export interface FileFormat {
	/** White space before each entry of the list. */
	readonly indent: string;
	readonly eol: '\n' | '\r\n';
	readonly hasMark: boolean;
	readonly hasFinalNewline: boolean;
}

export const standardFormat: FileFormat = { indent: '  ', eol: '\n', hasMark: false, hasFinalNewline: true };

/** How a file is laid out; the standard where it does not say. */
export function detectFormat(text: string, hasMark: boolean): FileFormat {
	const first = /^\s*\[[ \t]*(\r?\n)([ \t]*)[^\s\]]/u.exec(text);
	if (first === null) {
		return { ...standardFormat, hasMark };
	}
	return {
		indent: first[2] ?? standardFormat.indent,
		eol: first[1] === '\r\n' ? '\r\n' : '\n',
		hasMark,
		hasFinalNewline: text.endsWith('\n'),
	};
}

/** A record as somebody wrote it, and what it says. */
export interface WrittenRecord {
	readonly record: JsonObject;
	readonly text: string;
}

/** Text of a record inside its list, without the indentation of its first line. */
export function renderRecordText(record: JsonObject, previous: WrittenRecord | undefined, format: FileFormat): string {
	const inner = `${format.indent}${format.indent}`;
	if (previous === undefined) {
		return indented(JSON.stringify(record, null, format.indent), format.indent, format.eol);
	}
	if (jsonEquals(record, previous.record) && hasSameOrder(record, previous.record)) {
		return withEol(previous.text, format.eol);
	}
	const isOneLine = !previous.text.includes('\n') && Object.keys(previous.record).length > 0;
	const members = new Map(scanMembers(previous.text).map((member) => [member.key, member]));
	const lines = Object.keys(record).map((key) => {
		const value = record[key];
		const member = members.get(key);
		if (member !== undefined && value !== undefined && jsonEquals(previous.record[key], value)) {
			return withEol(previous.text.slice(member.start, member.end), format.eol);
		}
		const text = isOneLine
			? JSON.stringify(value)
			: indented(JSON.stringify(value, null, format.indent), inner, format.eol);
		return `${JSON.stringify(key)}: ${text}`;
	});
	return isOneLine || lines.length === 0
		? `{${lines.join(', ')}}`
		: `{${format.eol}${lines.map((line) => inner + line).join(`,${format.eol}`)}${format.eol}${format.indent}}`;
}

/** Text of a whole board from the texts of its entries. */
export function joinRecords(entries: readonly string[], format: FileFormat): string {
	const body =
		entries.length === 0
			? '[]'
			: `[${format.eol}${entries.map((entry) => format.indent + entry).join(`,${format.eol}`)}${format.eol}]`;
	return `${format.hasMark ? '\uFEFF' : ''}${body}${format.hasFinalNewline ? format.eol : ''}`;
}

// Strings in JSON hold no raw line breaks, so every break in the text is layout.
function withEol(text: string, eol: string): string {
	const isRight = eol === '\n' ? !text.includes('\r') : !text.includes('\n');
	return isRight ? text : text.replace(/\r?\n/gu, eol);
}
const indented = (text: string, indent: string, eol: string): string => text.replaceAll('\n', eol + indent);

function hasSameOrder(left: JsonObject, right: JsonObject): boolean {
	const keys = Object.keys(right);
	return Object.keys(left).every((key, index) => keys[index] === key);
}
