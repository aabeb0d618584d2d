// Owns the values tests of the ledger write: tasks and runs as short as they can be, and actors.

import type { Actor } from '../../src/core/actor.ts';
import type { LedgerTransaction } from '../../src/core/ledger.ts';
import type { Run } from '../../src/core/run/run.ts';
import type { StoredTask, Task } from '../../src/core/task/task.ts';
import { newTask } from '../../src/core/task/task.ts';
import { boardOfStatus } from '../../src/core/task/taskStatus.ts';

export const ann: Actor = { kind: 'human', id: 'ann' };
export const agentThree: Actor = { kind: 'agent', id: 'Agent-3' };

export type UnplacedTask = Omit<StoredTask, 'sequence' | 'position'>;

/** A task as `insertTask` takes it, on the board of its status, with a record that says something of its own. */
export function buildTask(task_id: string, fields: Partial<Task> = {}): UnplacedTask {
	const task = newTask({ task_id, name: `Name of ${task_id}`, status: 'READY', ...fields });
	return {
		task,
		record: { task_id, zebra: 1, name: task.name, status: task.status, extra: { kept: [true, null] } },
		board: boardOfStatus[task.status],
		epoch: 0,
		run_id: null,
	};
}

export function buildRun(run_id: string, task_id: string, fields: Partial<Run> = {}): Run {
	return {
		run_id,
		task_id,
		attempt: 1,
		epoch: 1,
		worker: 'Agent-3',
		driver: 'command',
		state: 'claimed',
		reason: null,
		host_id: null,
		worktree: null,
		base_commit: null,
		result_commit: null,
		files: [],
		gates: [],
		pid: null,
		pid_started: null,
		log_file: null,
		session: null,
		pause: null,
		resources: null,
		strays: [],
		drift: null,
		opened_at: '2026-01-01T00:00:00.000Z',
		active_at: '2026-01-01T00:00:00.000Z',
		closed_at: null,
		...fields,
	};
}

/** Inserts tasks, each with the event that tells of it. */
export async function insertTasks(transaction: LedgerTransaction, ...tasks: readonly UnplacedTask[]): Promise<void> {
	for (const task of tasks) {
		await transaction.append({ type: 'task.created', task_id: task.task.task_id, message: 'created' });
		await transaction.insertTask(task);
	}
}

/** Compares and sets: gives a ready task to a worker and opens the run. False when somebody else was first. */
export async function claim(
	transaction: LedgerTransaction,
	task_id: string,
	worker: string,
	run_id: string,
): Promise<boolean> {
	const stored = await transaction.task(task_id);
	if (stored === undefined || stored.task.status !== 'READY') {
		return false;
	}
	const { record, epoch } = stored;
	const task: Task = { ...stored.task, status: 'CLAIMED', claimed_by: worker, attempts: stored.task.attempts + 1 };
	await transaction.append({ type: 'task.moved', task_id, run_id, message: `claimed by ${worker}` });
	const isOurs = await transaction.replaceTask(
		{
			task,
			record: { ...record, status: 'CLAIMED' },
			board: 'working_tasks',
			position: await transaction.endOfBoard('working_tasks'),
			epoch: epoch + 1,
			run_id,
		},
		{ status: 'READY', epoch },
	);
	if (isOurs) {
		await transaction.insertRun(buildRun(run_id, task_id, { worker, epoch: epoch + 1, opened_at: transaction.at }));
		await transaction.append({ type: 'run.opened', task_id, run_id, agent_id: worker, message: 'opened' });
	}
	return isOurs;
}
