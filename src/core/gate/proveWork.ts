// Owns the proof of a piece of work, an agent's or a person's: every gate of its plan, run by us in its worktree at a named commit,
// and that the work still is that commit afterwards.

import type { AskParts } from '../diagnostics/askEditor.ts';
import { judgeInEditor } from '../diagnostics/editorGate.ts';
import { excludedPaths, placeToWork } from '../landing/landingPath.ts';
import type { LandingBounds } from '../landing/landingPath.ts';
import type { ChangedFile, FileSystem, Git, ProcessIdentity, ProcessRunner } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { GateResult, Task } from '../task/task.ts';
import { pardonOldProblems } from './baseProblems.ts';
import { judgeChange } from './changeGates.ts';
import type { GateFailureCode } from './gateFailure.ts';
import { planGates } from './gatePlan.ts';
import { notRead } from './gateVerdict.ts';
import { runGates } from './runGates.ts';

export interface ProofParts extends AskParts {
	readonly git: Pick<Git, 'commitWorktree' | 'changes' | 'addWorktree' | 'removeWorktree' | 'copyIgnored'>;
	readonly files: Pick<FileSystem, 'join' | 'makeFolder' | 'stat'>;
	readonly processes: ProcessRunner;
	readonly settings: Settings;
	readonly bounds: LandingBounds;
	/** Absolute path of the folder that holds this workspace's worktrees. */
	readonly worktreesFolder: string;
}

export interface WorkToProve {
	readonly run: Run;
	readonly task: Task;
	/** Absolute paths: the worktree, and the workspace's place in it. */
	readonly folder: string;
	readonly workFolder: string;
	readonly base: string;
	/** Hidden commit of the work. */
	readonly result: string;
	readonly changes: readonly ChangedFile[];
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
	readonly onProcess: (process: ProcessIdentity) => void;
	/** All results so far, and the newest of them. */
	readonly onGate: (gates: readonly GateResult[], newest: GateResult) => Promise<void>;
}

export interface Proof {
	readonly gates: readonly GateResult[];
	/** Why the work is not done, as a sentence that quotes the output; undefined when every gate passed. */
	readonly failure: string | undefined;
	readonly code: GateFailureCode | undefined;
	/** Files of the change that a gate altered: the gates after it saw something else than what lands. */
	readonly altered: readonly string[];
}

/** Never rejects for what a gate does; rejects when the signal aborts. */
export async function proveWork(parts: ProofParts, work: WorkToProve): Promise<Proof> {
	const { files, processes, settings, bounds } = parts;
	const { task, result: commit, workFolder, environment, signal, onProcess } = work;
	const plan = planGates(task, settings);
	const gates: GateResult[] = [];
	const note = async (gate: GateResult) => {
		gates.push(gate);
		await work.onGate(gates, gate);
	};
	const paths = work.changes.map(({ path }) => path);
	const judged = judgeChange(plan, { task, files: paths, workspacePath: bounds.workspacePath, commit });
	for (const gate of judged.results) {
		await note(gate);
	}
	if (judged.failure !== undefined) {
		return { gates, failure: judged.failure, code: 'gate.failed', altered: [] };
	}
	const inBase = {
		...work,
		placeIn: (folder: string) => {
			const place = placeToWork(bounds);
			return place === '' ? folder : files.join(folder, place);
		},
	};
	const read = plan.editor === undefined ? undefined : await judgeInEditor(parts, inBase, plan.editor);
	if (read !== undefined) {
		await note(read.result);
	}
	if (read?.failure !== undefined) {
		return { gates, failure: read.failure, code: 'gate.failed', altered: [] };
	}
	const fallback = read?.result.ending === notRead ? (plan.editor?.commands ?? []) : [];
	const commands = [
		...fallback.map((command) => ({ kind: 'diagnostics' as const, command })),
		...plan.commands.filter(({ kind, command }) => kind !== 'diagnostics' || !fallback.includes(command)),
	];
	const { failure, code } = await runGates(processes, {
		commands,
		commit,
		folder: workFolder,
		isFolderThere: async () => (await files.stat(workFolder)) !== undefined,
		timeoutMilliseconds: settings['gates.timeoutSeconds'] * 1000,
		environment,
		signal,
		onProcess,
		onGate: note,
		pardon: (planned, failed) => pardonOldProblems(parts, inBase, planned, failed),
	});
	signal.throwIfAborted();
	if (failure !== undefined || commands.length === 0) {
		return { gates, failure, code, altered: [] };
	}
	const { altered, gone } = await changedWhileChecked(parts, work);
	return gone.length === 0
		? { gates, failure: undefined, code: undefined, altered }
		: {
				gates,
				failure: `Files of the change were deleted while its gates ran (${gone.slice(0, mostNamed).join(', ')}), so the gates say nothing of what would land; the work was kept before and is safe. A gate must not delete the work: correct the command.`,
				code: 'gate.deletedWork',
				altered,
			};
}

const mostNamed = 10;

/**
 * Files of the change that are not any more what was committed. What was there before the gates lands, so that a formatter among them
 * does no harm; that they saw something else is said beside the evidence.
 */
async function changedWhileChecked(
	{ git }: ProofParts,
	work: WorkToProve,
): Promise<{ readonly altered: readonly string[]; readonly gone: readonly string[] }> {
	const { folder, base, result, run, changes } = work;
	const after = await git.commitWorktree(folder, base, `Dream.OS: ${run.run_id} after its gates`);
	const paths = new Set(changes.map(({ path }) => path));
	const moved = after === result ? [] : await git.changes(result, after, excludedPaths);
	const ofChange = moved.filter(({ path, previousPath }) => paths.has(path) || paths.has(previousPath ?? ''));
	return {
		altered: ofChange.map(({ path }) => path),
		gone: ofChange.filter(({ kind }) => kind === 'deleted').map(({ path }) => path),
	};
}
