// Owns how often a task may be tried: which attempts count as failures, and what follows when one more has failed.

import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import type { AdvancedTask } from '../task/advanceTask.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { MovePatch } from '../task/moveTask.ts';
import { requireTask } from '../task/moveTask.ts';
import { freshStarts } from '../task/taskStatus.ts';

const looked = 1000;

/**
 * Attempts at a task that failed or were lost with their host since somebody last asked for another try. Attempts that were
 * stopped (swarm stopped, task released by a person) count nothing.
 */
async function countFailures(reader: LedgerReader, taskId: string): Promise<number> {
	let failures = 0;
	for (const { type, data } of await reader.events({ task_id: taskId, newestFirst: true, limit: looked })) {
		if (type === 'task.moved' && freshStarts.some((move) => move === data?.['move'])) {
			break;
		}
		if (type === 'run.closed' && (data?.['state'] === 'failed' || data?.['state'] === 'lost')) {
			failures += 1;
		}
	}
	return failures;
}

export interface FailedAttempt {
	/** `lost`: its host died. */
	readonly state: 'failed' | 'lost';
	readonly reason: string;
	/** Stable code of what went wrong. */
	readonly code?: string;
	/** Attempts allowed unless the task says otherwise. */
	readonly maxAttempts: number;
	/** Trying again cannot help. */
	readonly isFinal: boolean;
	readonly patch?: MovePatch;
}

/** Fields of a run that no longer has anything on the machine. */
export const withoutMachine = { worktree: null, pid: null, pid_started: null } as const;

/** Leaves a paused run without a host: it keeps its task, its session and its worktree, and costs no attempt. */
export async function parkRun(transaction: LedgerTransaction, run: Run): Promise<void> {
	await transaction.updateRun(run, { pid: null, pid_started: null });
}

/** Ends an attempt that failed: the task goes back to its queue, or fails when this was its last. Fails with `run.fenced`. */
export async function endFailedAttempt(
	transaction: LedgerTransaction,
	run: Run,
	attempt: FailedAttempt,
): Promise<AdvancedTask> {
	const { task } = await requireTask(transaction, run.task_id);
	const failures = (await countFailures(transaction, run.task_id)) + 1;
	const limit = task.max_attempts ?? attempt.maxAttempts;
	const isLast = attempt.isFinal || failures >= limit;
	return advanceTask(transaction, {
		taskId: run.task_id,
		move: isLast ? 'fail' : 'release',
		runState: attempt.state,
		reason:
			isLast && !attempt.isFinal && limit > 1
				? `${attempt.reason} (attempt ${failures} of ${limit})`
				: attempt.reason,
		token: { run_id: run.run_id, epoch: run.epoch },
		runPatch: withoutMachine,
		...(attempt.code === undefined ? {} : { failureCode: attempt.code }),
		...(attempt.patch === undefined ? {} : { patch: attempt.patch }),
	});
}
