// Owns what tests of the archives need: finished tasks by the dozen, and the one thing that must always hold in the end.

import assert from 'node:assert/strict';
import type { JsonObject } from '../../src/base/json.ts';
import { renderRecord } from '../../src/core/board/boardRecord.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { fileOf } from '../../src/core/task/archive.ts';
import { newTask } from '../../src/core/task/task.ts';
import type { BoardWorkspace } from './boardWorkspace.ts';
import { ann } from './temporaryLedger.ts';

/** Puts completed tasks on the completed board, a minute apart; `from` null for tasks that do not say when they were finished. */
export async function finishTasks(
	ledger: Ledger,
	prefix: string,
	count: number,
	from: string | null,
	fields: JsonObject = {},
): Promise<void> {
	await ledger.write(ann, async (transaction) => {
		for (let index = 0; index < count; index++) {
			const completed_at = from === null ? null : new Date(Date.parse(from) + index * 60_000).toISOString();
			const task = newTask({ task_id: `${prefix}${index}`, name: 'done', status: 'COMPLETED', completed_at });
			await transaction.append({ type: 'task.created', task_id: task.task_id, message: 'created' });
			await transaction.insertTask({
				task,
				record: { ...renderRecord(task, undefined), ...fields },
				board: 'completed_tasks',
				epoch: 1,
				run_id: null,
			});
		}
	});
}

/** Every task of the ledger stands on one file, its own, and every record of a file is a task. */
export async function assertInPlace(workspace: BoardWorkspace): Promise<void> {
	const tasks = await workspace.ledger.read((reader) => reader.tasks());
	assert.deepEqual(workspace.places(), new Map(tasks.map((stored) => [stored.task.task_id, [fileOf(stored)]])));
}
