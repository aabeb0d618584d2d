// Owns which files of a worktree a matrix means. Patterns mean what they mean in permission rules. It looks into no `.git` and
// follows no link, so nothing outside the worktree is ever named.

import type { FileSystem } from '../../core/ports.ts';
import { hasJoker, matchesPath, mayLieBelow } from '../../core/policy/policyPattern.ts';
import { driverError } from '../driverFailure.ts';
import type { Matrix } from './commandPlan.ts';

/** Each file is a process or more. Who has more of them means something else, such as a folder of downloaded code. */
const mostFiles = 10_000;

/**
 * Paths from the worktree with forward slashes, sorted. Rejects with `command.noFiles` where nothing is meant, or a path that is
 * written out is not there, and with `command.tooManyFiles`.
 */
export async function matrixFiles(
	files: Pick<FileSystem, 'list' | 'stat' | 'join'>,
	worktree: string,
	matrix: Pick<Matrix, 'files' | 'exclude'>,
): Promise<readonly string[]> {
	const found: string[] = [];
	const used = new Set<string>();
	const isExcluded = (path: string) => matrix.exclude.some((pattern) => matchesPath(pattern, path, false));
	const isWorthALook = (path: string) =>
		matrix.files.some(
			(pattern) => pattern.includes('\\') || mayLieBelow(pattern, path) || matchesPath(pattern, path, false),
		);
	const look = async (folder: string): Promise<void> => {
		for (const name of (await files.list(files.join(worktree, folder))).toSorted()) {
			const path = folder === '' ? name : `${folder}/${name}`;
			if (name.toLowerCase() === '.git' || isExcluded(path)) {
				continue;
			}
			const stamp = await files.stat(files.join(worktree, path));
			if (stamp === undefined || stamp.isSymbolicLink) {
				continue;
			}
			if (stamp.isFolder) {
				if (isWorthALook(path)) {
					await look(path);
				}
				continue;
			}
			const meant = matrix.files.filter((pattern) => matchesPath(pattern, path, false));
			for (const pattern of meant) {
				used.add(pattern);
			}
			if (meant.length > 0 && found.push(path) > mostFiles) {
				throw driverError('command.tooManyFiles', `"params.matrix.files" means more than ${mostFiles} files.`, {
					advice: 'Name a smaller part of the repository, or leave folders out with "exclude".',
				});
			}
		}
	};
	await look('');
	const missing = matrix.files.filter((pattern) => !used.has(pattern) && !hasJoker(pattern));
	if (missing.length > 0 || found.length === 0) {
		const names = missing.length > 0 ? missing : matrix.files;
		throw driverError(
			'command.noFiles',
			`There is no file for ${names.map((name) => `"${name}"`).join(', ')} of "params.matrix.files" in the worktree.`,
			{
				advice: 'Paths begin at the top of the repository; ".git", links and what "exclude" names are left out.',
			},
		);
	}
	return found.toSorted();
}
