// Owns how a person begins to work on a task in a worktree of their own, made as for an agent. Asked again it answers with what is
// there, and finishes what was cut short.

import { DreamError, describeError } from '../../base/errors.ts';
import { standingRestore } from '../checkpoint/standingRestore.ts';
import { rescueReference } from '../landing/runReferences.ts';
import { prepareFolder } from '../loop/prepareFolder.ts';
import type { ResumedWork } from '../loop/resumedWork.ts';
import { givenBackWork } from '../loop/givenBack.ts';
import { removeWorktree, rescueWorktree, workOf } from '../loop/runWorktree.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import { advanceTask, claimTask } from '../task/advanceTask.ts';
import { requireTask } from '../task/moveTask.ts';
import { beganWith, continuing, isLeftByPerson } from './leftWork.ts';
import type { PersonParts } from './personParts.ts';
import { preparePartsOf, workFolderOf } from './personParts.ts';
import { holderOf } from './personRun.ts';
import { isPersonRun } from './isPersonRun.ts';

/** Where the work begins, when it is not what is open now. */
export type WorkStart = Pick<ResumedWork, 'run' | 'base' | 'commit'>;

export interface WorkPlace {
	readonly run: Run;
	/** Absolute path to open: the workspace's place in the worktree. */
	readonly folder: string;
}

/** Claims a task if need be and gives the person a worktree. Fails with `task.held`, `task.illegalMove`, `worktrees.*`, `git.*`. */
export async function workOnTask(parts: PersonParts, taskId: string): Promise<WorkPlace> {
	const { ledger, actor } = parts;
	const start = await ledger.read((reader) => leftStart(reader, taskId, actor.id));
	const leftFolder = start === undefined ? undefined : await saveLeft(parts, start.run);
	const run = await ledger.write(actor, async (transaction) => {
		const stored = await requireTask(transaction, taskId);
		const holder = await holderOf(transaction, stored.run_id);
		if (holder === undefined) {
			return claimForPerson(transaction, parts, taskId, 'to work on it in a worktree');
		}
		if (!isPersonRun(holder)) {
			throw new DreamError('task.held', `${holder.worker} works on ${taskId} (${holder.run_id}).`, {
				details: { task_id: taskId, run_id: holder.run_id },
				advice: `Take it over: dreamos run take-over ${holder.run_id}.`,
			});
		}
		if (holder.worker !== actor.id) {
			throw new DreamError('task.held', `${holder.worker} holds ${taskId}.`, {
				details: { task_id: taskId, run_id: holder.run_id },
				advice: `Release it first, if ${holder.worker} agrees.`,
			});
		}
		return holder;
	});
	const place = await furnish(parts, run, start);
	if (leftFolder !== undefined) {
		await removeWorktree(parts, leftFolder);
	}
	return place;
}

/** A task goes on from what was given back, from what was saved of it when it had to wait, or from what the very person left. */
async function leftStart(reader: LedgerReader, taskId: string, worker: string): Promise<WorkStart | undefined> {
	if ((await standingRestore(reader, taskId)) !== undefined) {
		// It is put into the new worktree as it is for an agent.
		return undefined;
	}
	const given = await givenBackWork(reader, taskId);
	if (given !== undefined) {
		return given;
	}
	const { task } = await requireTask(reader, taskId);
	const [last] = await reader.runs({ task_id: taskId, limit: 1 });
	if (last === undefined || last.base_commit === null) {
		return undefined;
	}
	const isWaiting = task.status === 'BLOCKED' && task.block_reason?.kind !== 'conflict' && last.state === 'blocked';
	const isOwn = last.worker === worker && last.state !== 'completed' && (await isLeftByPerson(reader, last));
	return isWaiting || isOwn ? { run: last, base: last.base_commit } : undefined;
}

/** Work a person left may still lie where it was done: it is kept before anything goes on from it. */
async function saveLeft(parts: PersonParts, { worktree, ...run }: Run): Promise<string | undefined> {
	if (worktree === null || !isPersonRun(run) || (await parts.files.stat(worktree)) === undefined) {
		return undefined;
	}
	if (!(await rescueWorktree(parts, workOf(run.run_id, worktree, { worktree, ...run })))) {
		throw new DreamError('worktrees.notSafe', `What you left of ${run.task_id} in ${worktree} cannot be read.`, {
			details: { task_id: run.task_id, folder: worktree },
			advice: 'Copy what you need and remove the folder; then begin again.',
		});
	}
	return worktree;
}

