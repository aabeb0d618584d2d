// Owns a change of a task's fields on somebody's word. Status is not a field: it moves by the table only; times are nobody's to give.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import { formatActor } from '../actor.ts';
import { renderRecord } from '../board/boardRecord.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { describeDependencies, moveTask, openDependencies, requireTask } from './moveTask.ts';
import type { StoredTask, Task } from './task.ts';
import { appendChange, changesBetween } from './taskChange.ts';
import { checkDependencies, checkParent } from './taskLinks.ts';

/** What a person may change without making a move. */
export const editableFields = [
	'name',
	'description',
	'priority',
	'task_type',
	'category',
	'tags',
	'dependencies',
	'parent',
	'assigned_agent',
	'required_capabilities',
	'touches',
	'due',
	'estimate',
	'pinned',
	'action',
	'params',
	'context',
	'validation',
	'max_attempts',
	'budget',
	'notes',
] as const satisfies readonly (keyof Task)[];
export type TaskEdit = Partial<Pick<Task, (typeof editableFields)[number]>>;

export interface EditWords {
	/** What the event says instead of `edited: name, tags`. */
	readonly message?: string;
	readonly data?: JsonObject;
	/** The record as it stands from now on, where its author's own keys change with the fields. */
	readonly record?: JsonObject;
}

/**
 * Changes fields and appends `task.edited`. A ready task that now waits for others goes back to the backlog.
 * Fails with `task.unknown`, `task.unknownDependency`, `task.cycle`, `task.unknownParent`, `task.parentCycle`.
 */
export async function editTask(
	transaction: LedgerTransaction,
	taskId: string,
	edit: TaskEdit,
	words: EditWords = {},
): Promise<StoredTask> {
	const stored = await requireTask(transaction, taskId);
	const names = (Object.keys(edit) as (keyof TaskEdit)[]).filter(
		(name) => !jsonEquals(edit[name] as JsonValue, stored.task[name] as JsonValue),
	);
	if (names.length === 0 && words.record === undefined) {
		return stored;
	}
	const by = formatActor(transaction.actor);
	const task: Task = { ...stored.task, ...edit, updated_by: by, updated_at: transaction.at };
	if (names.includes('dependencies')) {
		await checkDependencies(transaction, task);
	}
	if (names.includes('parent')) {
		await checkParent(transaction, task);
	}
	await appendChange(transaction, {
		type: 'task.edited',
		task_id: taskId,
		message: words.message ?? `edited: ${names.join(', ')}`,
		data: { ...words.data, fields: names, ...changesBetween(stored.task, task) },
	});
	await transaction.replaceTask(
		{ ...stored, task, record: renderRecord(task, words.record ?? stored.record) },
		{ status: stored.task.status, epoch: stored.epoch },
	);
	const open = task.status === 'READY' ? await openDependencies(transaction, task) : [];
	if (open.length > 0) {
		return moveTask(transaction, {
			taskId,
			move: 'shelve',
			reason: `it now waits for ${describeDependencies(open)}`,
			isUnguarded: true,
		});
	}
	return requireTask(transaction, taskId);
}
