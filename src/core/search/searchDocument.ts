// Owns what of a task can be found: its own words first, then everything else its record says, then its history.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { isJsonObject } from '../../base/json.ts';
import { recordFields } from '../board/recordFields.ts';
import type { PlainFieldName } from '../board/recordFields.ts';
import type { StoredTask } from '../task/task.ts';
import { newTask } from '../task/task.ts';
import type { SearchFacts } from './searchFilters.ts';
import { factsOf } from './searchFilters.ts';

/** 0: id and name. 1: the rest of the task. 2: its history. Where all words are found in a lower one comes first. */
export const searchTiers = [0, 1, 2] as const;
export type SearchTier = (typeof searchTiers)[number];

export interface SearchField {
	/** Name of the field, path of a value in the record (`extra.mood`), or `history`. */
	readonly where: string;
	readonly text: string;
	readonly tier: SearchTier;
	/** Of a line of history. */
	readonly at?: string;
}

export interface SearchDocument {
	readonly task: StoredTask['task'];
	readonly facts: SearchFacts;
	readonly fields: readonly SearchField[];
}

export interface HistoryLine {
	readonly at: string;
	readonly message: string;
	/** What the event carries. */
	readonly data?: JsonObject | undefined;
}

/** Newest lines of a task's history that are searched; a task that was tried ten thousand times stays affordable. */
export const longestHistory = 1000;
/** Characters of one text that are searched: the rest of an output of megabytes is not. */
const longestText = 20_000;
const mostRecordTexts = 200;

/** Fields whose values filters ask for, or which are times, ids and counts: not text. */
const noText: readonly PlainFieldName[] = [
	'priority',
	'task_type',
	'dependencies',
	'required_capabilities',
	'assigned_agent',
	'claimed_by',
	'attempts',
	'max_attempts',
	'budget',
	'created_by',
	'created_at',
	'updated_at',
	'claimed_at',
	'started_at',
	'completed_at',
];
const skippedKeys = new Set(['status', ...noText.flatMap((field) => recordFields[field].keys)]);

type Searched = Pick<StoredTask, 'task' | 'board'> & { readonly record?: JsonObject | undefined };

/** What can be found of a task. `history` in any order; lines keep it. */
export function documentOf(searched: Searched, history: readonly HistoryLine[]): SearchDocument {
	try {
		return build(searched, history);
	} catch {
		// A row that somebody damaged must not keep all others from being found.
		const { task_id, name, status } = searched.task;
		return build({ task: newTask({ task_id, name, status }), board: searched.board }, history);
	}
}

function build({ task, record = {}, board }: Searched, history: readonly HistoryLine[]): SearchDocument {
	const own: SearchField[] = [
		{ where: 'id', text: task.task_id, tier: 0 },
		{ where: 'name', text: task.name, tier: 0 },
		...task.tags.map((tag): SearchField => ({ where: 'tags', text: tag, tier: 1 })),
		{ where: 'description', text: task.description, tier: 1 },
		{ where: 'notes', text: task.notes, tier: 1 },
		{ where: 'block_reason', text: task.block_reason?.text ?? '', tier: 1 },
		{ where: 'result', text: task.result?.summary ?? '', tier: 1 },
	];
	const said = new Set(own.map(({ text }) => text));
	const others: SearchField[] = [];
	for (const [key, value] of Object.entries(record)) {
		if (!skippedKeys.has(key)) {
			collectTexts(value, key, said, others);
		}
	}
	const fields = [
		...own,
		...others,
		...history.map((line): SearchField => ({ where: 'history', text: historyText(line), tier: 2, at: line.at })),
	];
	return {
		task,
		facts: factsOf(task, board),
		fields: fields
			.filter(({ text }) => text !== '')
			.map((field) =>
				field.text.length > longestText ? { ...field, text: field.text.slice(0, longestText) } : field,
			),
	};
}

/** A change is found by what it says, and by what was there before and after it. */
function historyText({ message, data }: HistoryLine): string {
	const found: SearchField[] = [];
	for (const values of [data?.['from'], data?.['to']]) {
		if (isJsonObject(values)) {
			collectTexts(values, '', new Set(), found);
		}
	}
	return [message, ...found.map(({ text }) => text)].join('\n');
}

/** Every string below a value that no field has said yet. */
function collectTexts(value: JsonValue, path: string, said: Set<string>, found: SearchField[]): void {
	if (found.length >= mostRecordTexts) {
		return;
	}
	if (typeof value === 'string') {
		if (!said.has(value)) {
			said.add(value);
			found.push({ where: path, text: value, tier: 1 });
		}
	} else if (Array.isArray(value)) {
		value.forEach((item) => collectTexts(item, path, said, found));
	} else if (isJsonObject(value)) {
		for (const [key, item] of Object.entries(value)) {
			collectTexts(item, `${path}.${key}`, said, found);
		}
	}
}
