// Owns how an edited or moved record becomes a change of its task: the fields first, then the moves the new status stands for. What
// is refused is recorded with its value and never throws.

import type { DreamError } from '../../base/errors.ts';
import { isDreamError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { formatActor } from '../actor.ts';
import { holdsChange } from '../person/leftWork.ts';
import { isOpenRun } from '../run/run.ts';
import { advanceTask, claimTask } from '../task/advanceTask.ts';
import { boardOfFile, fileOf, isArchive } from '../task/archive.ts';
import { describeDependencies, openDependencies } from '../task/moveTask.ts';
import type { StoredTask, Task } from '../task/task.ts';
import type { FieldChanges } from '../task/taskChange.ts';
import { appendChange, changesBetween } from '../task/taskChange.ts';
import type { MoveName } from '../task/taskStatus.ts';
import { moveRule } from '../task/taskStatus.ts';
import type { ApplyContext } from './applyContext.ts';
import { fileName, tellRefusals } from './applyContext.ts';
import type { Occurrence, RecordChange } from './boardDiff.ts';
import type { RecordMerge, Refusal } from './boardMerge.ts';
import { describeValue } from './boardMerge.ts';
import { mergeRecord } from './boardMerge.ts';
import { isFieldKey } from './boardRecord.ts';
import { appendMended, keptValue } from './mergeNotice.ts';

/** Whose change a word in a file would throw away: an agent's, or a person's with a worktree. A mere claim is the person's to edit. */
async function busyWorkerOf(transaction: LedgerTransaction, stored: StoredTask): Promise<string | undefined> {
	const run = stored.run_id === null ? undefined : await transaction.run(stored.run_id);
	return run !== undefined && isOpenRun(run.state) && (run.host_id !== null || holdsChange(run))
		? run.worker
		: undefined;
}

/** Takes over an edited or moved record of a task the ledger has. */
export async function applyEdit(context: ApplyContext, change: RecordChange, stored: StoredTask): Promise<void> {
	const { transaction } = context;
	const { after } = change;
	if (after === undefined) {
		return;
	}
	const shownOn = change.before?.board ?? fileOf(stored);
	const merge = mergeRecord(change, {
		stored,
		isUntouched: change.before !== undefined && stored.sequence <= (change.mirrored ?? context.mirrored(shownOn)),
		busyWorker: await busyWorkerOf(transaction, stored),
		agents: context.agents,
	});
	let current = stored;
	const isChanged = Object.keys(merge.patch).length > 0 || !jsonEquals(merge.record, stored.record);
	if (isChanged) {
		current = {
			...stored,
			task: {
				...stored.task,
				...merge.patch,
				updated_by: formatActor(transaction.actor),
				updated_at: transaction.at,
			},
			record: merge.record,
		};
		const keys = changedKeys(stored.record, merge, after);
		await appendChange(transaction, {
			type: 'task.edited',
			task_id: change.id,
			message: `edited in ${fileName(after.board)}: ${merge.changed.join(', ')}`,
			data: {
				fields: [...merge.changed],
				...changesBetween(stored.task, current.task),
				...(keys === undefined ? {} : { keys: { ...keys } }),
			},
		});
		await transaction.replaceTask(current, { status: stored.task.status, epoch: stored.epoch });
	}
	await keepWrongValues(context, merge, after, stored);
	await noteMendedValues(context, change, after);
	const refusals = [...merge.refusals];
	if (merge.moves.length > 0) {
		const refusal = await makeMoves(context, current, merge.moves, merge.target, after);
		refusals.push(...(refusal === undefined ? [] : [refusal]));
	}
	await tellRefusals(context, change.id, after.board, fileOf(current), refusals);
	await followRefiling(context, change);
	const now = await transaction.task(change.id);
	if (now !== undefined && fileOf(now) !== after.board) {
		// The record stands where the task is not: whether it moved on or was put there in vain.
		context.writeBack.add(after.board).add(fileOf(now));
	}
}

/**
 * A value that cannot be used stands in the file, marked on its line, until the file is written for another reason, perhaps for this
 * very edit: so it is kept in the history and told, once the file does not show it any more.
 */
async function keepWrongValues(
	context: ApplyContext,
	{ changed }: RecordMerge,
	{ board, entry }: Occurrence,
	stored: StoredTask,
): Promise<void> {
	const { refused, keys } = entry.content;
	const wrong = new Set([...refused].map((field) => keys[field] ?? field).filter((key) => changed.includes(key)));
	const refusals = [...wrong].map((key): Refusal => {
		const value = entry.record?.[key] ?? null;
		return {
			code: 'task.wrongValue',
			severity: 'warning',
			message: `${key} cannot be ${describeValue(value)}; it was not taken over.`,
			advice: 'Type a value that is allowed; the history keeps what you typed.',
			field: key,
			value,
			isWrittenBack: false,
		};
	});
	await tellRefusals(context, stored.task.task_id, board, fileOf(stored), refusals);
}

/** A notice of a value that could not be used is over when somebody writes another one there, be it what the ledger has anyway. */
async function noteMendedValues(
	{ transaction }: ApplyContext,
	{ id, before }: RecordChange,
	after: Occurrence,
): Promise<void> {
	for (const field of before?.entry.content.refused ?? []) {
		if (!after.entry.content.refused.has(field)) {
			await appendMended(transaction, id, after.board, before?.entry.content.keys[field] ?? field);
		}
	}
}

/**
 * A record that was cut from the completed board and stands in an archive now, or the other way round, is where somebody wants it: a
 * colleague's swarm archives too, and git brings both files at once.
 */
async function followRefiling(
	{ transaction, arrived }: ApplyContext,
	{ id, before, after }: RecordChange,
): Promise<void> {
	const now = await transaction.task(id);
	const file = after?.board;
	if (now === undefined || before === undefined || file === undefined || before.board === file) {
		return;
	}
	const isFinished = now.board === 'completed_tasks' && boardOfFile(file) === 'completed_tasks';
	if (isFinished && fileOf(now) === before.board && (file === 'completed_tasks' || isArchive(file))) {
		await transaction.append({ type: 'task.edited', task_id: id, message: `moved to ${fileName(file)}` });
		await transaction.refileTask(now, file);
		arrived.add(id);
	}
}

/** Keys of the record that are their author's own and changed, with what they held; undefined when none did. */
function changedKeys(record: JsonObject, merge: RecordMerge, after: Occurrence): FieldChanges | undefined {
	const names = merge.changed.filter((key) => !isFieldKey(after.entry.content, key));
	const pick = (source: JsonObject) =>
		Object.fromEntries(
			names.filter((key) => Object.hasOwn(source, key)).map((key) => [key, keptValue(source[key])]),
		);
	return names.length === 0 ? undefined : { from: pick(record), to: pick(merge.record) };
}

/** Makes the moves an edit stands for. Checks first what would refuse one of them half way. */
async function makeMoves(
	context: ApplyContext,
	stored: StoredTask,
	moves: readonly MoveName[],
	target: Task['status'] | undefined,
	after: Occurrence,
): Promise<Refusal | undefined> {
	const { transaction } = context;
	const { task } = stored;
	const fileTask = after.entry.task ?? task;
	const reason = `by hand in ${fileName(after.board)}`;
	const refuse = (message: string, advice: string): Refusal => ({
		code: 'task.illegalMove',
		severity: 'error',
		message,
		advice,
		field: 'status',
		value: target ?? null,
		isWrittenBack: after.board !== fileOf(stored),
	});
	const isGated = moves.includes('claim') || moves.includes('ready');
	const open = isGated ? await openDependencies(transaction, task) : [];
	if (open.length > 0) {
		return refuse(
			`${task.task_id} waits for ${describeDependencies(open)}; it cannot become ${target} yet.`,
			'Complete those first, or take them out of its dependencies.',
		);
	}
	const guarded = findGuarded(context, stored, moves);
	if (guarded !== undefined) {
		return { ...refuse(guarded.message, guarded.advice ?? ''), code: 'task.guarded' };
	}
	try {
		let status = task.status;
		for (const move of moves) {
			status = await makeMove(context, stored, move, fileTask, reason);
		}
		if (target === 'PENDING' && status === 'READY') {
			await advanceTask(transaction, { taskId: task.task_id, move: 'shelve', reason, isUnguarded: true });
		}
	} catch (error) {
		if (isDreamError(error)) {
			return refuse(error.message, error.advice ?? 'Look at the task and try again.');
		}
		throw error;
	}
	const now = await transaction.task(task.task_id);
	context.writeBack
		.add(fileOf(stored))
		.add(after.board)
		.add(fileOf(now ?? stored));
	context.arrived.add(task.task_id);
	return undefined;
}

/** Why a guard stands before one of the moves: asked of all before the first is made. */
function findGuarded(
	{ transaction }: ApplyContext,
	stored: StoredTask,
	moves: readonly MoveName[],
): DreamError | undefined {
	try {
		for (const move of moves) {
			const { to } = moveRule(move);
			transaction.moveCheck?.({ stored, move, to: to === 'queue' ? 'READY' : to });
		}
		return undefined;
	} catch (error) {
		if (isDreamError(error)) {
			return error;
		}
		throw error;
	}
}

async function makeMove(
	context: ApplyContext,
	stored: StoredTask,
	move: MoveName,
	fileTask: Task,
	reason: string,
): Promise<Task['status']> {
	const { transaction, now } = context;
	const taskId = stored.task.task_id;
	if (move === 'claim') {
		const worker = fileTask.claimed_by ?? fileTask.assigned_agent ?? 'file';
		const { stored: claimed } = await claimTask(transaction, {
			taskId,
			worker,
			driver: 'human',
			hostId: null,
			now,
			reason,
		});
		return claimed.task.status;
	}
	const advanced = await advanceTask(transaction, {
		taskId,
		move,
		reason: move === 'block' ? (fileTask.block_reason?.text ?? reason) : reason,
		...(move === 'block' ? { patch: { block_reason: fileTask.block_reason } } : {}),
	});
	if (advanced.promoted.length > 0) {
		context.writeBack.add('task_backlog').add('task_ready_queue');
	}
	return advanced.stored.task.status;
}
