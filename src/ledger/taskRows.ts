// Owns the way between the rows of tasks and what the core reads. A damaged row is reported and shown as far as it can be read; it
// never throws.

import type { Selectable } from 'kysely';
import type { JsonObject } from '../base/json.ts';
import { isJsonObject, parseJsonOrUndefined } from '../base/json.ts';
import { completeTask, isComplete } from '../core/board/olderTask.ts';
import { boardOfFile, fileOf, isArchive } from '../core/task/archive.ts';
import type { StoredTask, Task } from '../core/task/task.ts';
import type { PlainTask } from '../core/task/plainTask.ts';
import { newTask } from '../core/task/task.ts';
import { taskPriorities } from '../core/task/taskPriority.ts';
import type { ReportDamage } from './rows.ts';
import type { JsonText, TasksTable } from './schema.ts';

/** The columns a stored task is made of; `name` is for a row whose task cannot be read. Each one more costs 2 ms in 10,000 tasks. */
export const storedTaskColumns = [
	'task_id',
	'status',
	'name',
	'board',
	'position',
	'epoch',
	'run_id',
	'sequence',
	'task',
	'record',
] as const satisfies readonly (keyof TasksTable)[];
export type StoredTaskRow = Pick<Selectable<TasksTable>, (typeof storedTaskColumns)[number]>;

/** The same without the record, which is the larger half. */
export const plainTaskColumns = storedTaskColumns.filter((column) => column !== 'record');
export type PlainTaskRow = Omit<StoredTaskRow, 'record'>;

/**
 * A stored task of its row, which nobody may change: it is shared. The record is parsed when it is asked for, and kept only as long
 * as somebody uses it: most readers of many tasks never do, and parsed it takes more room than its text.
 */
export function toStoredTask(row: StoredTaskRow, report: ReportDamage): StoredTask {
	const task = readTask(row, row.record, report);
	// The row itself is not kept: whoever caches ten thousand tasks would keep every text twice.
	const { record: text, board, position, epoch, run_id, sequence } = row;
	let parsed: WeakRef<JsonObject> | undefined;
	const stored = {
		task,
		get record() {
			const known = parsed?.deref();
			if (known !== undefined) {
				return known;
			}
			const record = readRecord(text, task, report);
			parsed = new WeakRef(record);
			return record;
		},
		board: boardOfFile(board),
		position,
		epoch,
		run_id,
		sequence,
	};
	Object.freeze(task);
	return Object.freeze(isArchive(board) ? Object.assign(stored, { archive: board }) : stored);
}

/** The task of its row without the record; undefined when it was stored before some fields existed, which only the record has. */
export function toPlainTask(row: PlainTaskRow, report: ReportDamage): PlainTask | undefined {
	const task = readTask(row, undefined, report);
	if (task === undefined) {
		return undefined;
	}
	const { board, position, epoch, run_id, sequence } = row;
	Object.freeze(task);
	const plain = { task, board: boardOfFile(board), position, epoch, run_id, sequence };
	return Object.freeze(isArchive(board) ? { ...plain, archive: board } : plain);
}

function readTask(row: PlainTaskRow, record: JsonText, report: ReportDamage): Task;
function readTask(row: PlainTaskRow, record: undefined, report: ReportDamage): Task | undefined;
function readTask(row: PlainTaskRow, record: JsonText | undefined, report: ReportDamage): Task | undefined {
	const parsed = parseJsonOrUndefined(row.task);
	if (isJsonObject(parsed) && parsed['task_id'] === row.task_id && parsed['status'] === row.status) {
		// Written by us from a value of this type, perhaps before some of its fields existed.
		return isComplete(parsed) ? parsed : record === undefined ? undefined : completeTask(parsed, record);
	}
	report(`tasks ${row.task_id}`, 'its task is not readable JSON; only its name and status are shown');
	return newTask({ task_id: row.task_id, name: row.name, status: row.status });
}

function readRecord(text: JsonText, task: Task, report: ReportDamage): JsonObject {
	const parsed = parseJsonOrUndefined(text);
	if (isJsonObject(parsed)) {
		return parsed;
	}
	report(`tasks ${task.task_id}`, 'its board record is not readable JSON; the task itself is shown instead');
	return parseJsonOrUndefined(JSON.stringify(task)) as JsonObject;
}

export type TaskColumns = Omit<Selectable<TasksTable>, 'ordinal'>;

/** Columns of a task; the inverse of `toStoredTask`. */
export function toTaskColumns(stored: Omit<StoredTask, 'sequence'>, sequence: number): TaskColumns {
	const { task } = stored;
	return {
		task_id: task.task_id,
		status: task.status,
		priority: taskPriorities.indexOf(task.priority),
		name: task.name,
		board: fileOf(stored),
		position: stored.position,
		assigned_agent: task.assigned_agent,
		claimed_by: task.claimed_by,
		epoch: stored.epoch,
		run_id: stored.run_id,
		attempts: task.attempts,
		sequence,
		updated_at: task.updated_at,
		task: JSON.stringify(task),
		record: JSON.stringify(stored.record),
	};
}
