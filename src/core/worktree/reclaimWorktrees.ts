// Owns getting worktrees back: end what still runs there, save what is not safe, remove. What could not be saved stays.

import { DreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { rescueReference } from '../landing/runReferences.ts';
import { rescueWorktree, workOf } from '../loop/runWorktree.ts';
import type { FileSystem, Git, ProcessRunner } from '../ports.ts';
import type { InventoryParts, WorktreeRow } from './worktreeInventory.ts';
import { listWorktreeRows } from './worktreeInventory.ts';
import { isPoolName, newPoolName } from './worktreeNames.ts';

export type ReclaimWish = { readonly id: string } | 'abandoned';

export interface ReclaimedWorktree {
	readonly id: string;
	readonly folder: string;
	readonly bytes: number;
	/** Where work is kept that was nowhere else. */
	readonly rescued: string | null;
}

export interface Reclaimed {
	readonly reclaimed: readonly ReclaimedWorktree[];
	/** What stays, with the reason. */
	readonly kept: readonly { readonly id: string; readonly reason: string }[];
}

export interface ReclaimParts extends Omit<InventoryParts, 'git' | 'files'> {
	readonly git: Git;
	readonly files: FileSystem;
	readonly processes: Pick<ProcessRunner, 'endRun' | 'endTree'>;
	readonly log: Logger;
}

/** Reclaims one worktree, or all that are nobody's. */
export async function reclaimWorktrees(parts: ReclaimParts, wish: ReclaimWish): Promise<Reclaimed> {
	const rows = await listWorktreeRows(parts);
	if (wish === 'abandoned') {
		const answers = [];
		for (const row of rows.filter(({ state }) => state === 'abandoned')) {
			answers.push(await reclaimOne(parts, row).catch((error: unknown) => reasonOf(row, error)));
		}
		return {
			reclaimed: answers.filter((answer) => 'folder' in answer),
			kept: answers.filter((answer) => 'reason' in answer),
		};
	}
	const row = rows.find(({ id, folder }) => id === wish.id || folder === wish.id);
	if (row === undefined) {
		throw new DreamError('worktrees.unknown', `There is no worktree ${wish.id}.`, {
			details: { worktree: wish.id },
			advice: 'Look at the list of worktrees for its id.',
		});
	}
	if (row.state === 'working') {
		throw new DreamError('worktrees.inUse', `${row.worker ?? 'Somebody'} works in ${row.id} (${row.reason}).`, {
			details: { worktree: row.id, run_id: row.run_id, task_id: row.task_id },
			advice: 'Release or cancel its task, or stop the swarm; then it goes by itself.',
		});
	}
	return { reclaimed: [await reclaimOne(parts, row)], kept: [] };
}

const reasonOf = ({ id }: WorktreeRow, error: unknown) => ({
	id,
	reason: error instanceof Error ? error.message : String(error),
});

async function reclaimOne(parts: ReclaimParts, row: WorktreeRow): Promise<ReclaimedWorktree> {
	const { git, files, read, worktreesFolder } = parts;
	const { id, folder, bytes } = row;
	if (isPoolName(id)) {
		// A host may take it this very moment: of two who rename, one is first.
		const away = files.join(worktreesFolder, newPoolName());
		if (row.created_at !== null) {
			await files.rename(folder, away);
			await git.removeWorktree(away);
		}
		await git.removeWorktree(folder);
		return { id, folder, bytes, rescued: null };
	}
	const runId = row.run_id ?? id;
	const run = await read((reader) => reader.run(runId));
	if (run !== undefined) {
		if (run.pid !== null) {
			await parts.processes.endTree({ pid: run.pid, started: run.pid_started ?? '' });
		}
		await parts.processes.endRun(runId);
	}
	const before = await referenceOf(git, runId);
	const isSafe = await rescueWorktree(parts, workOf(runId, folder, run));
	if (!isSafe) {
		throw new DreamError('worktrees.notSafe', `${id} holds work that could not be saved; it stays in ${folder}.`, {
			details: { worktree: id, folder },
			advice: 'Copy what you need, then remove the folder by hand.',
		});
	}
	await git.removeWorktree(folder);
	const after = await referenceOf(git, runId);
	return { id, folder, bytes, rescued: after !== undefined && after !== before ? rescueReference(runId) : null };
}

async function referenceOf(git: Git, runId: string): Promise<string | undefined> {
	const name = rescueReference(runId);
	return (await git.listReferences(name)).find((reference) => reference.name === name)?.commit;
}
