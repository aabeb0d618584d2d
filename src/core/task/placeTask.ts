// Owns putting a task right before another one: as urgent as that one, pinned where that one is pinned, and before it on the board.

import { DreamError } from '../../base/errors.ts';
import { placeTasks } from '../board/placeTasks.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { editTask } from './editTask.ts';
import { requireTask } from './moveTask.ts';
import type { StoredTask } from './task.ts';
import { appendChange } from './taskChange.ts';
import { isFinished } from './taskStatus.ts';

/** Fails with `task.unknown`, `task.otherBoard`, and `task.finished` where no order counts any more. */
export async function placeTask(transaction: LedgerTransaction, taskId: string, before: string): Promise<StoredTask> {
	const [placed, target] = [await requireTask(transaction, taskId), await requireTask(transaction, before)];
	if (isFinished(target.task.status)) {
		throw new DreamError('task.finished', `${before} is ${target.task.status}; nothing comes before it any more.`, {
			details: { task_id: before, status: target.task.status },
			advice: 'Choose a task that is still to be done.',
		});
	}
	if (placed.board !== target.board) {
		throw new DreamError(
			'task.otherBoard',
			`${taskId} is ${placed.task.status}, ${before} is ${target.task.status}.`,
			{
				details: { task_id: taskId, before },
				advice: 'Move it to the same board first.',
			},
		);
	}
	if (taskId === before) {
		return placed;
	}
	const others = (await transaction.tasks({ board: target.board })).filter(({ task }) => task.task_id !== taskId);
	const message = `placed before ${before}`;
	await editTask(
		transaction,
		taskId,
		{ priority: target.task.priority, pinned: pinBefore(target, others) },
		{ message },
	);
	const ids = others.map(({ task }) => task.task_id);
	const places = placeTasks(
		ids.toSpliced(ids.indexOf(before), 0, taskId),
		new Map(others.map(({ task, position }) => [task.task_id, position])),
	);
	for (const [id, position] of places) {
		const stored = await requireTask(transaction, id);
		// A place is no field: it is told, and undo takes back what came with it.
		await appendChange(transaction, { type: 'task.edited', task_id: id, message, data: { fields: [], position } });
		await transaction.replaceTask({ ...stored, position }, { status: stored.task.status, epoch: stored.epoch });
	}
	return requireTask(transaction, taskId);
}

/** A pin between the target's and the one before it; none where the target has none. */
function pinBefore(target: StoredTask, others: readonly StoredTask[]): number | null {
	const pin = target.task.pinned;
	if (pin === null) {
		return null;
	}
	const earlier = others.flatMap(({ task }) =>
		task.pinned !== null && task.pinned < pin && !isFinished(task.status) ? [task.pinned] : [],
	);
	return earlier.length === 0 ? pin - 1 : (Math.max(...earlier) + pin) / 2;
}
