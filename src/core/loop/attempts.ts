// Owns how often a task may be tried: which attempts count as failures, and what follows when one more has failed.

import type { JsonValue } from '../../base/json.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import { failureRule } from '../recovery/failureRule.ts';
import { failureSignature } from '../recovery/failureSignature.ts';
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
async function earlierFailures(reader: LedgerReader, taskId: string): Promise<EarlierFailures> {
	let failures = 0;
	let last: EarlierFailures['last'];
	for (const { type, run_id: runId, data } of await reader.events({
		task_id: taskId,
		newestFirst: true,
		limit: looked,
	})) {
		if (type === 'task.moved' && freshStarts.some((move) => move === data?.['move'])) {
			break;
		}
		if (type === 'run.closed' && (data?.['state'] === 'failed' || data?.['state'] === 'lost')) {
			failures += 1;
			last ??= { runId: runId ?? '', code: data['code'] };
		}
	}
	return { count: failures, last };
}

interface EarlierFailures {
	readonly count: number;
	/** The newest of them, with the code of what went wrong. */
	readonly last: { readonly runId: string; readonly code: JsonValue | undefined } | undefined;
}

/** Whether the attempt before this one failed in the same way, by the work's own fault: another try would go the same way. */
async function isRepeated(
	reader: LedgerReader,
	{ state, code, reason }: FailedAttempt,
	{ last }: EarlierFailures,
): Promise<boolean> {
	if (state === 'lost' || code === undefined || last?.code !== code) {
		return false;
	}
	if (failureRule({ code, isTransient: true }).fault !== 'task') {
		return false;
	}
	const before = await reader.run(last.runId);
	return failureSignature(code, before?.reason ?? '') === failureSignature(code, reason);
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
 * Ends an attempt that failed: the task goes back to its queue, or fails when this was its last. Where the one before failed in the same
 * way it is not tried again, but blocked until somebody looks. Fails with `run.fenced`.
 */
export async function endFailedAttempt(
	transaction: LedgerTransaction,
	run: Run,
	attempt: FailedAttempt,
): Promise<AdvancedTask> {
	const { task } = await requireTask(transaction, run.task_id);
	const earlier = await earlierFailures(transaction, run.task_id);
	const failures = earlier.count + 1;
	const limit = task.max_attempts ?? attempt.maxAttempts;
	const isLast = attempt.isFinal || failures >= limit;
	const ending = {
		taskId: run.task_id,
		runState: attempt.state,
		token: { run_id: run.run_id, epoch: run.epoch },
		runPatch: withoutMachine,
		...(attempt.code === undefined ? {} : { failureCode: attempt.code }),
	} as const;
	if (!isLast && (await isRepeated(transaction, attempt, earlier))) {
		const text = `It failed twice in the same way, so it is not tried again before somebody looks: ${attempt.reason}`;
		return advanceTask(transaction, {
			...ending,
			move: 'block',
			reason: attempt.reason,
			patch: { ...attempt.patch, block_reason: { kind: 'needs_input', text } },
		});
	}
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
