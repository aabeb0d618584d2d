// Owns a person's giving work back: the files are kept as a commit, the worktree goes, and whoever goes on gets a worktree just like
// it, with a note of what the person did. What is given is safe before anything is removed.

import { displayLine } from '../../base/text.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import { rescueCommit, rescueReference } from '../landing/runReferences.ts';
import { removeWorktree } from '../loop/runWorktree.ts';
import type { ChangedFile, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { StoredTask } from '../task/task.ts';
import type { PersonParts } from './personParts.ts';
import { requireFolder, requirePersonRun } from './personRun.ts';

const shownFiles = 30;

export interface GivenBack {
	readonly stored: StoredTask;
	readonly files: readonly ChangedFile[];
	/** The agent it was taken from; null when it was taken from nobody. */
	readonly agent: string | null;
	readonly kept: string;
}

/** Fails with `run.unknown`, `run.fenced`, `run.driven`, `run.noWorktree`, `run.worktreeGone`. */
export async function giveBack(parts: PersonParts, runId: string, words: string): Promise<GivenBack> {
	const { ledger, actor, git } = parts;
	const held = await ledger.read((reader) => requirePersonRun(reader, runId, actor));
	const { run, folder, base } = held;
	await requireFolder(parts, held);
	const agentRun = await ledger.read(async (reader) => {
		const events = await reader.events({ task_id: run.task_id });
		const taken = events.findLast(({ type, data }) => type === 'run.takenOver' && data?.['run'] === runId);
		return taken?.run_id === undefined ? undefined : reader.run(taken.run_id);
	});
	const commit = await git.commitWorktree(folder, base, `Dream.OS: given back by ${run.worker} (${run.task_id})`);
	await rescueCommit(git, runId, commit);
	const files = await git.changes(await before(git, agentRun, base), commit, excludedPaths);
	const note = describeWork(words, files);
	// Before the task is free: a host may take it at once, and the agent's session is found only in this very folder.
	await removeWorktree(parts, folder);
	const { stored } = await ledger.write(actor, async (transaction) => {
		await requirePersonRun(transaction, runId, actor);
		await transaction.append({
			type: 'run.givenBack',
			task_id: run.task_id,
			run_id: runId,
			message: `${run.worker} gives ${run.task_id} back${agentRun === undefined ? '' : ` to ${agentRun.worker}`}${words === '' ? '' : `: ${displayLine(words, 300)}`}`,
			data: { base, commit, agent_run: agentRun?.run_id ?? null, note },
		});
		return advanceTask(transaction, {
			taskId: run.task_id,
			move: 'release',
			reason: `given back by ${run.worker}`,
			token: { run_id: runId, epoch: run.epoch },
			runPatch: { worktree: null },
		});
	});
	return { stored, files, agent: agentRun?.worker ?? null, kept: rescueReference(runId) };
}

/** What the agent had when it was taken over: nothing is kept of it where it had changed nothing. */
async function before(git: Git, agentRun: Run | undefined, base: string): Promise<string> {
	if (agentRun === undefined) {
		return base;
	}
	const name = rescueReference(agentRun.run_id);
	return (await git.listReferences(name)).find((reference) => reference.name === name)?.commit ?? base;
}

function describeWork(words: string, files: readonly ChangedFile[]): string {
	const lines = files
		.slice(0, shownFiles)
		.map(
			({ kind, path, previousPath }) =>
				`${kind}: ${previousPath === undefined ? '' : `${previousPath} → `}${path}`,
		);
	const rest = files.length - lines.length;
	return [
		...(words === '' ? [] : [words]),
		files.length === 0 ? 'The person changed no file.' : 'The person changed:',
		...lines,
		...(rest > 0 ? [`… and ${rest} more`] : []),
	].join('\n');
}
