// Owns how records come and go: a record that is no task yet becomes one, a task that is taken out of every file is removed. What is
// removed stays in its event, whole.

import { jsonEquals } from '../../base/json.ts';
import { formatActor } from '../actor.ts';
import type { EventType } from '../events.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { isOpenRun } from '../run/run.ts';
import { boardOfFile, fileOf, isArchive } from '../task/archive.ts';
import { describeDependencies, openDependencies } from '../task/moveTask.ts';
import type { StoredTask, Task } from '../task/task.ts';
import type { BoardName } from '../task/taskStatus.ts';
import { boardOfStatus } from '../task/taskStatus.ts';
import type { ApplyContext } from './applyContext.ts';
import { fileName, keepRecord, tellRefusals } from './applyContext.ts';
import type { Occurrence } from './boardDiff.ts';
import type { Refusal } from './boardMerge.ts';
import { renderRecord } from './boardRecord.ts';

/** Whether a record that is put on a board asks to stand in the ready queue. */
export const wantsReady = (task: Task, board: BoardName | undefined): boolean =>
	task.status === 'READY' || (task.status === 'PENDING' && board === 'task_ready_queue');

/** Takes over a record that is no task yet. Tasks whose readiness depends on others come after those. */
export async function applyAddition(context: ApplyContext, id: string, after: Occurrence): Promise<void> {
	const { transaction } = context;
	const { task, refused } = after.entry.content;
	const { record } = after.entry;
	if (task === undefined || record === undefined) {
		return;
	}
	if (refused.has('status')) {
		await keepRecord(transaction, id, after, 'is no task until its status can be used');
		return;
	}
	const isReady = wantsReady(task, boardOfFile(after.board));
	const open = isReady ? await openDependencies(transaction, task) : [];
	const status = isReady ? (open.length === 0 ? 'READY' : 'PENDING') : task.status;
	const added: Task = { ...task, status };
	const board = boardOfStatus[status];
	const archive = board === 'completed_tasks' && isArchive(after.board) ? after.board : undefined;
	const file = fileOf({ board, archive });
	const shown = renderRecord(added, record);
	const epoch = await lastEpoch(transaction, id);
	await transaction.append({
		type: 'task.created',
		task_id: id,
		message: `added in ${fileName(after.board)} as ${status}: ${task.name}`,
		data: { status, board: after.board },
	});
	await transaction.insertTask({
		task: {
			...added,
			...pastStamps(task, transaction.at),
			created_by: task.created_by ?? formatActor(transaction.actor),
			created_at: notLater(task.created_at, transaction.at) ?? transaction.at,
			updated_by: formatActor(transaction.actor),
			updated_at: transaction.at,
		},
		record: shown,
		board,
		...(archive === undefined ? {} : { archive }),
		epoch,
		run_id: null,
	});
	context.arrived.add(id);
	if (file !== after.board || !jsonEquals(shown, record)) {
		context.writeBack.add(file).add(after.board);
	}
	if (open.length > 0) {
		await tellRefusals(context, id, after.board, file, [
			{
				code: 'task.notReady',
				severity: 'information',
				message: `${id} waits for ${describeDependencies(open)}, so it stands in the backlog.`,
				advice: 'It becomes ready by itself once they are completed.',
				isWrittenBack: true,
			},
		]);
	}
}

/** Times a record brings along are kept as where it comes from, but none of them can lie ahead. */
const notLater = (time: string | null, at: string): string | null => (time !== null && time > at ? at : time);
const pastStamps = (task: Task, at: string): Pick<Task, 'claimed_at' | 'started_at' | 'completed_at'> => ({
	claimed_at: notLater(task.claimed_at, at),
	started_at: notLater(task.started_at, at),
	completed_at: notLater(task.completed_at, at),
});

/** A task cut from one file and pasted into another later keeps its fence: no worker of before may write to it. */
export async function lastEpoch(transaction: LedgerTransaction, id: string): Promise<number> {
	const types: EventType[] = ['task.created', 'task.removed'];
	const [last] = await transaction.events({ task_id: id, types, newestFirst: true, limit: 1 });
	const epoch = last?.type === 'task.removed' ? last.data?.['epoch'] : undefined;
	return typeof epoch === 'number' ? epoch : 0;
}

/** Takes a task out of the ledger that somebody took out of its file. The record stays in the event. */
export async function applyRemoval(context: ApplyContext, stored: StoredTask, before: Occurrence): Promise<void> {
	const { transaction } = context;
	const { task } = stored;
	const run = stored.run_id === null ? undefined : await transaction.run(stored.run_id);
	if (run !== undefined && isOpenRun(run.state)) {
		await putBack(context, stored, before, {
			code: 'task.runOpen',
			severity: 'warning',
			message: `${run.worker} works on ${task.task_id}, so it was put back into the file.`,
			advice: 'Cancel the task first, then take it out.',
		});
		return;
	}
	await transaction.append({
		type: 'task.removed',
		task_id: task.task_id,
		message: `taken out of ${fileName(before.board)}: ${task.name}`,
		data: { board: before.board, status: task.status, epoch: stored.epoch, record: stored.record },
	});
	await transaction.removeTask(task.task_id);
}

/** Keeps a task that vanished from its file; the file is written again. */
export async function putBack(
	context: ApplyContext,
	stored: StoredTask,
	before: Occurrence,
	words: Pick<Refusal, 'code' | 'severity' | 'message' | 'advice'>,
): Promise<void> {
	await tellRefusals(context, stored.task.task_id, before.board, fileOf(stored), [{ ...words, isWrittenBack: true }]);
}
