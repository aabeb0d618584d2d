// Owns taking a worktree that was made ahead: moved, brought to another commit, cleaned. What a reset would leave different from
// a new checkout is refused, so that nobody can tell the two apart.

import { lstat, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DreamError } from '../base/errors.ts';
import { fileError } from './fileErrors.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';
import { cleanIndexOf, keepCleanIndex, realFolder, registrationOf, removeWorktree } from './gitWorktrees.ts';

/**
 * Takes a finished worktree that nobody worked in. Fails with `git.worktreeStale` before anything was changed; after any later
 * failure nothing of it is left. Called with the repository to itself.
 */
export async function takeWorktree(
	repository: GitRepository,
	from: string,
	to: string,
	commit: string,
	signal?: AbortSignal,
): Promise<void> {
	checkCommit(commit);
	const registration = await registrationOf(repository, from);
	if (registration === undefined || (await cleanIndexOf(repository, from)) === undefined) {
		throw stale(from, 'it was never finished');
	}
	if ((await lstat(to).catch(() => undefined)) !== undefined) {
		throw new DreamError('git.worktreeExists', `There is something at ${to} already.`, { details: { folder: to } });
	}
	await assertSameSparseness(repository, registration, from);
	await assertSameAttributes(repository, registration, from, commit);
	try {
		await rename(from, to);
	} catch (error) {
		throw stale(from, fileError(error, 'rename', from).message);
	}
	try {
		// A removal that finds only one of the two finds it by that one.
		const place = join(await realFolder(to), '.git');
		await writeFile(join(registration, 'gitdir.dreamos'), `${place}\n`);
		await rename(join(registration, 'gitdir.dreamos'), join(registration, 'gitdir'));
		await writeFile(place, `gitdir: ${registration}\n`);
		const inTree = { folder: to, environment: { GIT_DIR: registration, GIT_WORK_TREE: to } };
		await repository.runner.run({ ...inTree, arguments: ['reset', '--hard', '--quiet', commit], signal });
		await repository.runner.run({ ...inTree, arguments: ['clean', '-ffdxq'] });
		await keepCleanIndex(registration);
	} catch (error) {
		for (const folder of [to, from]) {
			await removeWorktree(repository, folder, (job) => job()).catch(() => undefined);
		}
		throw error;
	}
}

/** A new worktree gets the patterns of the working tree as they are now. */
async function assertSameSparseness(repository: GitRepository, registration: string, from: string): Promise<void> {
	const [now, then] = await Promise.all(
		[repository.gitFolder, registration].flatMap((folder) => [
			Promise.all(
				['info/sparse-checkout', 'config.worktree'].map((name) =>
					readFile(join(folder, name), 'utf8').catch(() => ''),
				),
			).then((texts) => texts.join('\0')),
		]),
	);
	if (now !== then) {
		throw stale(from, 'the sparse checkout is another one now');
	}
}

/** Attributes say how files look on the disk, also those of files that did not change. */
async function assertSameAttributes(
	repository: GitRepository,
	registration: string,
	from: string,
	commit: string,
): Promise<void> {
	const head = (await readFile(join(registration, 'HEAD'), 'utf8').catch(() => '')).trim();
	const { exitCode } = await repository.run(
		['diff-tree', '-r', '--quiet', checkCommit(head), commit, '--', ':(top,glob)**/.gitattributes'],
		{ accepts: (code) => code === 1 },
	);
	if (exitCode !== 0) {
		throw stale(from, 'the attributes of files are others now');
	}
}

function stale(folder: string, reason: string): DreamError {
	return new DreamError('git.worktreeStale', `The worktree ${folder} cannot be taken: ${reason}.`, {
		details: { folder },
	});
}
