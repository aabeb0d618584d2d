// Owns taking back the last change of a task: fields get what they had, a move is answered by moves of the table. It never opens a
// run, breaks no fence, and is itself a change, so that undoing it does the change again.

import { DreamError } from '../../base/errors.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { LedgerEvent } from '../events.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { isOpenRun } from '../run/run.ts';
import type { AdvancedTask } from './advanceTask.ts';
import { advanceTask } from './advanceTask.ts';
import { editableFields, editTask } from './editTask.ts';
import type { MovePatch } from './moveTask.ts';
import { openDependencies, requireTask } from './moveTask.ts';
import type { StoredTask, Task } from './task.ts';
import { fieldsOf, isCutValue, keysOf } from './taskChange.ts';
import type { TaskStatus } from './taskStatus.ts';
import { moveRule, movesFrom, taskStatuses } from './taskStatus.ts';
import type { UndoMove } from './undoMoves.ts';
import { noWayBack, undoMoves } from './undoMoves.ts';

/** Events of one task that are looked through for its last change. */
const looked = 500;

/** The last change of a task: the events of one transaction, newest first. */
interface LastChange {
	readonly events: readonly [LedgerEvent, ...LedgerEvent[]];
	/** Status before it; undefined when it moved nothing. */
	readonly status: TaskStatus | undefined;
	/** Fields and keys as they were. */
	readonly fields: JsonObject;
	readonly keys: { readonly from: JsonObject; readonly to: JsonObject };
}

/** A new spelling of the same value, typed into a file, changes nothing that could be taken back. */
const isChange = (event: LedgerEvent): boolean =>
	event.type === 'task.moved' ||
	(event.type === 'task.edited' &&
		[fieldsOf(event), keysOf(event)].some(
			({ from, to }) => Object.keys(from).length > 0 || Object.keys(to).length > 0,
		));

/** The last change of a task; undefined when it has not changed since it came to be. */
async function lastChange(reader: LedgerReader, taskId: string): Promise<LastChange | undefined> {
	const history = await reader.events({ task_id: taskId, newestFirst: true, limit: looked });
	const changes = history.filter(isChange);
	const [newest] = changes;
	if (newest === undefined) {
		return undefined;
	}
	const events: [LedgerEvent, ...LedgerEvent[]] = [newest];
	for (const event of changes.slice(1)) {
		if (events.at(-1)?.data?.['follows'] !== event.sequence) {
			break;
		}
		events.push(event);
	}
	const oldestFirst = [...events].reverse();
	const moved = oldestFirst.find(({ type }) => type === 'task.moved')?.data?.['from'];
	const oldest = (pick: (event: LedgerEvent) => JsonObject) =>
		Object.fromEntries(events.flatMap((event) => Object.entries(pick(event))));
	return {
		events,
		status: taskStatuses.find((status) => status === moved),
		fields: oldest((event) => fieldsOf(event).from),
		keys: {
			from: oldest((event) => keysOf(event).from),
			to: Object.fromEntries(oldestFirst.flatMap((event) => Object.entries(keysOf(event).to))),
		},
	};
}

export interface UndoneChange {
	readonly stored: StoredTask;
	/** The newest event of what was taken back. */
	readonly undone: LedgerEvent;
	readonly promoted: readonly string[];
	readonly stranded: readonly string[];
	readonly shelved: readonly string[];
}

/**
 * Takes back the last change.
 * @param expected sequence the caller saw as the last change; when another came meanwhile, nothing is undone.
 * Fails with `task.nothingToUndo`, `task.notUndoable`, `task.changedMeanwhile`, `task.dependedOn`, or as editing and moving do.
 */
export async function undoLastChange(
	transaction: LedgerTransaction,
	taskId: string,
	expected?: number,
): Promise<UndoneChange> {
	const stored = await requireTask(transaction, taskId);
	const change = await lastChange(transaction, taskId);
	if (change === undefined) {
		throw new DreamError('task.nothingToUndo', `${taskId} has not changed since it came to be.`, {
			details: { task_id: taskId },
			advice: 'To take the task itself away, cancel it.',
		});
	}
	const [undone] = change.events;
	if (expected !== undefined && undone.sequence !== expected) {
		throw new DreamError(
			'task.changedMeanwhile',
			`${taskId} changed once more meanwhile: ${undone.message} (${undone.actor}).`,
			{ details: { task_id: taskId, sequence: undone.sequence }, advice: 'Look at its history and undo again.' },
		);
	}
	if (change.status !== undefined) {
		await assertFree(transaction, stored, undone);
	}
	await restoreFields(transaction, stored, change);
	const advanced = await moveBack(transaction, taskId, change);
	return {
		undone,
		stored: await requireTask(transaction, taskId),
		promoted: advanced.flatMap(({ promoted }) => promoted),
		stranded: advanced.flatMap(({ stranded }) => stranded),
		shelved: advanced.flatMap(({ shelved }) => shelved),
	};
}

