// Owns how a task and its record on a board become each other. A record keeps its author's keys, their order, unknown fields and
// raw spellings; only what really changed is written, under the key it was read from. Never throws for content.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import type { Task } from '../task/task.ts';
import { newTask } from '../task/task.ts';
import type { BoardName, TaskStatus } from '../task/taskStatus.ts';
import type { RecordProblem } from './boardProblem.ts';
import { compositeKeys, readFields } from './readFields.ts';
import { findField, recordFields, spareKey } from './recordFields.ts';
import { writeResult } from './recordResult.ts';

export interface RecordContext {
	/** The board the record stands on; says what a missing status means. */
	readonly board?: BoardName | undefined;
	/** Ids of registered agents: these are never rewritten by the agent normaliser. */
	readonly agents?: ReadonlySet<string>;
}

/** A raw value that was understood as something else than it says. Nothing is changed in the record by it. */
export interface Normalisation {
	readonly field: keyof Task;
	readonly key: string;
	readonly raw: JsonValue;
	readonly value: JsonValue;
}

export interface ReadRecord {
	/** Undefined when the record has no usable id. */
	readonly task: Task | undefined;
	readonly problems: readonly RecordProblem[];
	readonly normalisations: readonly Normalisation[];
	/** Fields whose value cannot be used; in the task they stand at rest. */
	readonly refused: ReadonlySet<keyof Task>;
	/** The key each field stands under, of those the record has. */
	readonly keys: Readonly<Partial<Record<keyof Task, string>>>;
}

/** Order in which fields that are not there yet are appended, and in which a record of ours is written. */
const fieldOrder: readonly (keyof Task)[] = [
	'task_id',
	'name',
	'description',
	'status',
	'priority',
	'task_type',
	'dependencies',
	'category',
	'parent',
	'tags',
	'required_capabilities',
	'touches',
	'due',
	'estimate',
	'pinned',
	'action',
	'params',
	'context',
	'validation',
	'assigned_agent',
	'claimed_by',
	'attempts',
	'max_attempts',
	'budget',
	'block_reason',
	'result',
	'source',
	'notes',
	'created_by',
	'created_at',
	'updated_by',
	'updated_at',
	'claimed_at',
	'started_at',
	'completed_by',
	'completed_at',
];
/** What a record of ours always shows, so that a person sees what there is to fill in. */
const alwaysWritten: ReadonlySet<keyof Task> = new Set(fieldOrder.slice(0, 7));

const noAgents: ReadonlySet<string> = new Set();
const resting = newTask({ task_id: '', name: '' });

/** True when a key of this record carries one of our fields, and not data only its author knows. */
export function isFieldKey(read: ReadRecord, key: string): boolean {
	return compositeKeys.has(key) || Object.values(read.keys).includes(key);
}

/** What a record without a status is: what its board says. */
function missingStatus(board: BoardName | undefined, isClaimed: boolean): TaskStatus {
	return board === 'completed_tasks' ? 'COMPLETED' : board === 'working_tasks' && isClaimed ? 'CLAIMED' : 'PENDING';
}

/** Reads a task out of a record of any known vocabulary. Wrong values are reported and count as not given. */
export function taskFromRecord(record: JsonObject, context: RecordContext = {}): ReadRecord {
	const { values, keys, problems, refused } = readFields(record, context.agents ?? noAgents);
	values.status ??= missingStatus(context.board, (values.claimed_by ?? null) !== null);
	const normalisations: Normalisation[] = [];
	for (const field of fieldOrder) {
		const key = keys[field];
		const value = values[field];
		if (key !== undefined && value !== undefined && !jsonEquals(record[key], value)) {
			normalisations.push({ field, key, raw: record[key] ?? null, value });
		}
	}
	if (typeof values.task_id !== 'string') {
		const noId: RecordProblem = {
			code: 'record.noId',
			severity: 'error',
			message: 'This entry has no task_id; it stays in the file, but is no task yet.',
			path: [],
			advice: 'Give it a task_id that no other task has.',
		};
		return {
			task: undefined,
			problems: keys.task_id === undefined ? [noId, ...problems] : problems,
			normalisations,
			refused,
			keys,
		};
	}
	// Every value was made by a reader of its field, which yields that field's type only.
	return { task: { ...resting, ...(values as Partial<Task>) }, problems, normalisations, refused, keys };
}

/**
 * The record a board shows for a task. With `previous`, only fields whose meaning changed are written, each under the key it was
 * read from; new ones are appended in a fixed order, and only when they say something.
 */
export function renderRecord(task: Task, previous: JsonObject | undefined): JsonObject {
	const record: JsonObject = { ...previous };
	const { values, keys } = readFields(record, noAgents);
	for (const field of fieldOrder) {
		const value = task[field] as JsonValue;
		const before = field === 'status' ? values[field] : (values[field] ?? (resting[field] as JsonValue));
		if (previous === undefined ? alwaysWritten.has(field) : jsonEquals(before, value)) {
			if (previous === undefined) {
				record[field] = value;
			}
			continue;
		}
		if (field === 'result') {
			writeResult(record, task.result);
			continue;
		}
		const key = isBorrowed(field, keys[field]) ? undefined : keys[field];
		if (
			key !== undefined ||
			field === 'status' ||
			keys[field] !== undefined ||
			!jsonEquals(resting[field] as JsonValue, value)
		) {
			record[key ?? freeKey(record, field)] = value;
			silenceAliases(record, field, value);
		}
	}
	return record;
}

/** True for a key that is only read: what is written in its place goes under a key of the field's own. */
function isBorrowed(field: keyof Task, key: string | undefined): boolean {
	if (key === undefined || field === 'status' || field === 'block_reason' || field === 'result') {
		return false;
	}
	return recordFields[field].borrowed?.includes(key) === true;
}

/** A field that was emptied must not be read again from another of its keys. */
function silenceAliases(record: JsonObject, field: keyof Task, value: JsonValue): void {
	if (field === 'status' || field === 'block_reason' || field === 'result') {
		return;
	}
	for (
		let found = findField(record, field, noAgents);
		found?.reading.ok === true;
		found = findField(record, field, noAgents)
	) {
		if (jsonEquals(found.reading.value, value) || jsonEquals(record[found.key], value)) {
			return;
		}
		record[found.key] = value;
	}
}

const freeKey = (record: JsonObject, field: keyof Task): string =>
	Object.hasOwn(record, field) ? spareKey(field) : field;
