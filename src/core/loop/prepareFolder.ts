// Owns how a run gets its worktree: the commit it begins with, what an earlier attempt left, and the workspace's own set-up. What it
// begins with is told before the folder is made, so that whoever is stopped in between knows what is kept.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { countOf } from '../../base/words.ts';
import { describeDamage, latestCheckpoint } from '../checkpoint/latestCheckpoint.ts';
import type { Sequencer } from '../../base/async.ts';
import type { LandingBounds } from '../landing/landingPath.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import type { LandingTarget } from '../landing/landingTarget.ts';
import type { FileSystem, Git, ProcessIdentity, ProcessRunner } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import { reviewedRun } from '../gate/agentReview.ts';
import { setUpWorktree, shareCaches } from '../worktree/setUpWorktree.ts';
import { chooseBase } from '../worktree/worktreeBase.ts';
import type { WorktreePool } from '../worktree/worktreePool.ts';
import { continueWork } from './continueWork.ts';
import type { HostLedger } from './hostLedger.ts';
import type { ResumedWork } from './resumedWork.ts';
import { leftCommit } from './resumedWork.ts';
import { gateEnvironment } from './runJob.ts';

export interface PrepareParts {
	readonly git: Git;
	readonly files: FileSystem;
	readonly processes: ProcessRunner;
	readonly log: Logger;
	readonly ledger: Pick<HostLedger, 'read'>;
	readonly settings: () => Settings;
	readonly workspaceFolder: string;
	readonly bounds: LandingBounds;
	readonly worktreeTarget: (folder: string) => LandingTarget;
	readonly workspaceQueue: Sequencer;
	readonly worktrees: Pick<WorktreePool, 'provide'>;
	readonly worktreesFolder: string;
}

export interface PrepareFacts {
	readonly run: Run;
	/** Absolute path the worktree gets. */
	readonly folder: string;
	readonly resumed?: ResumedWork | undefined;
}

export interface PrepareListener {
	/** The workspace's place in the worktree. */
	readonly workFolder: string;
	readonly signal: AbortSignal;
	readonly onBase: (commit: string) => void;
	readonly onNote: (text: string) => void;
	readonly onProcess: (process: ProcessIdentity) => void;
}

export interface PreparedFolder {
	/** Commit the run's change is measured from. */
	readonly base: string;
	/** Whether an earlier change of the task, which was sent back, is in it. */
	readonly isContinued: boolean;
	/** Variables that name the caches all worktrees share. */
	readonly caches: Readonly<Record<string, string>>;
}

/** Whoever looks at or changes the open working tree as a whole queues under this key. */
export const workspaceQueueKey = 'workspace';

const submoduleNote =
	'Submodules are empty in a worktree; `git submodule update --init` as dreamos.worktrees.setup fills them. Changes inside them do not land.';

export async function prepareFolder(
	parts: PrepareParts,
	{ run, folder, resumed }: PrepareFacts,
	{ workFolder, signal, onBase, onNote, onProcess }: PrepareListener,
): Promise<PreparedFolder> {
	const { git, files, ledger, settings, worktrees, worktreesFolder } = parts;
	// Who judges a change works on it as it would land.
	const judged = await ledger.read((reader) => reviewedRun(reader, run.task_id));
	const base = resumed?.base ?? judged?.result_commit ?? (await findBase(parts, run, signal));
	onBase(base);
	const caches = await shareCaches({ files, settings: settings() }, worktreesFolder);
	if (resumed?.isSameRun === true && (await files.stat(folder)) !== undefined) {
		return { base, isContinued: false, caches };
	}
	const left = resumed === undefined ? undefined : { run: resumed.run, commit: await leftCommit(git, resumed) };
	await worktrees.provide(folder, left?.commit ?? base, signal);
	const target = parts.worktreeTarget(folder);
	const continued =
		left === undefined
			? await continueWork({ ...parts, read: (work) => ledger.read(work), target }, run)
			: undefined;
	await bringIgnored(parts, folder, left ?? continued, onNote);
	await files.makeFolder(workFolder);
	signal.throwIfAborted();
	if ((await files.stat(files.join(folder, '.gitmodules'))) !== undefined) {
		onNote(submoduleNote);
	}
	const environment = { ...caches, ...gateEnvironment(run, workFolder) };
	await setUpWorktree(
		{ ...parts, settings: settings() },
		{ folder, workFolder, environment, signal, onProcess, onNote },
	);
	return { base, isContinued: continued !== undefined, caches };
}

/** What git ignores is in no result; the last checkpoint of the work that goes on has it. */
async function bringIgnored(
	{ git, log }: PrepareParts,
	folder: string,
	from: { readonly run: Run; readonly commit: string } | undefined,
	onNote: (text: string) => void,
): Promise<void> {
	if (from === undefined) {
		return;
	}
	try {
		const onDamaged = (...damage: Parameters<typeof describeDamage>) => onNote(describeDamage(...damage));
		const ofCommit = await git.restoreIgnored(from.commit, folder);
		const latest = ofCommit.length > 0 ? undefined : await latestCheckpoint({ git, onDamaged }, from.run.run_id);
		const paths = latest === undefined ? ofCommit : await git.restoreIgnored(latest.commit, folder);
		if (paths.length > 0) {
			onNote(`Brought back from a checkpoint: ${countOf(paths.length, 'file')} that git ignores.`);
		}
	} catch (error) {
		log.warn(`${folder} begins without the ignored files of its checkpoint: ${describeError(error)}`);
	}
}

/** What the setting names, or the open working tree as it is, with nothing half landed in it. */
async function findBase(
	{ git, settings, workspaceQueue }: PrepareParts,
	run: Run,
	signal: AbortSignal,
): Promise<string> {
	signal.throwIfAborted();
	return (
		(await chooseBase(git, settings())) ??
		(await workspaceQueue.run(workspaceQueueKey, () => {
			signal.throwIfAborted();
			return git.snapshot(`Dream.OS: the working tree for ${run.run_id} (${run.task_id})`, excludedPaths);
		}))
	);
}
