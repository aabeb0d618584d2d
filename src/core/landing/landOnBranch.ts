// Owns landing on a branch: the change alone, on top of the person's HEAD and without anything of theirs that is not committed, as one
// commit on a branch of the task. Working tree, index, HEAD and hooks stay as they are.

import { displayLine, displayText } from '../../base/text.ts';
import { DreamError } from '../../base/errors.ts';
import type { ChangedFile, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Task } from '../task/task.ts';
import { createCommitTarget } from './commitTarget.ts';
import type { LandingBounds } from './landingPath.ts';
import { excludedPaths } from './landingPath.ts';
import type { LandingConflict } from './planLanding.ts';
import { planLanding } from './planLanding.ts';

export type BranchGit = Pick<
	Git,
	'changes' | 'fileAt' | 'modeAt' | 'mergeText' | 'commitFiles' | 'head' | 'branchAt' | 'createBranch'
>;

export type BranchVerdict =
	| { readonly kind: 'branched'; readonly branch: string; readonly changes: readonly ChangedFile[] }
	| { readonly kind: 'conflicts'; readonly conflicts: readonly LandingConflict[] };

const subjectLimit = 72;
const mostBranches = 100;

/** Name of a task's branch, such as `dreamos/task-12`: only what no shell and no git reads as anything else. */
export function branchName(taskId: string, number = 1): string {
	const slug = taskId
		.normalize('NFKD')
		.replaceAll(/\p{M}/gu, '')
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/gu, '-')
		.replaceAll(/^-+|-+$/gu, '')
		.slice(0, 60);
	return `dreamos/${slug === '' ? 'task' : slug}${number === 1 ? '' : `-${number}`}`;
}

/** A commit message that names the task, with trailers git and people can search for. */
export function branchMessage(task: Task, run: Run): string {
	const subject = displayLine(task.name || task.task_id, subjectLimit);
	const summary = displayText(task.result?.summary ?? '').trim();
	const trailers = [
		['Task-Id', task.task_id],
		['Run-Id', run.run_id],
		['Agent', run.worker],
	].map(([name, value]) => `${name}: ${displayLine(value ?? '', 200)}`);
	return [subject, ...(summary === '' ? [] : [summary]), trailers.join('\n')].join('\n\n');
}

/** Makes commit and branch. Done again after it was cut short, it finds its branch and makes no second one. */
export async function landOnBranch(
	git: BranchGit,
	{ task, run, bounds }: { readonly task: Task; readonly run: Run; readonly bounds: LandingBounds },
): Promise<BranchVerdict> {
	const { base_commit: base, result_commit: result } = run;
	const head = await git.head();
	if (base === null || result === null) {
		throw new DreamError('landing.nothing', `${run.run_id} has no change to land.`);
	}
	if (head === undefined) {
		throw new DreamError('landing.noCommit', 'The repository has no commit yet that a branch could begin at.', {
			advice: 'Commit something first, or let changes land in the working tree (dreamos.landing.mode).',
		});
	}
	const changes = await git.changes(base, result, excludedPaths);
	const target = createCommitTarget(git, head, branchMessage(task, run));
	const plan = await planLanding(git, target, { changes, base, result, bounds });
	if (plan.conflicts.length > 0) {
		return { kind: 'conflicts', conflicts: plan.conflicts };
	}
	await target.apply(plan.operations, run.run_id);
	for (let number = 1; number <= mostBranches; number += 1) {
		const branch = branchName(task.task_id, number);
		const there = await git.branchAt(branch);
		if (there !== undefined && (await git.changes(there, target.commit, [])).length === 0) {
			return { kind: 'branched', branch, changes };
		}
		if (there === undefined && (await git.createBranch(branch, target.commit))) {
			return { kind: 'branched', branch, changes };
		}
	}
	throw new DreamError('landing.tooManyBranches', `There are ${mostBranches} branches of ${task.task_id} already.`, {
		advice: 'Delete those that are merged.',
	});
}
