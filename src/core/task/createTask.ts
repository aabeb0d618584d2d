// Owns how a task comes to be: id, stamps, its first board, and the checks on what it is tied to.

import { DreamError } from '../../base/errors.ts';
import { formatActor } from '../actor.ts';
import { renderRecord } from '../board/boardRecord.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { openDependencies } from './moveTask.ts';
import type { StoredTask, Task } from './task.ts';
import { newTask } from './task.ts';
import { defaultIdPattern, newTaskId } from './taskId.ts';
import { checkDependencies, checkParent } from './taskLinks.ts';
import { boardOfStatus } from './taskStatus.ts';

export type TaskDraft = Pick<Task, 'name'> &
	Partial<Task> & { readonly isShelved?: boolean; readonly idPattern?: string };

/**
 * Creates a task: READY when every dependency is completed and it is not shelved, else PENDING.
 * Fails with `task.duplicate`, `task.unknownDependency`, `task.cycle`, `task.unknownParent`, `task.parentCycle`.
 */
export async function createTask(transaction: LedgerTransaction, draft: TaskDraft): Promise<StoredTask> {
	const { isShelved, idPattern = defaultIdPattern, ...fields } = draft;
	const task_id = draft.task_id ?? newTaskId(idPattern, draft.name, transaction.at);
	if ((await transaction.task(task_id)) !== undefined) {
		throw new DreamError('task.duplicate', `There is already a task ${task_id}.`, {
			details: { task_id },
			advice: 'Choose another id, or leave it out to get one.',
		});
	}
	const task = newTask({
		...fields,
		task_id,
		created_by: formatActor(transaction.actor),
		created_at: transaction.at,
		updated_by: formatActor(transaction.actor),
		updated_at: transaction.at,
		claimed_at: null,
		started_at: null,
		completed_by: null,
		completed_at: null,
	});
	await checkDependencies(transaction, task);
	await checkParent(transaction, task);
	const open = await openDependencies(transaction, task);
	const status = open.length === 0 && isShelved !== true ? 'READY' : 'PENDING';
	const complete: Task = { ...task, status };
	const stored = {
		task: complete,
		record: renderRecord(complete, undefined),
		board: boardOfStatus[status],
		epoch: 0,
		run_id: null,
	};
	const sequence = await transaction.append({
		type: 'task.created',
		task_id,
		message: `created as ${status}: ${task.name}`,
		data: { status },
	});
	await transaction.insertTask(stored);
	return (await transaction.task(task_id)) ?? { ...stored, position: 0, sequence };
}
