// Owns what becomes of a run's worktree: made from the open working tree as it is, saved under a rescue reference, removed.
// Nothing is removed before its work is kept somewhere else.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { rescueCommit } from '../landing/runReferences.ts';
import type { FileSystem, Git } from '../ports.ts';

export interface WorktreeParts {
	readonly git: Git;
	readonly files: Pick<FileSystem, 'stat'>;
	readonly log: Logger;
}

export interface KeptWork {
	readonly runId: string;
	readonly folder: string;
	/** Commit the worktree began with; undefined when nobody knows, then git is asked. */
	readonly base: string | undefined;
	/** The result when it was already committed; what came later is not part of it. */
	readonly result?: string;
}

/** Saves work that will not land under the run's rescue reference. False when there is work that could not be saved. */
export async function rescueWorktree({ git, files, log }: WorktreeParts, work: KeptWork): Promise<boolean> {
	try {
		const base = work.base ?? (await git.listWorktrees()).find(({ folder }) => folder === work.folder)?.commit;
		if (base === undefined) {
			return true;
		}
		const isThere = work.result === undefined && (await files.stat(work.folder)) !== undefined;
		const commit =
			work.result ??
			(isThere ? await git.commitWorktree(work.folder, base, `Dream.OS: rescued work of ${work.runId}`) : base);
		if (commit !== base) {
			await rescueCommit(git, work.runId, commit);
		}
		return true;
	} catch (error) {
		log.error(
			`The work of ${work.runId} could not be saved under a rescue reference; it stays in ${work.folder}.`,
			error,
		);
		return false;
	}
}

/** Removes a worktree. What cannot be removed now is reclaimed when a host starts. */
export async function removeWorktree({ git, log }: Pick<WorktreeParts, 'git' | 'log'>, folder: string): Promise<void> {
	try {
		await git.removeWorktree(folder);
	} catch (error) {
		log.warn(`The worktree ${folder} was not removed: ${describeError(error)}`);
	}
}
