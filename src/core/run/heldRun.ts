// Owns the fence of a worker's word: a run may speak for its task only while it holds it, and only through its own worker.

import { DreamError } from '../../base/errors.ts';
import type { Actor } from '../actor.ts';
import { formatActor, isPerson } from '../actor.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Run, RunToken } from './run.ts';
import { isOpenRun } from './run.ts';
import type { StoredTask } from '../task/task.ts';
import { requireTask } from '../task/moveTask.ts';

export interface HeldRun {
	readonly run: Run;
	readonly stored: StoredTask;
	readonly token: RunToken;
}

export async function requireRun(reader: Pick<LedgerReader, 'run'>, id: string): Promise<Run> {
	const run = await reader.run(id);
	if (run === undefined) {
		throw new DreamError('run.unknown', `There is no run ${id}.`, {
			details: { run_id: id },
			advice: 'Look at the list of runs for its id.',
		});
	}
	return run;
}

/**
 * The run with its task, if it still holds it and the actor may speak for it.
 * Fails with `run.unknown`, `run.fenced`, `action.forbidden`.
 */
export async function requireHeldRun(
	reader: Pick<LedgerReader, 'run' | 'task'>,
	runId: string,
	actor: Actor,
): Promise<HeldRun> {
	const run = await requireRun(reader, runId);
	if (!isPerson(actor) && actor.id !== run.worker) {
		throw new DreamError('action.forbidden', `Run ${runId} is ${run.worker}'s, not ${formatActor(actor)}'s.`, {
			details: { run_id: runId, worker: run.worker, actor: formatActor(actor) },
			advice: 'Speak for your own run only.',
		});
	}
	const stored = await requireTask(reader, run.task_id);
	if (!isOpenRun(run.state) || stored.run_id !== runId || stored.epoch !== run.epoch) {
		throw new DreamError(
			'run.fenced',
			isOpenRun(run.state)
				? `Run ${runId} no longer holds ${run.task_id}.`
				: `Run ${runId} of ${run.task_id} is over: ${run.state}.`,
			{
				details: { task_id: run.task_id, run_id: runId, epoch: run.epoch, current: stored.epoch },
				advice: 'Nothing was changed. End your turn; what comes of the task is decided by others now.',
			},
		);
	}
	return { run, stored, token: { run_id: runId, epoch: run.epoch } };
}
