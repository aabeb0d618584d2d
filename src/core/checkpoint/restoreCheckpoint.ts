// Owns going back to a checkpoint and taking that back: the next attempt at the task begins with its files and is told its story. What
// the run had kept instead becomes a checkpoint itself, so nothing is lost by going back.

import { DreamError } from '../../base/errors.ts';
import { rescueCommit, rescueReference } from '../landing/runReferences.ts';
import type { Ledger, LedgerReader } from '../ledger.ts';
import type { ChangedFile, Git } from '../ports.ts';
import type { Actor } from '../actor.ts';
import { requireRun } from '../run/heldRun.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import { requireTask } from '../task/moveTask.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readCheckpoints } from './checkpoint.ts';
import { checkpointPrefix, checkpointReference } from './checkpointReference.ts';
import { standingRestore } from './standingRestore.ts';

export interface RestoredCheckpoint {
	readonly checkpoint: Checkpoint;
	readonly task_id: string;
	/** Files that differ from what the run began with, after it is restored. */
	readonly files: readonly string[];
	/** Commit with the files the next attempt would begin with otherwise. */
	readonly before: string;
	/** What it changes of these. */
	readonly changes: readonly ChangedFile[];
	/** Id of the checkpoint that now keeps what was there instead; null when there was nothing else. */
	readonly set_aside: string | null;
	readonly is_done: boolean;
}

/** The checkpoint of that id, whole; fails with `checkpoint.unknown` and `checkpoint.damaged`. */
export async function requireCheckpoint(
	git: Pick<Git, 'readReferences' | 'findDamage'>,
	id: string,
): Promise<Checkpoint> {
	const all = readCheckpoints(await git.readReferences(checkpointPrefix));
	const found = all.find((each) => each.id === id);
	if (found === undefined) {
		throw new DreamError('checkpoint.unknown', `There is no checkpoint ${id}.`, {
			details: { checkpoint: id },
			advice: 'dreamos checkpoint list shows them; they are kept by number, age and size (dreamos.checkpoints.*).',
		});
	}
	const damage = await git.findDamage(found.commit);
	if (damage !== undefined) {
		const before = all.findLast((each) => each.run_id === found.run_id && each.number < found.number);
		throw new DreamError('checkpoint.damaged', `The checkpoint ${id} is damaged: ${damage}`, {
			details: { checkpoint: id, commit: found.commit },
			advice: before === undefined ? 'It is the first of its run.' : `Use the one before it: ${before.id}.`,
		});
	}
	return found;
}

interface RestoreParts {
	readonly git: Git;
	readonly ledger: Ledger;
	readonly actor: Actor;
}

/** Fails with `checkpoint.unknown`, `checkpoint.damaged`, `run.unknown`, and `checkpoint.inUse` while somebody works on the task or it is completed. */
export async function restoreCheckpoint(
	{ git, ledger, actor }: RestoreParts,
	id: string,
	isDryRun: boolean,
): Promise<RestoredCheckpoint> {
	const checkpoint = await requireCheckpoint(git, id);
	const run = await ledger.read(async (reader) => {
		const found = await requireRun(reader, checkpoint.run_id);
		await refuseInUse(reader, found);
		return found;
	});
	const base = run.base_commit ?? checkpoint.story?.base ?? checkpoint.commit;
	const files = (await git.changes(base, checkpoint.commit, [])).map(({ path }) => path);
	const kept = await keptCommit(git, run.run_id);
	const mine = readCheckpoints(await git.readReferences(`${checkpointPrefix}${run.run_id}/`));
	const isElsewhere = kept === undefined || mine.some(({ commit }) => commit === kept);
	const next = (mine.at(-1)?.number ?? 0) + 1;
	const before = kept ?? base;
	const answer = {
		checkpoint,
		task_id: run.task_id,
		files,
		before,
		changes: await git.changes(before, checkpoint.commit, []),
		set_aside: isElsewhere ? null : `${run.run_id}/${next}`,
	};
	if (isDryRun) {
		return { ...answer, is_done: false };
	}
	if (!isElsewhere) {
		await git.setReference(checkpointReference(run.run_id, next), kept);
	}
	await ledger.write(actor, async (transaction) => {
		await refuseInUse(transaction, run);
		await rescueCommit(git, run.run_id, checkpoint.commit);
		await transaction.append({
			type: 'run.restored',
			task_id: run.task_id,
			run_id: run.run_id,
			message: `The next attempt at ${run.task_id} begins with checkpoint ${id}`,
			data: {
				checkpoint: id,
				commit: checkpoint.commit,
				before: kept ?? null,
				story: checkpoint.story === undefined ? null : { ...checkpoint.story },
			},
		});
	});
	return { ...answer, is_done: true };
}

