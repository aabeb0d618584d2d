// Owns which files were renamed in the open working tree since a commit, so that what an agent did to them follows.

import type { Git } from '../ports.ts';
import { excludedPaths } from './landingPath.ts';

/** New names by old ones. `snapshot` is the working tree where somebody has it already. Rejects when git cannot read it. */
export async function renamedSince(
	git: Pick<Git, 'snapshot' | 'changes'>,
	base: string,
	snapshot?: string,
): Promise<ReadonlyMap<string, string>> {
	const now = snapshot ?? (await git.snapshot('Dream.OS: what was renamed here', excludedPaths));
	const changes = now === base ? [] : await git.changes(base, now, excludedPaths);
	return new Map(
		changes.flatMap(({ path, previousPath }): [string, string][] =>
			previousPath === undefined ? [] : [[previousPath, path]],
		),
	);
}
