// Owns what lies around the worktree of a run: the open working tree and the worktrees of others, which are not its business, and what
// it shares with them. Asked before anything of the run is started, because afterwards its own files may lie.

import type { JobPlaces } from '../containment/containmentPlan.ts';
import { runtimeFolder } from '../paths.ts';
import type { FileSystem, Git } from '../ports.ts';
import { cachesFolder } from '../worktree/worktreeNames.ts';

export interface PlaceParts {
	readonly git: Pick<Git, 'topFolder' | 'worktreePlaces'>;
	readonly files: Pick<FileSystem, 'join'>;
	/** Absolute paths. */
	readonly workspaceFolder: string;
	readonly worktreesFolder: string;
}

export async function findJobPlaces(
	{ git, files, workspaceFolder, worktreesFolder }: PlaceParts,
	root: string,
): Promise<JobPlaces> {
	const found = await git.worktreePlaces(root);
	return {
		root,
		guarded: [...new Set([workspaceFolder, await git.topFolder(), worktreesFolder])],
		shared: [files.join(worktreesFolder, cachesFolder)],
		runtime: files.join(workspaceFolder, runtimeFolder),
		...(found === undefined ? {} : { git: found }),
	};
}
