// Owns trying a change on what is open now without landing it: what would stand in the way if it were accepted at this moment. Reads a
// snapshot of what is saved; unsaved text of an editor is not in it.

import type { Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { createCommitTarget } from './commitTarget.ts';
import { excludedPaths } from './landingPath.ts';
import type { LandingConflict } from './planLanding.ts';
import { planLanding } from './planLanding.ts';
import { renamedSince } from './renamedSince.ts';

export type TrialGit = Pick<Git, 'snapshot' | 'changes' | 'fileAt' | 'modeAt' | 'mergeText' | 'commitFiles'>;

/** Conflicts of a run's change with the open working tree; none when it fits, or when there is no change. */
export async function trialMerge(git: TrialGit, run: Run, workspacePath = ''): Promise<readonly LandingConflict[]> {
	const { base_commit: base, result_commit: result } = run;
	if (base === null || result === null) {
		return [];
	}
	const now = await git.snapshot('Dream.OS: what a change would land on', excludedPaths);
	const { conflicts } = await planLanding(git, createCommitTarget(git, now, ''), {
		changes: await git.changes(base, result, excludedPaths),
		base,
		result,
		bounds: { workspacePath },
		renamedHere: () => renamedSince(git, base),
	});
	return conflicts;
}
