// Owns lists of tasks as Markdown: what people write (`- [ ] Title (HIGH) #tag @Agent-2 after:OTHER`, with the rest indented below),
// and our own export, which keeps the whole records in a comment at its end. Headings, prose and code are left alone.

import type { JsonObject } from '../../base/json.ts';
import { isJsonObject, parseJsonOrUndefined } from '../../base/json.ts';
import { displayLine, displayText } from '../../base/text.ts';
import { countOf } from '../../base/words.ts';
import { taskFromRecord } from '../board/boardRecord.ts';
import type { BoardName } from '../task/taskStatus.ts';
import { boardOfStatus } from '../task/taskStatus.ts';
import { readTaskLine, writeTaskLine } from './markdownLine.ts';
import { applyShownEdits, fieldsOf, findEdits, shownText } from './shownEdits.ts';
import type { ListEntry, ListProblem, ListReading } from './taskList.ts';

const recordsBegin = '<!-- dreamos:records';
const bullet = /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(.*)$/u;
const box = /^\[(.)\](?:\s+(.*))?$/u;
const fence = /^\s*(`{3,}|~{3,})/u;
const titleLimit = 500;

interface Item {
	readonly line: number;
	readonly indent: number;
	readonly mark: string;
	readonly text: string;
	readonly parent: number | undefined;
	/** Lines indented below it. */
	readonly body: string[];
}

const boardTitles: Readonly<Record<BoardName, string>> = {
	task_backlog: 'Backlog',
	task_ready_queue: 'Ready',
	working_tasks: 'Working',
	completed_tasks: 'Completed',
};

/** What is shown of a record, by field: only what says something. */
function shownOf(record: JsonObject): JsonObject {
	const fields = fieldsOf(record);
	const { name, priority, task_type: type } = fields;
	return {
		...Object.fromEntries(
			[
				'status',
				'tags',
				'assigned_agent',
				'due',
				'dependencies',
				'parent',
				'category',
				'estimate',
				'task_id',
			].map((field) => [field, fields[field] ?? null]),
		),
		name: shownText(displayLine(typeof name === 'string' ? name : '', titleLimit)),
		priority: priority === 'MEDIUM' ? null : (priority ?? null),
		task_type: type === 'task' || type === '' ? null : (type ?? null),
	};
}

function writeItem(record: JsonObject): string[] {
	const description = taskFromRecord(record).task?.description ?? '';
	const lines = displayText(shownText(description)).split('\n');
	const body = description === '' ? [] : lines.map((line) => `  > ${line}`.trimEnd());
	return [shownText(`- ${writeTaskLine(shownOf(record))}`), ...body];
}

/** Markdown of records: a list to read and edit, and at its end what it does not show. */
export function writeMarkdownList(records: readonly JsonObject[]): string {
	const lines = [
		'# Tasks',
		'',
		`${countOf(records.length, 'task')}. Titles, marks, words at the ends of lines and texts may be edited; whatever is not shown is kept in the comment at the end.`,
	];
	let board: BoardName | undefined;
	for (const record of records) {
		const status = taskFromRecord(record).task?.status ?? 'PENDING';
		if (boardOfStatus[status] !== board) {
			board = boardOfStatus[status];
			lines.push('', `## ${boardTitles[board]}`, '');
		}
		lines.push(...writeItem(record));
	}
	const kept = records.map((record) =>
		JSON.stringify(record).replace(/[<>]/gu, (sign) => (sign === '<' ? '\\u003c' : '\\u003e')),
	);
	return `${[...lines, '', recordsBegin, ...kept, '-->'].join('\n')}\n`;
}

