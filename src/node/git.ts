// Owns the Git port of a workspace folder. Paths it reports start at `topFolder()`; `excluded` paths start at the workspace
// folder, because they name parts of the workspace. Never touches the person's index, HEAD, branches, stash or hooks.

import type { Logger } from '../base/log.ts';
import { nullLogger } from '../base/log.ts';
import { isDreamError } from '../base/errors.ts';
import type { Git } from '../core/ports.ts';
import { commitIdentity } from './gitEnvironment.ts';
import { branchAt, createBranch, readHeadCommit } from './gitBranches.ts';
import { readChanges } from './gitChanges.ts';
import { commitFiles } from './gitCommitFiles.ts';
import { findDamage } from './gitDamage.ts';
import { sizeOfCommits } from './gitDiskUsage.ts';
import { commitState, readReferences } from './gitStates.ts';
import { copyIgnored } from './gitCopies.ts';
import { createFileReader } from './gitFileReader.ts';
import { withoutHalfObjects } from './gitHalfObjects.ts';
import { restoreIgnored } from './gitIgnored.ts';
import { mergeTexts } from './gitMerge.ts';
import { listReferences, setReference } from './gitReferences.ts';
import type { GitRepository } from './gitRepository.ts';
import { createRepositoryFinder, resolveCommit } from './gitRepository.ts';
import { takeWorktree } from './gitPool.ts';
import { commitWorktreeContent, snapshotWorkspace } from './gitSnapshot.ts';
import { addWorktree, listWorktrees, registrationOf, removeWorktree } from './gitWorktrees.ts';
import { openChanges } from './gitOpenChanges.ts';
import { touchedFiles } from './gitTouched.ts';
import type { GitRunnerOptions } from './simpleGit.ts';
import { createGitRunner } from './simpleGit.ts';

export interface GitOptions extends GitRunnerOptions {
	readonly workspaceFolder: string;
	readonly log?: Logger;
}

export interface WorkspaceGit extends Git {
	/** From the top of the repository to the workspace folder: empty, or such as `packages/app/`; empty also when it lies inside. */
	prefix(): Promise<string>;
}

/** The Git port for a workspace folder, which may lie anywhere in its repository. */
export function createGit(options: GitOptions): WorkspaceGit {
	const log = options.log ?? nullLogger;
	const runner = createGitRunner(options);
	const find = createRepositoryFinder(options.workspaceFolder, runner, log);
	/** One at a time, and without what a full disk leaves of it. */
	const writing = <T>(repository: GitRepository, work: () => Promise<T>): Promise<T> =>
		repository.exclusively(() => withoutHalfObjects(repository, work));
	return {
		topFolder: async () => (await find()).top,
		prefix: async () => (await find()).prefix ?? '',
		async initialize(firstCommit) {
			try {
				await find();
			} catch (error) {
				if (!isDreamError(error, 'git.notARepository')) {
					throw error;
				}
				const run = (...words: string[]) =>
					runner.run({ folder: options.workspaceFolder, arguments: words, environment: commitIdentity });
				await run('init');
				await find();
				if (firstCommit !== undefined) {
					await run('add', '--all');
					await run('commit', '--quiet', '--no-gpg-sign', '--message', firstCommit);
				}
			}
		},
		async snapshot(message, excluded) {
			const repository = await find();
			return await writing(repository, () => snapshotWorkspace(repository, message, excluded, log));
		},
		async addWorktree(folder, commit, signal) {
			const repository = await find();
			await repository.exclusively(() => addWorktree(repository, folder, commit, signal));
		},
		async takeWorktree(from, to, commit, signal) {
			const repository = await find();
			await repository.exclusively(() => takeWorktree(repository, from, to, commit, signal));
		},
		resolveCommit: async (name) => await resolveCommit(await find(), name),
		copyIgnored: async (patterns, folder) => await copyIgnored(await find(), patterns, folder),
		removeWorktree: async (folder) => await removeWorktree(await find(), folder),
		listWorktrees: async () => await listWorktrees(await find()),
		async worktreePlaces(folder) {
			const repository = await find();
			const registration = await registrationOf(repository, folder);
			return registration === undefined ? undefined : { common: repository.commonFolder, registration };
		},
		async commitWorktree(folder, base, message) {
			const repository = await find();
			return await writing(repository, () => commitWorktreeContent(repository, folder, base, message));
		},
		async commitState(folder, state) {
			const repository = await find();
			return await writing(repository, () => commitState(repository, folder, state));
		},
		restoreIgnored: async (commit, folder) => await restoreIgnored(await find(), commit, folder),
		readReferences: async (prefix) => await readReferences(await find(), prefix),
		findDamage: async (commit) => await findDamage(await find(), commit),
		sizeOfCommits: async (commits) => await sizeOfCommits(await find(), commits),
		openChanges: async () => await openChanges(await find()),
		touchedFiles: async (folder) => await touchedFiles(await find(), folder),
		async commitFiles(base, files, message) {
			const repository = await find();
			return await writing(repository, () => commitFiles(repository, base, files, message));
		},
		changes: async (base, result, excluded) => await readChanges(await find(), base, result, excluded),
		...createFileReader(find),
		head: async () => await readHeadCommit(await find()),
		branchAt: async (branch) => await branchAt(await find(), branch),
		async createBranch(branch, commit) {
			const repository = await find();
			return await repository.exclusively(() => createBranch(repository, branch, commit));
		},
		mergeText: (base, ours, theirs) => mergeTexts(runner, base, ours, theirs),
		async setReference(name, commit) {
			const repository = await find();
			await repository.exclusively(() => setReference(repository, name, commit));
		},
		listReferences: async (prefix) => await listReferences(await find(), prefix),
	};
}