export interface TakenBackRestore {
	readonly task_id: string;
	readonly run_id: string;
	/** Id of the checkpoint that the next attempt does not begin with any more. */
	readonly checkpoint: string;
}

/**
 * Takes the last restore at the task of a run back: its next attempt begins as it would have. Fails with `run.unknown`,
 * `checkpoint.inUse`, `checkpoint.notRestored` when there is none or an attempt has begun with it, and `checkpoint.unknown` when what
 * was kept before is gone.
 */
export async function takeRestoreBack({ git, ledger, actor }: RestoreParts, runId: string): Promise<TakenBackRestore> {
	return ledger.write(actor, async (transaction) => {
		const asked = await requireRun(transaction, runId);
		await refuseInUse(transaction, asked);
		const restore = await standingRestore(transaction, asked.task_id);
		const { checkpoint, before } = restore?.data ?? {};
		const run = restore?.run_id;
		if (run === undefined || typeof checkpoint !== 'string') {
			throw new DreamError(
				'checkpoint.notRestored',
				`No checkpoint was restored for ${asked.task_id} since its last attempt.`,
				{
					details: { task_id: asked.task_id, run_id: runId },
					advice: 'dreamos checkpoint list shows what an attempt can begin with.',
				},
			);
		}
		if (typeof before === 'string') {
			const damage = await git.findDamage(before);
			if (damage !== undefined) {
				throw new DreamError(
					'checkpoint.unknown',
					`What ${asked.task_id} had before is not there any more: ${damage}`,
					{
						details: { task_id: asked.task_id, run_id: run, commit: before },
						advice: 'Restore another checkpoint: dreamos checkpoint list.',
					},
				);
			}
		}
		await git.setReference(rescueReference(run), typeof before === 'string' ? before : undefined);
		await transaction.append({
			type: 'run.restored',
			task_id: asked.task_id,
			run_id: run,
			message: `The next attempt at ${asked.task_id} does not begin with checkpoint ${checkpoint} after all`,
			data: { checkpoint, takes_back: true },
		});
		return { task_id: asked.task_id, run_id: run, checkpoint };
	});
}

async function keptCommit(git: Pick<Git, 'listReferences'>, runId: string): Promise<string | undefined> {
	const name = rescueReference(runId);
	return (await git.listReferences(name)).find((each) => each.name === name)?.commit;
}

async function refuseInUse(reader: LedgerReader, run: Run): Promise<void> {
	const { task } = await requireTask(reader, run.task_id);
	const [current] = await reader.runs({ task_id: run.task_id, limit: 1 });
	if (task.status === 'COMPLETED' || (current !== undefined && isOpenRun(current.state))) {
		const why = task.status === 'COMPLETED' ? 'is completed' : `is worked on by ${current?.worker ?? 'somebody'}`;
		throw new DreamError('checkpoint.inUse', `${run.task_id} ${why}; nothing was restored.`, {
			details: { task_id: run.task_id, run_id: run.run_id },
			advice: 'Release the task, or stop its run, then restore the checkpoint.',
		});
	}
}