/** Reads every item of every list in the text that is a task. */
export function readMarkdownList(source: string): ListReading {
	const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
	const problems: ListProblem[] = [];
	const { items, records } = readItems(text.split(/\r\n|\n|\r/u), problems);
	const kept = new Map<string, JsonObject>();
	for (const record of records) {
		const id = taskFromRecord(record).task?.task_id;
		if (id !== undefined) {
			kept.set(id, record);
		}
	}
	const entries = items.map((item): ListEntry => {
		const { said, faults } = saidBy(item);
		const tell = (found: typeof faults) =>
			problems.push(...found.map((fault): ListProblem => ({ severity: 'error', line: item.line, ...fault })));
		const id = said['task_id'];
		const place = { line: item.line, ...(item.parent === undefined ? {} : { parent: item.parent }) };
		const record = typeof id === 'string' ? kept.get(id) : undefined;
		if (record === undefined) {
			tell(faults);
			return { record: said, isWhole: false, ...place };
		}
		const [base] = readItems(writeItem(record), []).items;
		const edits = findEdits(base === undefined ? {} : saidBy(base).said, said);
		const edited = applyShownEdits(record, edits);
		// What could not be understood before the edit either is kept as it is.
		tell(faults.filter(({ field }) => Object.hasOwn(edits, field)));
		tell(edited.problems.map(({ message, path: [key] }) => ({ field: String(key), message })));
		return { record: edited.record, isWhole: true, ...place };
	});
	return { entries, problems };
}

function saidBy({ text, mark, body }: Item): ReturnType<typeof readTaskLine> {
	const { said, faults } = readTaskLine(text, mark);
	const description = describe(body);
	return { said: description === '' ? said : { ...said, description }, faults };
}

/** The text below an item, without its indentation; a quotation is what it quotes. */
function describe(body: readonly string[]): string {
	const filled = body.filter((line) => line.trim() !== '');
	const isQuoted = filled.length > 0 && filled.every((line) => /^\s*>/u.test(line));
	const margin = Math.min(...filled.map((line) => line.length - line.trimStart().length));
	const lines = isQuoted
		? filled.map((line) => line.replace(/^\s*> ?/u, ''))
		: body.map((line) => line.slice(Math.min(margin, line.length)));
	const text = lines.map((line) => line.trimEnd()).join('\n');
	return isQuoted ? text : text.replace(/^\n+|\n+$/gu, '');
}

function readItems(
	lines: readonly string[],
	problems: ListProblem[],
): { readonly items: readonly Item[]; readonly records: readonly JsonObject[] } {
	const hasBoxes = lines.some((line) => box.test(bullet.exec(line)?.[2] ?? ''));
	const items: Item[] = [];
	const records: JsonObject[] = [];
	let open: number[] = [];
	let closing: string | undefined;
	let comment: 'records' | 'other' | undefined;
	for (const [index, raw] of lines.entries()) {
		const line = raw.replace(/^[\t ]+/u, (space) => space.replaceAll('\t', '    '));
		const indent = line.length - line.trimStart().length;
		const current = items[open.at(-1) ?? -1];
		const isBelow = current !== undefined && (line.trim() === '' || indent > current.indent);
		if (comment !== undefined) {
			if (line.includes('-->')) {
				comment = undefined;
			} else if (comment === 'records' && line.trim() !== '') {
				const record = parseJsonOrUndefined(line);
				if (isJsonObject(record)) {
					records.push(record);
				} else {
					const message =
						'This kept record cannot be read. Correct the line, or take it out to take its task from what is shown alone.';
					problems.push({ severity: 'error', line: index + 1, message });
				}
			}
			continue;
		}
		if (closing !== undefined || fence.test(line)) {
			const mark = fence.exec(line)?.[1];
			closing = closing === undefined ? mark : mark?.startsWith(closing) === true ? undefined : closing;
			current?.body.push(...(isBelow ? [line] : []));
			continue;
		}
		if (!isBelow && line.startsWith('<!--')) {
			comment = line.includes('-->') ? undefined : line.startsWith(recordsBegin) ? 'records' : 'other';
			continue;
		}
		const [, , rest = ''] = bullet.exec(line) ?? [];
		const [, mark, text] = box.exec(rest) ?? [];
		if (rest !== '' && (mark !== undefined || !hasBoxes)) {
			open = open.filter((each) => (items[each]?.indent ?? 0) < indent);
			items.push({
				line: index + 1,
				indent,
				mark: mark ?? ' ',
				text: mark === undefined ? rest : (text ?? ''),
				parent: open.at(-1),
				body: [],
			});
			open.push(items.length - 1);
		} else if (isBelow) {
			current.body.push(line);
		} else if (line.trim() !== '') {
			open = [];
		}
	}
	return { items, records };
}
