// Owns how a person's work goes the way of an agent's: committed under the run's reference, proved by the same gates, then review,
// landing or branch. A gate that fails leaves everything with the person.

import { DreamError } from '../../base/errors.ts';
import { recordGate } from '../gate/recordGate.ts';
import type { Proof } from '../gate/proveWork.ts';
import { proveWork } from '../gate/proveWork.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import { runReference } from '../landing/runReferences.ts';
import type { LedgerTransaction } from '../ledger.ts';
import { passRun } from '../loop/runEnding.ts';
import { gateEnvironment } from '../loop/runJob.ts';
import { removeWorktree } from '../loop/runWorktree.ts';
import type { ChangedFile } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { requireRun } from '../run/heldRun.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { requireTask } from '../task/moveTask.ts';
import type { Task } from '../task/task.ts';
import { shareCaches } from '../worktree/setUpWorktree.ts';
import type { PersonParts } from './personParts.ts';
import { workFolderOf } from './personParts.ts';
import type { PersonRun } from './personRun.ts';
import { requireFolder, requirePersonRun } from './personRun.ts';
import { readResolving, unresolvedFiles } from './resolving.ts';

export interface Submitted {
	readonly run: Run;
	readonly task: Task;
	/** Why it did not go on, as a sentence; null when every gate passed. */
	readonly failure: string | null;
}

/** Fails with `run.unknown`, `run.fenced`, `run.driven`, `run.noWorktree`, `run.worktreeGone`, `run.unresolved`. */
export async function submitWork(parts: PersonParts, runId: string, summary: string): Promise<Submitted> {
	const { ledger, actor, git, settings, clock, swarm } = parts;
	const held = await ledger.read((reader) => requirePersonRun(reader, runId, actor));
	const { folder, base, token } = held;
	await requireFolder(parts, held);
	const resolving = await ledger.read((reader) => readResolving(reader, runId));
	await assertResolved(parts, held);
	const result = await git.commitWorktree(folder, base, `Dream.OS: result of ${runId} (${held.run.task_id})`);
	const changes = result === base ? [] : await git.changes(base, result, excludedPaths);
	if (changes.length > 0) {
		await git.setReference(runReference(runId), result);
	}
	const files = changes.map(({ path }) => path);
	await ledger.write(actor, async (transaction) => {
		const { task } = await requireTask(transaction, held.run.task_id);
		if (task.status === 'CLAIMED') {
			await advanceTask(transaction, { taskId: task.task_id, move: 'start', token });
		} else if (task.status === 'VALIDATING') {
			await advanceTask(transaction, { taskId: task.task_id, move: 'rework', reason: 'submitted again', token });
		}
		await advanceTask(transaction, {
			taskId: task.task_id,
			move: 'validate',
			token,
			patch: { result: { summary, commit: result, files } },
			runPatch: { result_commit: result, files, gates: [] },
		});
	});
	const { gates, failure } = await prove(parts, held, result, changes);
	const again = await git.commitWorktree(folder, base, `Dream.OS: result of ${runId} (${held.run.task_id})`);
	const isSame = again === result || (await git.changes(result, again, [])).length === 0;
	const refusal = failure ?? (isSame ? undefined : 'files changed while the checks ran; finish once more');
	const landing = await ledger.write(actor, async (transaction) => {
		const current = await requireRun(transaction, runId);
		if (current.result_commit !== result) {
			throw new DreamError('run.fenced', `${held.run.task_id} was submitted again meanwhile.`, {
				details: { run_id: runId, task_id: held.run.task_id },
			});
		}
		if (refusal !== undefined) {
			await advanceTask(transaction, { taskId: held.run.task_id, move: 'rework', reason: refusal, token });
			return undefined;
		}
		return passRun({ settings: () => settings, clock }, transaction, current, {
			changes,
			gates,
			isDecided: resolving !== undefined,
		});
	});
	if (refusal === undefined) {
		await removeWorktree(parts, folder);
	}
	if (landing !== undefined && !landing.hasEditor && !(await swarm.status()).isRunning) {
		await swarm.land(landing.command_id);
	}
	return ledger.read(async (reader) => ({
		run: await requireRun(reader, runId),
		task: (await requireTask(reader, held.run.task_id)).task,
		failure: refusal ?? null,
	}));
}

async function assertResolved(parts: PersonParts, { run, folder }: PersonRun): Promise<void> {
	const open = await unresolvedFiles(parts, run.run_id, folder);
	if (open.length > 0) {
		throw new DreamError('run.unresolved', `Still in conflict: ${open.join(', ')}.`, {
			details: { run_id: run.run_id, files: [...open] },
			advice: `Take the marks out of the files in ${folder}, or choose a side: dreamos run choose ${run.run_id} PATH agent|yours.`,
		});
	}
}

async function prove(
	parts: PersonParts,
	{ run, stored, folder, base }: PersonRun,
	result: string,
	changes: readonly ChangedFile[],
): Promise<Proof> {
	const { ledger, actor, worktreesFolder } = parts;
	const workFolder = workFolderOf(parts, folder);
	const askedBy = {
		onDidChange: ledger.onDidChange,
		read: ledger.read.bind(ledger),
		write: <T>(work: (transaction: LedgerTransaction) => Promise<T>) => ledger.write(actor, work),
	};
	const proofParts = { ...parts, ledger: askedBy };
	return proveWork(proofParts, {
		run,
		task: stored.task,
		folder,
		workFolder,
		base,
		result,
		changes,
		environment: { ...(await shareCaches(parts, worktreesFolder)), ...gateEnvironment(run, workFolder) },
		signal: new AbortController().signal,
		onProcess: () => undefined,
		onGate: (all, gate) => ledger.write(actor, (transaction) => recordGate(transaction, run, all, gate)),
	});
}
