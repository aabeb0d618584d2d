// Owns copying what git ignores (such as `.env`) from the workspace into a worktree. It never writes through a link, never over a
// file that is there, and never what the worktree would take for a change. What it copies is recorded, to stay out of every commit.

import { constants, copyFile, lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { fileError, systemCode } from './fileErrors.ts';
import { recordCopies } from './gitCopiedFiles.ts';
import { splitNul } from './gitIndex.ts';
import { realFolder } from './gitWorktrees.ts';
import type { GitRepository } from './gitRepository.ts';

/** Copies the ignored files that fit the patterns, which start at the workspace folder (at the top, where the repository
 * lies inside the workspace). Paths it returns start at the top. */
export async function copyIgnored(
	repository: GitRepository,
	patterns: readonly string[],
	folder: string,
): Promise<{ readonly copied: readonly string[]; readonly notIgnored: readonly string[] }> {
	const wanted = patterns.map(
		(pattern) => `:(top,glob)${repository.prefix ?? ''}${pattern.replace(/^(?:\.?\/)+/u, '')}`,
	);
	if (wanted.length === 0) {
		return { copied: [], notIgnored: [] };
	}
	const { output } = await repository.run([
		'ls-files',
		'--others',
		'--ignored',
		'--exclude-standard',
		'-z',
		'--',
		...wanted,
	]);
	// A repository in an ignored folder is listed as that folder.
	const listed = splitNul(output).filter((path) => !path.endsWith('/'));
	const top = (await realpath(folder)) + sep;
	const paths: string[] = [];
	for (const path of listed) {
		// A link in the worktree may lead anywhere.
		if ((await realFolder(join(folder, path))).startsWith(top)) {
			paths.push(path);
		}
	}
	const ignored = await ignoredIn(repository, folder, paths);
	const missing: string[] = [];
	for (const path of paths.filter((each) => ignored.has(each))) {
		if ((await lstat(join(folder, path)).catch(() => undefined)) === undefined) {
			missing.push(path);
		}
	}
	await recordCopies(repository, folder, missing);
	const copied: string[] = [];
	for (const path of missing) {
		if (await copyOne(join(repository.top, path), join(folder, path))) {
			copied.push(path);
		}
	}
	return { copied, notIgnored: paths.filter((path) => !ignored.has(path)) };
}

/** Which of the paths the rules of the worktree itself ignore: it may be of another branch. */
export async function ignoredIn(
	repository: GitRepository,
	folder: string,
	paths: readonly string[],
): Promise<ReadonlySet<string>> {
	if (paths.length === 0) {
		return new Set();
	}
	const { output } = await repository.runner.run({
		folder,
		arguments: ['check-ignore', '--stdin', '-z'],
		input: paths.map((path) => `${path}\0`).join(''),
		accepts: (exitCode) => exitCode === 1,
	});
	return new Set(splitNul(output));
}

async function copyOne(from: string, to: string): Promise<boolean> {
	try {
		await mkdir(dirname(to), { recursive: true });
		await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
		return true;
	} catch (error) {
		if (systemCode(error) === 'EEXIST') {
			return false;
		}
		await rm(to, { force: true }).catch(() => undefined);
		throw fileError(error, 'write', to);
	}
}
