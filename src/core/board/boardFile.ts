// Owns the way from the bytes of a board file to its reading and back. Strict JSON only: what cannot be read strictly is reported
// with its place and never guessed (tolerant readers join `readers`). Never throws for content.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { findSyntaxFailure } from '../jsonc.ts';
import type { BoardSource, FileFailure } from './boardReading.ts';
import { BoardReading } from './boardReading.ts';
import { decodeText } from './decodeText.ts';
import type { JsonScan } from './jsonScan.ts';
import { scanJson } from './jsonScan.ts';
import { findField } from './recordFields.ts';
import type { FileFormat } from './recordText.ts';
import { joinRecords, renderRecordText, standardFormat } from './recordText.ts';

/** Deeper nesting than this would exhaust the stack of whoever writes it again. */
const depthLimit = 1500;
const noAgents: ReadonlySet<string> = new Set();

/** Ways to read a text, strictest first; the first that can, does. */
const readers: readonly ((text: string) => JsonValue | undefined)[] = [
	(text) => {
		try {
			return JSON.parse(text) as JsonValue;
		} catch {
			return undefined;
		}
	},
];

/**
 * Reads a board file from its bytes, or from text that is known to be good.
 * @param before an earlier reading of the file: what entries with the same text mean is taken from it.
 */
export function readBoard(content: string | Uint8Array, source: BoardSource, before?: BoardReading): BoardReading {
	const decoded = decodeText(content);
	const { text, hasMark } = decoded;
	const unreadable = (failure: FileFailure) => new BoardReading(source, text, hasMark, undefined, failure);
	// Of the other files the ledger has no version to offer.
	const orLedger = source.board === undefined ? '' : ", or use the ledger's version";
	if (decoded.failure !== undefined) {
		return unreadable({
			code: 'board.encoding',
			start: decoded.failure.offset,
			end: decoded.failure.offset,
			message: decoded.failure.message,
			advice: 'Save it as UTF-8. Until then it is not written.',
		});
	}
	if (text.trim() === '') {
		return unreadable({
			code: 'board.empty',
			start: 0,
			end: 0,
			message: 'The file is empty; a board without tasks is [].',
			advice: `Restore its content${orLedger}. Until then it is not written.`,
		});
	}
	for (const read of readers) {
		const value = read(text);
		if (value !== undefined) {
			const scan = scanJson(text);
			const failed = checkShape(value, scan, unreadable);
			return failed ?? new BoardReading(source, text, hasMark, { value, scan }).learnFrom(before);
		}
	}
	const failure = findSyntaxFailure(text);
	return unreadable({
		...failure,
		code: 'board.unreadable',
		message: `The file is not valid JSON: ${failure.message}.`,
		advice: `Correct it here${orLedger}. Until then it is not written.`,
	});
}

function checkShape(
	value: JsonValue,
	scan: JsonScan,
	unreadable: (failure: FileFailure) => BoardReading,
): BoardReading | undefined {
	if (scan.depth > depthLimit) {
		return unreadable({
			code: 'board.tooDeep',
			start: 0,
			end: 1,
			message: `The file nests values ${scan.depth} levels deep; at most ${depthLimit} can be kept.`,
			advice: 'Flatten the value. Until then the file is not written.',
		});
	}
	const isSingleTask = isJsonObject(value) && findField(value, 'task_id', noAgents) !== undefined;
	return Array.isArray(value) || isSingleTask
		? undefined
		: unreadable({
				code: 'board.notAList',
				start: 0,
				end: 1,
				message: `The file holds ${isJsonObject(value) ? 'an object' : 'a single value'}; a board is a list of tasks.`,
				advice: 'Make it a list. Until then it is not written.',
			});
}

/** Text of a board of these records, laid out in the standard way. */
export function renderBoard(records: readonly JsonObject[], format: FileFormat = standardFormat): string {
	return joinRecords(
		records.map((record) => renderRecordText(record, undefined, format)),
		format,
	);
}
