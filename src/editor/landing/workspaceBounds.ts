// Owns where the workspace folder lies in its repository: git speaks of paths from the top of the repository.

import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { LandingBounds } from '../../core/landing/landingPath.ts';
import type { Git } from '../../core/ports.ts';

/** Top folder of the repository, and the workspace's path in it. Fails as `git.topFolder` does. */
export async function workspaceBounds(
	git: Pick<Git, 'topFolder'>,
	folder: string,
): Promise<{ readonly topFolder: string; readonly bounds: LandingBounds }> {
	const topFolder = await git.topFolder();
	// git answers with the real path; the folder may have been opened through a link.
	const inside = path.relative(await realpath(topFolder), await realpath(folder));
	return { topFolder, bounds: { workspacePath: inside.split(path.sep).join('/') } };
}
