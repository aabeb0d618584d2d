// Owns a move with all that follows from it in the same transaction: its run, its dependants, those it strands.

import { DreamError } from '../../base/errors.ts';
import { newRunId } from '../../base/ids.ts';
import { isPerson } from '../actor.ts';
import { requireAgent } from '../agent/requireAgent.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { leftByMove } from '../person/leftByMove.ts';
import { closeQuestions } from '../question/decideQuestion.ts';
import type { Run, RunState, RunToken } from '../run/run.ts';
import { closeMessages } from '../run/runMessages.ts';
import type { MoveRequest } from './moveTask.ts';
import { moveTask, promoteDependants, reportStranded, requireTask, shelveDependants } from './moveTask.ts';
import type { StoredTask } from './task.ts';
import { isFinished, moveRule } from './taskStatus.ts';

export interface AdvancedTask {
	readonly stored: StoredTask;
	/** The run the move opened, changed or ended. */
	readonly run: Run | undefined;
	/** Tasks that became ready by it. */
	readonly promoted: readonly string[];
	/** Tasks that now wait on one that will not complete. */
	readonly stranded: readonly string[];
	/** Tasks that were ready and wait again, because this one is open again. */
	readonly shelved: readonly string[];
}

export interface AdvanceRequest extends MoveRequest {
	/** Fields of the run that change with the move. */
	readonly runPatch?: Partial<Omit<Run, 'run_id' | 'task_id' | 'epoch' | 'state'>>;
	/** What the run becomes where the table's word is not the whole truth: a task goes back to its queue because the attempt failed. */
	readonly runState?: RunState;
	/** Stable code of what went wrong, kept with the end of the run: the reason is for people. */
	readonly failureCode?: string;
}

/** Moves a task and everything that hangs on the move. Fails as `moveTask` does. A claim goes through `claimTask`. */
export async function advanceTask(transaction: LedgerTransaction, request: AdvanceRequest): Promise<AdvancedTask> {
	const rule = moveRule(request.move);
	const before = await requireTask(transaction, request.taskId);
	const stored = await moveTask(transaction, request);
	let run: Run | undefined;
	if (before.run_id !== null && rule.runState !== undefined && rule.run !== 'opens') {
		const token: RunToken = { run_id: before.run_id, epoch: before.epoch };
		const ends = rule.run === 'ends';
		const state = request.runState ?? rule.runState;
		run = await transaction.updateRun(token, {
			...request.runPatch,
			state,
			reason: request.reason ?? null,
			active_at: transaction.at,
			closed_at: ends ? transaction.at : null,
			...(ends ? { pause: null } : {}),
		});
		await transaction.append({
			type: ends ? 'run.closed' : 'run.changed',
			task_id: request.taskId,
			run_id: run.run_id,
			message: `${run.run_id} of ${run.worker}: ${state}${request.reason === undefined ? '' : ` (${request.reason})`}`,
			data: { state, ...(request.failureCode === undefined ? {} : { code: request.failureCode }) },
		});
		const left = leftByMove(run);
		if (left !== undefined) {
			await transaction.append({
				type: 'run.left',
				task_id: request.taskId,
				run_id: run.run_id,
				message: `what ${run.worker} did on ${request.taskId} lies in ${left.folder}; once that is cleared away it is kept at ${left.kept}`,
				data: { ...left },
			});
		}
		if (state !== 'working') {
			await closeQuestions(transaction, run, `the run is ${state}`);
		}
	}
	const { status } = stored.task;
	if (isFinished(status)) {
		await closeMessages(transaction, request.taskId, `the task is ${status}`);
	}
	return {
		stored,
		run,
		promoted: status === 'COMPLETED' ? await promoteDependants(transaction, request.taskId) : [],
		stranded:
			status === 'FAILED' || status === 'CANCELLED' ? await reportStranded(transaction, request.taskId) : [],
		shelved: before.task.status === 'COMPLETED' ? await shelveDependants(transaction, request.taskId) : [],
	};
}

export interface ClaimRequest {
	readonly taskId: string;
	/** Goes to `claimed_by`: an agent's id or a person's name. */
	readonly worker: string;
	readonly driver: string;
	/** The host that will drive the run; null for a person. */
	readonly hostId: string | null;
	/** Wall time in milliseconds, for the run's id. */
	readonly now: number;
	readonly reason?: string;
	/** The worker must be a registered agent; fails with `agent.unknown` otherwise. */
	readonly isAgent?: boolean;
	/** Id of the run to open; made of `now` when not given. */
	readonly runId?: string;
}

/** A claimed task and the run that the claim opened. */
export interface Claimed {
	readonly stored: StoredTask;
	readonly run: Run;
}

/** Claims a task for one worker and opens its run. Exactly one of several claimers wins; the others get an error that says who. */
export async function claimTask(transaction: LedgerTransaction, request: ClaimRequest): Promise<Claimed> {
	if (request.isAgent === true) {
		await requireAgent(transaction, request.worker);
	}
	const before = await requireTask(transaction, request.taskId);
	const { assigned_agent: assigned, task_id } = before.task;
	if (assigned !== null && assigned !== '' && assigned !== request.worker && !isPerson(transaction.actor)) {
		throw new DreamError('task.assigned', `${task_id} is assigned to ${assigned}.`, {
			details: { task_id, assigned_agent: assigned },
			advice: `Let ${assigned} take it, or take the assignment off.`,
		});
	}
	const runId = request.runId ?? newRunId(request.now);
	const stored = await moveTask(transaction, {
		taskId: request.taskId,
		move: 'claim',
		runId,
		patch: { claimed_by: request.worker },
		...(request.reason === undefined ? {} : { reason: request.reason }),
		data: { worker: request.worker },
	});
	const run: Run = {
		run_id: runId,
		task_id,
		attempt: stored.task.attempts,
		epoch: stored.epoch,
		worker: request.worker,
		driver: request.driver,
		state: 'claimed',
		reason: null,
		host_id: request.hostId,
		worktree: null,
		base_commit: null,
		result_commit: null,
		files: [],
		gates: [],
		pid: null,
		pid_started: null,
		resources: null,
		strays: [],
		drift: null,
		log_file: null,
		session: null,
		pause: null,
		opened_at: transaction.at,
		active_at: transaction.at,
		closed_at: null,
	};
	await transaction.insertRun(run);
	await transaction.append({
		type: 'run.opened',
		task_id,
		run_id: runId,
		...(request.driver === 'human' ? {} : { agent_id: request.worker }),
		message: `${request.worker} claimed ${task_id} (attempt ${run.attempt})${request.reason === undefined ? '' : `: ${request.reason}`}`,
		data: { worker: request.worker, attempt: run.attempt, epoch: run.epoch },
	});
	return { stored, run };
}
