// Owns running a compiler or linter on what the work began with, in a worktree of its own that is gone afterwards: a problem that was
// there before is not the work's.

import { newId } from '../../base/ids.ts';
import type { FileSystem, Git, ProcessIdentity, ProcessResult, ProcessRunner } from '../ports.ts';
import type { Settings } from '../settings.ts';
import { setUpWorktree } from '../worktree/setUpWorktree.ts';
import type { PlannedCommand } from './gatePlan.ts';
import { newProblems } from './newProblems.ts';
import { keptDiagnostics } from './runGates.ts';

export interface BaseParts {
	readonly git: Pick<Git, 'addWorktree' | 'removeWorktree' | 'copyIgnored'>;
	readonly files: Pick<FileSystem, 'join' | 'makeFolder'>;
	readonly processes: Pick<ProcessRunner, 'run'>;
	readonly settings: Settings;
	/** Absolute path of the folder that holds this workspace's worktrees. */
	readonly worktreesFolder: string;
}

export interface BaseRequest {
	readonly base: string;
	/** Where the work's own command ran. */
	readonly workFolder: string;
	/** The workspace's place in a worktree. */
	readonly placeIn: (folder: string) => string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly signal: AbortSignal;
	readonly onProcess: (process: ProcessIdentity) => void;
}

/**
 * Why a failed compiler or linter is no fault of the work, as a sentence; undefined where it names something new. Rejects when the
 * signal aborts; where the base cannot be looked at, the failure stands.
 */
export async function pardonOldProblems(
	parts: BaseParts,
	request: BaseRequest,
	{ kind, command }: PlannedCommand,
	failed: ProcessResult,
): Promise<string | undefined> {
	if (kind !== 'diagnostics' || failed.output.length >= keptDiagnostics) {
		return undefined;
	}
	const { git, processes, settings, files, worktreesFolder } = parts;
	const { signal, environment, onProcess } = request;
	const folder = files.join(worktreesFolder, newId('run-base'));
	const workFolder = request.placeIn(folder);
	try {
		await git.addWorktree(folder, request.base);
		await files.makeFolder(workFolder);
		const place = { folder, workFolder, environment, signal, onProcess, onNote: () => undefined };
		await setUpWorktree(parts, place);
		const before = await processes.run({
			command,
			folder: workFolder,
			environment,
			signal,
			onStart: onProcess,
			timeoutMilliseconds: settings['gates.timeoutSeconds'] * 1000,
			outputLimit: keptDiagnostics,
		});
		signal.throwIfAborted();
		if (before.ending !== 'exited' || before.exitCode === 0 || before.output.length >= keptDiagnostics) {
			return undefined;
		}
		const found = newProblems(
			{ output: failed.output, folder: request.workFolder },
			{ output: before.output, folder: workFolder },
		);
		return found.length === 0
			? `[exit code ${failed.exitCode ?? '-'}; everything it names is in the base ${request.base.slice(0, 12)} too, so it is not the work's]`
			: undefined;
	} catch {
		signal.throwIfAborted();
		return undefined;
	} finally {
		await git.removeWorktree(folder).catch(() => undefined);
	}
}
