// Owns which paths a change may touch: files of the repository, never git's own folder, never our runtime folder, never the folder
// with the rules for agents.

import { dreamosFolder, runtimeFolder } from '../paths.ts';

export interface LandingBounds {
	/**
	 * Path of the workspace folder from the top folder of the repository, with forward slashes; empty when it is the top folder, and
	 * beginning with `..` when the repository lies inside the workspace.
	 */
	readonly workspacePath: string;
}

/** Where in a working tree to work: the workspace's place, or the top where the workspace is around it. */
export const placeToWork = ({ workspacePath }: LandingBounds): string =>
	workspacePath.startsWith('..') ? '' : workspacePath;

/** Parts of the workspace that no snapshot and no change holds, from the workspace folder, as the Git port wants them. */
export const excludedPaths: readonly string[] = [runtimeFolder, dreamosFolder];

/** Why nothing may land at this path, as a phrase; undefined when it may. */
export function pathRefusal(path: string, bounds: LandingBounds): string | undefined {
	const parts = path.split('/');
	// Backslashes, drive letters and NUL mean something else on another system than on the one that made the change.
	if (
		path === '' ||
		path.includes('\0') ||
		/^[A-Za-z]:/u.test(path) ||
		parts.some((part) => part === '' || part === '.' || part === '..')
	) {
		return 'is not a path inside the repository';
	}
	if (parts.some((part) => /^\.git$/iu.test(part) || /^git~1$/iu.test(part))) {
		return "is git's own";
	}
	const workspace = bounds.workspacePath === '' ? '' : `${bounds.workspacePath}/`;
	const isOurs = excludedPaths.some((folder) =>
		`${path}/`.toLowerCase().startsWith(`${workspace}${folder}/`.toLowerCase()),
	);
	return isOurs ? 'belongs to Dream.OS itself' : undefined;
}

/** Whether a link at `path` points to a place inside the repository. */
export function isLinkInside(path: string, target: string): boolean {
	if (target.startsWith('/') || target.includes('\\') || /^[A-Za-z]:/u.test(target)) {
		return false;
	}
	const parts = path.split('/').slice(0, -1);
	for (const part of target.split('/')) {
		if (part === '..') {
			if (parts.pop() === undefined) {
				return false;
			}
		} else if (part !== '.' && part !== '') {
			parts.push(part);
		}
	}
	return !parts.some((part) => /^\.git$/iu.test(part));
}
