// Owns what becomes of a run's worktree: made from the open working tree as it is, saved under a rescue reference, removed.
// Nothing is removed before its work is kept somewhere else.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { rescueCommit } from '../landing/runReferences.ts';
import type { LedgerReader } from '../ledger.ts';
import { isPersonRun } from '../person/isPersonRun.ts';
import type { FileSystem, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import { nameOfFolder } from '../worktree/worktreeNames.ts';
import type { HostLedger } from './hostLedger.ts';

export interface WorktreeParts {
	readonly git: Git;
	readonly files: Pick<FileSystem, 'stat' | 'list'>;
	readonly log: Logger;
}

export interface KeptWork {
	readonly runId: string;
	readonly folder: string;
	/** Commit the worktree began with; undefined when nobody knows, then git is asked. */
	readonly base: string | undefined;
	/** The result when it was already committed; what came later is not part of it. */
	readonly result?: string;
	/** The ledger knows no such run: where git knows nothing either, all that differs from HEAD counts as its work. */
	readonly isUnknown?: boolean;
}

/**
 * What may have to be saved of a worktree, by what the ledger knows of its run. A person may write on after a result was taken, so
 * theirs is always looked at as it lies there.
 */
export function workOf(runId: string, folder: string, run: Run | undefined): KeptWork {
	const isPersons = run !== undefined && isPersonRun(run);
	const landed = isPersons && run.state === 'completed' ? run.result_commit : null;
	return {
		runId,
		folder,
		base: landed ?? run?.base_commit ?? undefined,
		isUnknown: run === undefined,
		...(run === undefined || isPersons || run.result_commit === null ? {} : { result: run.result_commit }),
	};
}

/** Whose work lies in a folder, by its name and the ledger: a run that went on with the work of an earlier one has that one's folder. */
export async function lastRunIn(reader: LedgerReader, folder: string): Promise<Run | undefined> {
	const first = await reader.run(nameOfFolder(folder));
	const runs = first === undefined ? [] : await reader.runs({ task_id: first.task_id });
	return runs.find(({ worktree }) => worktree === folder) ?? first;
}

/** Saves work that will not land under the run's rescue reference. False when there is work that could not be saved. */
export async function rescueWorktree({ git, files, log }: WorktreeParts, work: KeptWork): Promise<boolean> {
	try {
		const base = work.base ?? (await git.listWorktrees()).find(({ folder }) => folder === work.folder)?.commit;
		if (base === undefined) {
			return work.isUnknown !== true || (await rescueUnknown({ git, files, log }, work));
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

async function rescueUnknown({ git, files, log }: WorktreeParts, work: KeptWork): Promise<boolean> {
	if ((await files.list(work.folder)).length === 0) {
		return true;
	}
	const head = await git.resolveCommit('HEAD');
	if (head === undefined) {
		log.warn(`Nobody knows what ${work.folder} began from; it stays.`);
		return false;
	}
	return rescueWorktree({ git, files, log }, { ...work, base: head });
}

/** Removes a worktree. What cannot be removed now is reclaimed when a host starts. */
export async function removeWorktree({ git, log }: Pick<WorktreeParts, 'git' | 'log'>, folder: string): Promise<void> {
	try {
		await git.removeWorktree(folder);
	} catch (error) {
		log.warn(`The worktree ${folder} was not removed: ${describeError(error)}`);
	}
}

/** Leaves a worktree to the person who took the run over, and tells who waits for it that the run has ended. False when nobody did. */
export async function leaveToHeir(ledger: HostLedger, run: Run): Promise<boolean> {
	const heirs = await ledger.read((reader) => reader.runs({ task_id: run.task_id, limit: 5 }));
	if (
		run.worktree === null ||
		!heirs.some((each) => each.worktree === run.worktree && each.run_id !== run.run_id && isOpenRun(each.state))
	) {
		return false;
	}
	await ledger.persist((transaction) =>
		transaction.append({
			type: 'run.vacated',
			task_id: run.task_id,
			run_id: run.run_id,
			message: `${run.run_id} of ${run.worker} has ended; its worktree stays`,
		}),
	);
	return true;
}
