// Owns running a compiler or linter on what the work began with: a problem that was there before is not the work's.

import type { ProcessResult } from '../ports.ts';
import type { BaseParts, BaseRequest } from './baseWorktree.ts';
import { inBaseWorktree } from './baseWorktree.ts';
import type { PlannedCommand } from './gatePlan.ts';
import { newProblems } from './newProblems.ts';
import { keptDiagnostics } from './runGates.ts';

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
	const { signal, environment, onProcess } = request;
	try {
		return await inBaseWorktree(parts, request, async ({ workFolder, setUp }) => {
			await setUp();
			const before = await parts.processes.run({
				command,
				folder: workFolder,
				environment,
				signal,
				onStart: onProcess,
				timeoutMilliseconds: parts.settings['gates.timeoutSeconds'] * 1000,
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
		});
	} catch {
		signal.throwIfAborted();
		return undefined;
	}
}
