// Owns a change of a task's fields on somebody's word. Status is not a field: it moves by the table only.

import { DreamError } from '../../base/errors.ts';
import type { JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import { renderRecord } from '../board/boardRecord.ts';
import { findCycles } from '../board/findCycles.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { describeDependencies, moveTask, openDependencies, requireTask } from './moveTask.ts';
import type { StoredTask, Task } from './task.ts';

export type TaskEdit = Partial<
	Pick<
		Task,
		| 'name'
		| 'description'
		| 'priority'
		| 'task_type'
		| 'tags'
		| 'dependencies'
		| 'assigned_agent'
		| 'required_capabilities'
		| 'params'
		| 'validation'
		| 'max_attempts'
		| 'notes'
	>
>;

/**
 * Changes fields and appends `task.edited`. A ready task that now waits for others goes back to the backlog.
 * Fails with `task.unknown`, `task.unknownDependency`, `task.cycle`.
 */
export async function editTask(transaction: LedgerTransaction, taskId: string, edit: TaskEdit): Promise<StoredTask> {
	const stored = await requireTask(transaction, taskId);
	const names = (Object.keys(edit) as (keyof TaskEdit)[]).filter(
		(name) => !jsonEquals(edit[name] as JsonValue, stored.task[name] as JsonValue),
	);
	if (names.length === 0) {
		return stored;
	}
	const task: Task = { ...stored.task, ...edit, updated_at: transaction.at };
	if (names.includes('dependencies')) {
		await checkDependencies(transaction, task);
	}
	await transaction.append({
		type: 'task.edited',
		task_id: taskId,
		message: `edited: ${names.join(', ')}`,
		data: {
			fields: names,
			from: Object.fromEntries(names.map((name) => [name, stored.task[name] as JsonValue])),
			to: Object.fromEntries(names.map((name) => [name, task[name] as JsonValue])),
		},
	});
	await transaction.replaceTask(
		{ ...stored, task, record: renderRecord(task, stored.record) },
		{ status: stored.task.status, epoch: stored.epoch },
	);
	const open = task.status === 'READY' ? await openDependencies(transaction, task) : [];
	if (open.length > 0) {
		return moveTask(transaction, {
			taskId,
			move: 'shelve',
			reason: `it now waits for ${describeDependencies(open)}`,
		});
	}
	return requireTask(transaction, taskId);
}

async function checkDependencies(transaction: LedgerTransaction, task: Task): Promise<void> {
	const open = await openDependencies(transaction, task);
	const unknown = open.filter(({ status }) => status === undefined).map(({ task_id }) => task_id);
	if (unknown.length > 0) {
		throw new DreamError('task.unknownDependency', `There is no task ${unknown.join(', ')} to depend on.`, {
			details: { task_id: task.task_id, unknown },
			advice: 'Create it first, or take it out of the dependencies.',
		});
	}
	const cycle = findCycles([task, ...(await everyDependency(transaction, task))]).find((path) =>
		path.includes(task.task_id),
	);
	if (cycle !== undefined) {
		throw new DreamError(
			'task.cycle',
			`Then these tasks would wait for each other: ${[...cycle, cycle[0]].join(' → ')}.`,
			{
				details: { task_id: task.task_id, cycle },
				advice: 'Take one of these dependencies out.',
			},
		);
	}
}

/** What a task depends on, directly and through others, without the task itself. */
async function everyDependency(transaction: LedgerTransaction, task: Task): Promise<Task[]> {
	const found = new Map<string, Task>();
	const seen = new Set([task.task_id]);
	for (let ids = task.dependencies; ids.length > 0;) {
		const wanted = ids.filter((id) => !seen.has(id));
		wanted.forEach((id) => seen.add(id));
		const tasks = wanted.length === 0 ? [] : await transaction.tasks({ ids: wanted });
		for (const each of tasks) {
			found.set(each.task.task_id, each.task);
		}
		ids = tasks.flatMap((each) => each.task.dependencies);
	}
	return [...found.values()];
}
