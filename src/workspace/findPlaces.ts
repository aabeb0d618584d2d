// Owns where repository, workspace and worktrees lie on the disk, and how they lie to each other.

import { mkdirSync, realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { DreamError } from '../base/errors.ts';
import type { LandingBounds } from '../core/landing/landingPath.ts';
import type { LandingTarget } from '../core/landing/landingTarget.ts';
import type { Git } from '../core/ports.ts';
import type { Settings } from '../core/settings.ts';
import { arrivalsFolder } from '../core/worktree/worktreeNames.ts';
import { worktreesFolder } from '../node/cacheFolder.ts';
import { createFileLandingTarget } from '../node/fileLandingTarget.ts';

export interface Places {
	readonly topFolder: string;
	readonly worktreesFolder: string;
	readonly bounds: LandingBounds;
	readonly worktreeTarget: (folder: string) => LandingTarget;
}

/** Makes the folder for worktrees where it is missing. Fails with `git.*`, `worktrees.inside`. */
export async function findPlaces(folder: string, git: Pick<Git, 'topFolder'>, settings: Settings): Promise<Places> {
	const topFolder = realpathSync(await git.topFolder());
	const workspacePath = relative(topFolder, realpathSync(folder)).split(sep).join('/');
	const wanted = worktreesFolder({ workspaceFolder: folder, setting: settings['worktrees.folder'] });
	mkdirSync(wanted, { recursive: true });
	const worktrees = realpathSync(wanted);
	if (`${worktrees}${sep}`.startsWith(`${topFolder}${sep}`)) {
		throw new DreamError(
			'worktrees.inside',
			`The folder for worktrees, ${worktrees}, lies inside the repository ${topFolder}.`,
			{
				advice: 'Set dreamos.worktrees.folder to a folder outside of it, or leave it empty.',
			},
		);
	}
	return {
		topFolder,
		worktreesFolder: worktrees,
		bounds: { workspacePath },
		worktreeTarget: (worktree) =>
			createFileLandingTarget({ topFolder: worktree, stagingFolder: arrivalsFolder(worktree) }),
	};
}