/** Nothing was done on the word of the completed task. */
const waitingStatuses: readonly TaskStatus[] = ['PENDING', 'READY', 'BLOCKED', 'CANCELLED'];

/** A move is only taken back while no agent works on it and nobody builds on it. */
async function assertFree(
	transaction: LedgerTransaction,
	{ task, run_id }: StoredTask,
	undone: LedgerEvent,
): Promise<void> {
	const { task_id } = task;
	const run = run_id === null ? undefined : await transaction.run(run_id);
	if (run !== undefined && isOpenRun(run.state) && run.host_id !== null) {
		throw notUndoable(
			task,
			undone,
			`${run.worker} works on it (${run.run_id}).`,
			'Release the task to stop the agent.',
		);
	}
	if (task.status !== 'COMPLETED') {
		return;
	}
	const taken = (await transaction.dependants(task_id)).filter(
		({ task: each }) => !waitingStatuses.includes(each.status),
	);
	if (taken.length > 0) {
		const named = taken
			.slice(0, 3)
			.map(
				({ task: each }) =>
					`${each.task_id} (${each.status}${each.claimed_by === null ? '' : `, ${each.claimed_by}`})`,
			);
		throw new DreamError(
			'task.dependedOn',
			`${task_id} was completed, and others have gone on from there: ${named.join(', ')}${taken.length > 3 ? ` and ${taken.length - 3} more` : ''}.`,
			{
				details: { task_id, dependants: taken.map(({ task: each }) => each.task_id) },
				advice: 'Reopen Task does it all the same and says why.',
			},
		);
	}
}

function notUndoable(task: Task, undone: LedgerEvent, why: string, advice: string): DreamError {
	return new DreamError('task.notUndoable', `"${undone.message}" cannot be taken back. ${why}`, {
		details: { task_id: task.task_id, sequence: undone.sequence },
		advice,
	});
}

async function restoreFields(
	transaction: LedgerTransaction,
	{ task, record }: StoredTask,
	{ events, fields, keys, status }: LastChange,
): Promise<void> {
	const [undone] = events;
	const restored = Object.entries(fields).filter(([field]) => editableFields.some((each) => each === field));
	const named = new Set([...Object.keys(keys.from), ...Object.keys(keys.to)]);
	if (restored.length === 0 && named.size === 0) {
		if (status === undefined) {
			throw notUndoable(
				task,
				undone,
				'It changed nothing that can be set back.',
				'Edit the task, or put the file right by hand.',
			);
		}
		return;
	}
	const cut = [...restored, ...Object.entries(keys.from)].find(([, value]) => isCutValue(value));
	if (cut !== undefined) {
		throw notUndoable(task, undone, `What ${cut[0]} held was too long to be kept twice.`, 'Edit the task instead.');
	}
	const others = Object.entries(record).filter(([key]) => !named.has(key));
	const taken = Object.entries(record).filter(([key]) => named.has(key));
	// Each value was read from a field of its name before it was written into the event.
	await editTask(transaction, task.task_id, Object.fromEntries(restored), {
		message: `undo: ${undone.message}`,
		data: {
			undoes: undone.sequence,
			...(named.size === 0 ? {} : { keys: { from: Object.fromEntries(taken), to: keys.from } }),
		},
		...(named.size === 0 ? {} : { record: { ...Object.fromEntries(others), ...keys.from } }),
	});
}

/** Fields a move changed that come back with it: why it was blocked, and what an earlier attempt had come to. */
function patchOf(fields: JsonObject, move: UndoMove, isLast: boolean, reason: string): MovePatch {
	const { block_reason = null, result } = fields as { block_reason?: Task['block_reason']; result?: Task['result'] };
	return {
		...(move === 'block' ? { block_reason: block_reason ?? { kind: 'needs_input', text: reason } } : {}),
		...(isLast && result !== undefined && !isCutValue(result as JsonValue) ? { result } : {}),
	};
}

async function moveBack(
	transaction: LedgerTransaction,
	taskId: string,
	{ events, status, fields }: LastChange,
): Promise<AdvancedTask[]> {
	const [undone] = events;
	const { task } = await requireTask(transaction, taskId);
	if (status === undefined || task.status === status) {
		return [];
	}
	const areMet = (await openDependencies(transaction, task)).length === 0;
	const moves = undoMoves(task.status, status, areMet);
	if (moves === undefined) {
		const offered = movesFrom(task.status).filter((move) => moveRule(move).isInternal !== true);
		throw notUndoable(
			task,
			undone,
			noWayBack(task.status, status, areMet),
			`What can be done instead: ${offered.map((move) => moveRule(move).title).join(', ')}.`,
		);
	}
	const advanced: AdvancedTask[] = [];
	const reason = `undo: ${undone.message}`;
	for (const [index, move] of moves.entries()) {
		const patch = patchOf(fields, move, index === moves.length - 1, reason);
		const data = { undoes: undone.sequence };
		advanced.push(await advanceTask(transaction, { taskId, move, reason, data, patch }));
	}
	return advanced;
}