/** Claims a task for the person who acts; a blocked one is unblocked by that. */
export async function claimForPerson(
	transaction: LedgerTransaction,
	{ actor, clock }: Pick<PersonParts, 'actor' | 'clock'>,
	taskId: string,
	reason: string,
): Promise<Run> {
	const { task } = await requireTask(transaction, taskId);
	if (task.status === 'BLOCKED') {
		await advanceTask(transaction, { taskId, move: 'unblock', reason: `${actor.id} takes it ${reason}` });
	}
	const { run } = await claimTask(transaction, {
		taskId,
		worker: actor.id,
		driver: 'human',
		hostId: null,
		now: clock.now(),
		reason,
	});
	return run;
}

/** Makes the worktree of a person's run where there is none yet, and starts the task. A failure gives the task back. */
export async function furnish(parts: PersonParts, run: Run, start: WorkStart | undefined): Promise<WorkPlace> {
	const { files, git, ledger, actor, log, worktreesFolder } = parts;
	const folder = run.worktree ?? files.join(worktreesFolder, run.run_id);
	const workFolder = workFolderOf(parts, folder);
	if (run.base_commit !== null && (await files.stat(folder)) !== undefined) {
		return { run, folder: workFolder };
	}
	const token = { run_id: run.run_id, epoch: run.epoch };
	const again = run.base_commit === null ? start : { run, base: run.base_commit, commit: await lastKept(parts, run) };
	const named = await ledger.write(actor, (transaction) => transaction.updateRun(token, { worktree: folder }));
	const notes: string[] = [];
	try {
		// What was cut short before it was ready holds nothing of anybody.
		await git.removeWorktree(folder);
		const { base } = await prepareFolder(
			preparePartsOf(parts),
			{ run, folder, ...(again === undefined ? {} : { resumed: { ...again, session: null, folder } }) },
			{
				workFolder,
				signal: new AbortController().signal,
				onBase: () => undefined,
				onNote: (text) => notes.push(text),
				onProcess: () => undefined,
			},
		);
		return { run: await begin(parts, named, { base_commit: base, worktree: folder }, start), folder: workFolder };
	} catch (error) {
		if (await rescueWorktree(parts, workOf(run.run_id, folder, named))) {
			await removeWorktree(parts, folder);
		}
		notes.forEach((note) => log.info(`${run.run_id}: ${note}`));
		await ledger
			.write(actor, (transaction) =>
				advanceTask(transaction, {
					taskId: run.task_id,
					move: 'release',
					reason: `its worktree could not be made: ${describeError(error)}`,
					token,
					runPatch: { worktree: null },
				}),
			)
			.catch((failure: unknown) => log.warn(describeError(failure)));
		throw error;
	}
}

async function begin(
	{ ledger, actor }: PersonParts,
	run: Run,
	patch: Pick<Run, 'base_commit' | 'worktree'>,
	start: WorkStart | undefined,
): Promise<Run> {
	return ledger.write(actor, (transaction) => startPersonRun(transaction, run, patch, start?.run));
}

/** The newest that is kept of a run whose worktree is gone: what was saved of it, what it submitted, what it began with. */
async function lastKept({ ledger, git }: PersonParts, run: Run): Promise<string | undefined> {
	const rescued = async (runId: string | undefined) => {
		const name = rescueReference(runId ?? run.run_id);
		return (await git.listReferences(name)).find((reference) => reference.name === name)?.commit;
	};
	const from = await ledger.read((reader) => beganWith(reader, run));
	return (await rescued(run.run_id)) ?? run.result_commit ?? rescued(from);
}

/** Starts the task of a person's run, unless it was started before, and keeps where the work lies. */
export async function startPersonRun(
	transaction: LedgerTransaction,
	run: Run,
	patch: Pick<Run, 'base_commit' | 'worktree'>,
	from: Run | undefined,
): Promise<Run> {
	const token = { run_id: run.run_id, epoch: run.epoch };
	const { task } = await requireTask(transaction, run.task_id);
	if (task.status !== 'CLAIMED') {
		return transaction.updateRun(token, patch);
	}
	const { run: started } = await advanceTask(transaction, {
		taskId: run.task_id,
		move: 'start',
		token,
		runPatch: patch,
		...(from === undefined ? {} : { data: continuing(from) }),
	});
	return started ?? run;
}
