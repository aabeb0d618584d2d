// Owns whose a run is: a person's with a worktree, a person's without one, or one that a host drives.

import { DreamError } from '../../base/errors.ts';
import type { Actor } from '../actor.ts';
import type { LedgerReader } from '../ledger.ts';
import type { HeldRun } from '../run/heldRun.ts';
import { requireHeldRun } from '../run/heldRun.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import { isPersonRun } from './isPersonRun.ts';
import type { WorktreePlace } from './personParts.ts';

export interface PersonRun extends HeldRun {
	/** Absolute path of the worktree. */
	readonly folder: string;
	/** Commit the change is measured from. */
	readonly base: string;
}

/** A person's open run with a worktree. Fails with `run.unknown`, `run.fenced`, `run.driven`, `run.noWorktree`. */
export async function requirePersonRun(reader: LedgerReader, runId: string, actor: Actor): Promise<PersonRun> {
	const held = await requireHeldRun(reader, runId, actor);
	const { run } = held;
	if (!isPersonRun(run)) {
		throw new DreamError('run.driven', `${run.worker} works on ${run.task_id}; its run is not yours.`, {
			details: { run_id: runId, task_id: run.task_id },
			advice: `Take it over first: dreamos run take-over ${runId}.`,
		});
	}
	if (run.worktree === null || run.base_commit === null) {
		throw new DreamError('run.noWorktree', `${run.task_id} is claimed by ${run.worker} without a worktree.`, {
			details: { run_id: runId, task_id: run.task_id },
			advice: `Get one with "dreamos task work ${run.task_id}", or complete the task when it is done.`,
		});
	}
	return { ...held, folder: run.worktree, base: run.base_commit };
}

/** Fails with `run.worktreeGone` when somebody deleted the folder of a person's run. */
export async function requireFolder(
	{ files }: Pick<WorktreePlace, 'files'>,
	{ run, folder }: PersonRun,
): Promise<void> {
	if ((await files.stat(folder)) === undefined) {
		throw new DreamError('run.worktreeGone', `The worktree ${folder} is gone.`, {
			details: { run_id: run.run_id, task_id: run.task_id, folder },
			advice: `"dreamos task work ${run.task_id}" makes it anew from what is kept of it; releasing the task gives it up.`,
		});
	}
}

/** The open run that holds a task; undefined when nobody does. */
export async function holderOf(reader: LedgerReader, runId: string | null): Promise<Run | undefined> {
	const run = runId === null ? undefined : await reader.run(runId);
	return run !== undefined && isOpenRun(run.state) ? run : undefined;
}
