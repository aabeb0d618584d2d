// Owns lists of tasks as CSV: a row a task, a column a field, JSON for what is no plain text. A column `record` keeps the whole
// record, so that nothing is lost; a cell that was edited wins over it. Lists of other programs need no such column.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject, parseJsonOrUndefined } from '../../base/json.ts';
import { recordFields } from '../board/recordFields.ts';
import type { Task } from '../task/task.ts';
import { newTask } from '../task/task.ts';
import { composeCsv, detectSeparator, neutraliseCell, parseCsv, revealCell } from './csvText.ts';
import { applyShownEdits, fieldsOf, shownText } from './shownEdits.ts';
import type { ListEntry, ListProblem, ListReading } from './taskList.ts';

const recordColumn = 'record';
const resting = newTask({ task_id: '', name: '' });
/** Plain ones as they are; all others as JSON, also those that are only known as keys of a record so far. */
const first: readonly string[] = [
	'task_id',
	'name',
	'status',
	'priority',
	'assigned_agent',
	'dependencies',
	'tags',
	'description',
];
const columns: readonly string[] = [
	...first,
	...Object.keys(resting).filter((field) => !first.includes(field)),
	recordColumn,
];
const isList = (field: string): boolean => Array.isArray(resting[field as keyof Task]);
const isText = (field: string): boolean =>
	typeof resting[field as keyof Task] === 'string' ||
	!Object.hasOwn(resting, field) ||
	/_(?:at|by)$|^(?:assigned_agent|category|parent|due)$/u.test(field);

/** Cells as they are shown for a record, by column. Lone surrogates would not survive a file. */
function cellsOf(record: JsonObject): Map<string, string> {
	const fields = fieldsOf(record);
	return new Map(columns.map((column) => [column, cellOf(fields[column])]));
}

function cellOf(value: JsonValue | undefined): string {
	if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) {
		return '';
	}
	if (typeof value === 'string') {
		return shownText(value);
	}
	return isJsonObject(value) && Object.keys(value).length === 0 ? '' : JSON.stringify(value);
}

/** CSV text of records, for a spreadsheet and back. */
export function writeCsvList(records: readonly JsonObject[]): string {
	const rows = records.map((record) => {
		const cells = cellsOf(record).set(recordColumn, JSON.stringify(record));
		return columns.map((column) => neutraliseCell(cells.get(column) ?? ''));
	});
	return composeCsv([columns, ...rows]);
}

const fieldOfKey = new Map(
	Object.entries(recordFields).flatMap(([field, { keys }]) => keys.map((key) => [key, field] as const)),
);

/** The key a column stands for: known ones in any spelling, others as they are. */
function keyOfHeader(header: string): string {
	const text = revealCell(header).trim();
	const key = text.toLowerCase().replace(/[\s-]+/gu, '_');
	return fieldOfKey.has(key) || Object.hasOwn(resting, key) || key === recordColumn ? key : text;
}

/** What a cell says; undefined when it says nothing. */
function valueOf(key: string, cell: string): JsonValue | undefined {
	if (cell.trim() === '') {
		return undefined;
	}
	const field = fieldOfKey.get(key) ?? key;
	if (isText(field)) {
		return cell;
	}
	const value = parseJsonOrUndefined(cell);
	if (isList(field)) {
		return Array.isArray(value)
			? value
			: cell
					.split(/[,;\n]/u)
					.map((item) => item.trim())
					.filter((item) => item !== '');
	}
	return value ?? cell;
}

/** Whether a text begins with a line that names columns of tasks. */
export function hasColumns(text: string): boolean {
	const head = /^[^\r\n]*/u.exec(text.replace(/^\uFEFF/u, ''))?.[0] ?? '';
	const [header] = parseCsv(head, detectSeparator(head)).rows;
	return namesTasks((header?.cells ?? []).map(keyOfHeader));
}

const namesTasks = (keys: readonly string[]): boolean =>
	keys.some((key) => ['name', 'task_id', recordColumn].includes(fieldOfKey.get(key) ?? key));

export function readCsvList(text: string): ListReading {
	const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
	const {
		rows: [header, ...rows],
		openQuote,
	} = parseCsv(source, detectSeparator(source));
	const problems: ListProblem[] = [];
	if (openQuote !== undefined) {
		problems.push({ severity: 'error', line: openQuote, message: 'A quote is opened here and never closed.' });
	}
	const keys = (header?.cells ?? []).map(keyOfHeader);
	const twice = keys.find((key, index) => key !== '' && keys.indexOf(key) !== index);
	if (header === undefined || twice !== undefined) {
		const message = header === undefined ? 'The list is empty.' : `The column ${twice} stands twice.`;
		return { entries: [], problems: [...problems, { severity: 'error', line: 1, message }] };
	}
	if (!namesTasks(keys)) {
		const message = 'The first line must name the columns; one of them must be name.';
		return { entries: [], problems: [...problems, { severity: 'error', line: header.line, message }] };
	}
	const entries: ListEntry[] = [];
	for (const { cells, line } of rows) {
		if (cells.slice(keys.length).some((cell) => cell.trim() !== '')) {
			const message = `This row has ${cells.length} cells, but only ${keys.length} columns have names.`;
			problems.push({ severity: 'error', line, message });
		}
		const shown = new Map(keys.map((key, index) => [key, revealCell(cells[index] ?? '')]));
		const { entry, ...found } = readRow(shown, line);
		problems.push(...found.problems);
		entries.push(...(entry === undefined ? [] : [entry]));
	}
	return { entries, problems };
}

function readRow(
	shown: ReadonlyMap<string, string>,
	line: number,
): { readonly entry?: ListEntry; readonly problems: readonly ListProblem[] } {
	const keptText = shown.get(recordColumn)?.trim() ?? '';
	const now = [...shown].filter(([key]) => key !== recordColumn && key !== '');
	if (keptText === '') {
		const said = now.flatMap(([key, cell]) => {
			const value = valueOf(key, cell);
			return value === undefined ? [] : [[key, value] as const];
		});
		const record = Object.fromEntries(said);
		return said.length === 0 ? { problems: [] } : { entry: { record, line, isWhole: false }, problems: [] };
	}
	const kept = parseJsonOrUndefined(keptText);
	if (!isJsonObject(kept)) {
		const message = `What is kept in the column ${recordColumn} cannot be read; a spreadsheet may have cut it. Empty the cell to take the task from the other columns alone.`;
		return { problems: [{ severity: 'error', line, field: recordColumn, message }] };
	}
	const base = cellsOf(kept);
	const edited = now
		.map(([key, cell]) => [fieldOfKey.get(key) ?? key, cell] as const)
		.filter(([key, cell]) => trimLines(cell) !== trimLines(base.get(key) ?? ''));
	const edits = Object.fromEntries(edited.map(([key, cell]) => [key, valueOf(key, cell) ?? null]));
	const { record, problems } = applyShownEdits(kept, edits);
	return {
		entry: { record, line, isWhole: true },
		problems: problems.map(({ message, path: [key] }) => ({
			severity: 'error',
			line,
			field: String(key),
			message,
		})),
	};
}

/** Editors change line ends and white space at them; that is no edit. */
const trimLines = (text: string): string => text.replace(/[^\S\n]*\r?(?=\n|$)/gu, '').trimEnd();
