// Owns the one function that moves a task. It checks the table, the fence and the dependencies, and writes the event.

import { DreamError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatActor, nameActor } from '../actor.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { renderRecord } from '../board/boardRecord.ts';
import type { RunToken } from '../run/run.ts';
import type { StoredTask, Task } from './task.ts';
import { appendChange, changesBetween } from './taskChange.ts';
import type { MoveName, TaskStatus } from './taskStatus.ts';
import { boardOfStatus, moveRule, movesFrom, sayMove } from './taskStatus.ts';

export type MovePatch = Partial<Pick<Task, 'claimed_by' | 'block_reason' | 'result'>>;

export interface MoveRequest {
	readonly taskId: string;
	readonly move: MoveName;
	/** Why; required where the table says so, stored in the event. */
	readonly reason?: string;
	/** Fence: the move is refused when the task has moved on to another run. */
	readonly token?: RunToken;
	/** Fields that change with the move. Times are not among them: no worker sets one. */
	readonly patch?: MovePatch;
	/** The run that the move opens. */
	readonly runId?: string;
	readonly data?: JsonObject;
	/** It follows from a move that was allowed, or its guards were asked before: none is asked. */
	readonly isUnguarded?: true;
}

/** A move that is allowed by the table and about to be written. */
export interface ProposedMove {
	readonly stored: StoredTask;
	readonly move: MoveName;
	readonly to: TaskStatus;
	readonly reason?: string;
}

export async function requireTask(reader: Pick<LedgerReader, 'task'>, id: string): Promise<StoredTask> {
	const stored = await reader.task(id);
	if (stored === undefined) {
		throw new DreamError('task.unknown', `There is no task ${id}.`, {
			details: { task_id: id },
			advice: 'Look at the list of tasks for its id.',
		});
	}
	return stored;
}

/** Dependencies that are not completed, with what they are; `undefined` status means there is no such task. */
export async function openDependencies(
	reader: LedgerReader,
	task: Task,
): Promise<{ readonly task_id: string; readonly status: TaskStatus | undefined }[]> {
	if (task.dependencies.length === 0) {
		return [];
	}
	const found = await reader.tasks({ ids: task.dependencies });
	const statusById = new Map(found.map(({ task: each }) => [each.task_id, each.status]));
	return task.dependencies
		.map((id) => ({ task_id: id, status: statusById.get(id) }))
		.filter(({ status }) => status !== 'COMPLETED');
}

const describeDependency = ({
	task_id,
	status,
}: {
	readonly task_id: string;
	readonly status: TaskStatus | undefined;
}) => (status === undefined ? `${task_id}, which does not exist` : `${task_id} (${status})`);

export function describeDependencies(open: Awaited<ReturnType<typeof openDependencies>>): string {
	return open.map(describeDependency).join(', ');
}

/** What a task carries when it stands in a queue again: nobody holds it. */
const queuedFields: Partial<Task> = {
	claimed_by: null,
	claimed_at: null,
	started_at: null,
	completed_by: null,
	completed_at: null,
	block_reason: null,
};

function stampsOf(status: TaskStatus, at: string, by: string): Partial<Task> {
	switch (status) {
		case 'PENDING':
		case 'READY':
			return queuedFields;
		case 'CLAIMED':
			return {
				claimed_at: at,
				started_at: null,
				completed_by: null,
				completed_at: null,
				block_reason: null,
				result: null,
			};
		case 'IN_PROGRESS':
			return { started_at: at };
		case 'COMPLETED':
		case 'FAILED':
		case 'CANCELLED':
			return { completed_by: by, completed_at: at, block_reason: null };
		case 'BLOCKED':
			return { claimed_by: null };
		case 'VALIDATING':
		case 'REVIEW':
			return {};
	}
}

/**
 * Moves one task by the table, in the caller's transaction, and appends `task.moved`.
 * Fails with `task.unknown`, `task.illegalMove`, `task.dependenciesOpen`, `task.reasonMissing`, `run.fenced`.
 */
