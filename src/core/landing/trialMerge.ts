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

/** What changes would land on at this moment. Rejects when git cannot read the working tree. */
export const snapshotForTrial = (git: Pick<Git, 'snapshot'>): Promise<string> =>
	git.snapshot('Dream.OS: what a change would land on', excludedPaths);

/** Conflicts of a run's change with such a snapshot; none when it fits, or when there is no change. */
export async function trialMerge(
	git: TrialGit,
	run: Run,
	now: string,
	workspacePath = '',
): Promise<readonly LandingConflict[]> {
	const { base_commit: base, result_commit: result } = run;
	if (base === null || result === null) {
		return [];
	}
	const { conflicts } = await planLanding(git, createCommitTarget(git, now, ''), {
		changes: await git.changes(base, result, excludedPaths),
		base,
		result,
		bounds: { workspacePath },
		renamedHere: () => renamedSince(git, base, now),
	});
	return conflicts;
}
