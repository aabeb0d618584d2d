// Owns how often a task may be tried: which attempts count as failures, and what follows when one more has failed, or failed in the
// same way as one before.

import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { isSameFailure } from '../recovery/sameFailure.ts';
import type { Run } from '../run/run.ts';
import type { AdvancedTask } from '../task/advanceTask.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { MovePatch } from '../task/moveTask.ts';
import { requireTask } from '../task/moveTask.ts';
import { freshStarts } from '../task/taskStatus.ts';

const looked = 1000;

/**
 * Attempts at a task that failed or were lost with their host since somebody last asked for another try, newest first. Attempts that
 * were stopped (swarm stopped, task released by a person) count nothing.
 */
async function earlierFailures(reader: LedgerReader, taskId: string): Promise<EarlierFailure[]> {
	const failures: EarlierFailure[] = [];
	for (const { type, data, run_id: id } of await reader.events({
		task_id: taskId,
		newestFirst: true,
		limit: looked,
	})) {
		if (type === 'task.moved' && freshStarts.some((move) => move === data?.['move'])) {
			break;
		}
		if (type === 'run.closed' && (data?.['state'] === 'failed' || data?.['state'] === 'lost')) {
			const code = data['code'];
			failures.push({ runId: id, code: typeof code === 'string' ? code : undefined });
		}
	}
	return failures;
}

interface EarlierFailure {
	readonly runId: string | undefined;
	readonly code: string | undefined;
}

/** The last attempt before this one that failed in the same way. */
async function findSameFailure(
	reader: LedgerReader,
	failures: readonly EarlierFailure[],
	{ code, reason }: FailedAttempt,
): Promise<Run | undefined> {
	for (const failure of failures) {
		const run = failure.runId === undefined ? undefined : await reader.run(failure.runId);
		if (run !== undefined && isSameFailure({ code, reason }, { code: failure.code, reason: run.reason ?? '' })) {
			return run;
		}
	}
	return undefined;
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

/**
 * Ends an attempt that failed: the task goes back to its queue, fails when this was its last, or is blocked when an attempt before
 * failed in the same way: one more would only cost. Fails with `run.fenced`.
 */
export async function endFailedAttempt(
	transaction: LedgerTransaction,
	run: Run,
	attempt: FailedAttempt,
): Promise<AdvancedTask> {
	const { task } = await requireTask(transaction, run.task_id);
	const earlier = await earlierFailures(transaction, run.task_id);
	const failures = earlier.length + 1;
	const limit = task.max_attempts ?? attempt.maxAttempts;
	const same = attempt.isFinal ? undefined : await findSameFailure(transaction, earlier, attempt);
	const ending = {
		taskId: run.task_id,
		runState: attempt.state,
		token: { run_id: run.run_id, epoch: run.epoch },
		runPatch: withoutMachine,
		...(attempt.code === undefined ? {} : { failureCode: attempt.code }),
	};
	if (same !== undefined) {
		const reason = `it failed the same way twice (${same.worker} in attempt ${same.attempt}, ${run.worker} in attempt ${run.attempt}), so it is not tried again. Change the task, its checks or its agent, then unblock it. ${attempt.reason}`;
		return advanceTask(transaction, {
			...ending,
			move: 'block',
			reason,
			patch: { ...attempt.patch, block_reason: { kind: 'needs_input', text: reason } },
		});
	}
	const isLast = attempt.isFinal || failures >= limit;
	return advanceTask(transaction, {
		...ending,
		move: isLast ? 'fail' : 'release',
		reason:
			isLast && !attempt.isFinal && limit > 1
				? `${attempt.reason} (attempt ${failures} of ${limit})`
				: attempt.reason,
		...(attempt.patch === undefined ? {} : { patch: attempt.patch }),
	});
}