export async function moveTask(transaction: LedgerTransaction, request: MoveRequest): Promise<StoredTask> {
	const stored = await requireTask(transaction, request.taskId);
	const { task } = stored;
	const rule = moveRule(request.move);
	if (
		request.token !== undefined &&
		(request.token.epoch !== stored.epoch || request.token.run_id !== stored.run_id)
	) {
		throw new DreamError('run.fenced', `Run ${request.token.run_id} no longer holds ${task.task_id}.`, {
			details: {
				task_id: task.task_id,
				run_id: request.token.run_id,
				epoch: request.token.epoch,
				current: stored.epoch,
			},
			advice: 'The task was released or claimed by somebody else meanwhile; this result is not used.',
		});
	}
	if (!rule.from.includes(task.status)) {
		throw illegalMove(task, request.move);
	}
	if (rule.needsReason === true && (request.reason ?? '').trim() === '') {
		throw new DreamError('task.reasonMissing', `To ${sayMove(request.move, task.task_id)}, say why.`, {
			details: { task_id: task.task_id },
		});
	}
	const open =
		rule.needsDependencies === true || rule.to === 'queue' ? await openDependencies(transaction, task) : [];
	if (rule.needsDependencies === true && open.length > 0) {
		throw new DreamError('task.dependenciesOpen', `${task.task_id} waits for ${describeDependencies(open)}.`, {
			details: { task_id: task.task_id, open: open.map((each) => each.task_id) },
			advice: 'Complete those first, or take them out of its dependencies.',
		});
	}
	const status = rule.to === 'queue' ? (open.length > 0 ? 'PENDING' : 'READY') : rule.to;
	const { move, reason } = request;
	if (request.isUnguarded !== true) {
		transaction.moveCheck?.({ stored, move, to: status, ...(reason === undefined ? {} : { reason }) });
	}
	const opens = rule.run === 'opens';
	const by = nameActor(transaction.actor, request.patch?.claimed_by ?? task.claimed_by);
	const next: Task = {
		...task,
		...stampsOf(status, transaction.at, by),
		...request.patch,
		status,
		updated_by: by,
		updated_at: transaction.at,
		attempts: opens ? task.attempts + 1 : task.attempts,
	};
	const board = boardOfStatus[status];
	const moved = {
		task: next,
		record: renderRecord(next, stored.record),
		board,
		position: board === stored.board ? stored.position : await transaction.endOfBoard(board),
		epoch: opens ? stored.epoch + 1 : stored.epoch,
		run_id: opens ? (request.runId ?? null) : rule.run === 'holds' ? stored.run_id : null,
	};
	const changes = changesBetween(task, next);
	const sequence = await appendChange(transaction, {
		type: 'task.moved',
		task_id: task.task_id,
		...(moved.run_id === null ? {} : { run_id: moved.run_id }),
		message: `${rule.title}: ${task.status} → ${status}${request.reason === undefined ? '' : ` (${request.reason})`}`,
		data: {
			...request.data,
			move: request.move,
			from: task.status,
			to: status,
			...(request.reason === undefined ? {} : { reason: request.reason }),
			...(Object.keys(changes.to).length === 0 ? {} : { changes: { ...changes } }),
		},
	});
	if (!(await transaction.replaceTask(moved, { status: task.status, epoch: stored.epoch }))) {
		throw new DreamError('task.lostRace', `${task.task_id} was changed by somebody else at the same moment.`, {
			details: { task_id: task.task_id },
			advice: 'Look at it again and repeat.',
		});
	}
	return { ...moved, sequence };
}

function illegalMove(task: Task, move: MoveName): DreamError {
	const offered = movesFrom(task.status).filter((name) => moveRule(name).isInternal !== true);
	const allowed = offered.map((name) => moveRule(name).title);
	const holder = task.claimed_by === null ? '' : ` by ${task.claimed_by}`;
	return new DreamError(
		'task.illegalMove',
		`${task.task_id} is ${task.status}${holder}; you cannot ${sayMove(move, 'it')} from there.`,
		{
			details: { task_id: task.task_id, status: task.status, move, allowed: offered },
			advice: allowed.length === 0 ? '' : `What can be done: ${allowed.join(', ')}.`,
		},
	);
}

/**
 * Makes dependants ready that waited only for this task, in the same transaction as its completion.
 * Returns their ids.
 */
export async function promoteDependants(transaction: LedgerTransaction, completedId: string): Promise<string[]> {
	const promoted: string[] = [];
	for (const { task } of await transaction.dependants(completedId)) {
		if (task.status === 'PENDING' && (await openDependencies(transaction, task)).length === 0) {
			await moveTask(transaction, {
				taskId: task.task_id,
				move: 'ready',
				reason: `its last dependency ${completedId} is completed`,
				isUnguarded: true,
			});
			promoted.push(task.task_id);
		}
	}
	return promoted;
}

/**
 * Puts dependants back into the backlog that were ready because this task was completed, in the same transaction in which it is
 * opened again. Returns their ids. What somebody holds already goes on.
 */
export async function shelveDependants(transaction: LedgerTransaction, openedId: string): Promise<string[]> {
	const shelved: string[] = [];
	for (const { task } of await transaction.dependants(openedId)) {
		if (task.status === 'READY') {
			await moveTask(transaction, {
				taskId: task.task_id,
				move: 'shelve',
				reason: `its dependency ${openedId} is open again`,
			});
			shelved.push(task.task_id);
		}
	}
	return shelved;
}

/** Records which waiting tasks can no longer become ready because this one failed or was cancelled. */
export async function reportStranded(transaction: LedgerTransaction, endedId: string): Promise<string[]> {
	const ended = await requireTask(transaction, endedId);
	const stranded: string[] = [];
	for (const { task } of await transaction.dependants(endedId)) {
		if (task.status === 'PENDING') {
			stranded.push(task.task_id);
			await transaction.append({
				type: 'task.stranded',
				task_id: task.task_id,
				message: `waits for ${endedId}, which is ${ended.task.status} (${formatActor(transaction.actor)})`,
				data: { dependency: endedId, status: ended.task.status },
			});
		}
	}
	return stranded;
}
