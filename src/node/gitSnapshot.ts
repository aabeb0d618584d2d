// Owns making hidden commits: of the open working tree, and of what an agent left in its worktree. No hook runs, nothing is
// signed, and no index, HEAD, branch or stash of anybody changes.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DreamError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { commitTree } from './gitCommitTree.ts';
import { copiedFiles } from './gitCopiedFiles.ts';
import { copyIndex, forget, openIndexedTree, stageEverything, withIndexFolder, writeTree } from './gitIndex.ts';
import type { IndexedTree } from './gitIndex.ts';
import { keepIgnored } from './gitIgnored.ts';
import { takeNestedFiles } from './gitNested.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit, indexOf, resolveCommit, workspacePathspecs } from './gitRepository.ts';
import { cleanIndexOf, isBeingRemoved } from './gitWorktrees.ts';

/**
 * HEAD with uncommitted and untracked files. `excluded` parts of the workspace are as in HEAD. HEAD itself when nothing
 * differs. Repositories inside the working tree are pointers, as git has it.
 */
export async function snapshotWorkspace(
	repository: GitRepository,
	message: string,
	excluded: readonly string[],
	log: Logger,
): Promise<string> {
	return await withIndexFolder(async (folder) => {
		const tree = openIndexedTree(repository.runner, repository.top, join(folder, 'index'));
		await copyIndex(indexOf(repository), tree.indexFile);
		const head = await readHead(repository);
		const problems = await stageEverything(tree, workspacePathspecs(repository, excluded, 'exclude'));
		if (problems.length > 0) {
			log.warn(`Not in the copy of the working tree that agents get: ${problems.join('; ')}`);
		}
		const parts = workspacePathspecs(repository, excluded, 'include');
		if (parts.length > 0) {
			await tree.run(
				head === undefined
					? ['rm', '-r', '--cached', '--quiet', '--force', '--ignore-unmatch', '--', ...parts]
					: ['reset', '--quiet', head.commit, '--', ...parts],
			);
		}
		const treeObject = await writeTree(tree);
		return treeObject === head?.tree
			? head.commit
			: await commitTree(tree, treeObject, head === undefined ? [] : [head.commit], message);
	});
}

/**
 * The content of a worktree as a commit on `base`, whatever its agent did to index, branch, HEAD or `.git` meanwhile: only
 * its files count, and of these none that was copied in. `base` itself when they are the same.
 */
export function commitWorktreeContent(
	repository: GitRepository,
	folder: string,
	base: string,
	message: string,
): Promise<string> {
	return commitContent(repository, { folder, base, message });
}

export interface CommittedContent {
	readonly folder: string;
	readonly base: string;
	readonly message: string;
}

/** Of a commit that is worth making for its message alone, and that carries ignored files. */
export interface CommittedMore {
	readonly ignoredBytes: number;
	/** The message, once it is known which ignored files are not in it. */
	readonly message: (leftOut: readonly string[]) => string;
}

/** As `commitWorktreeContent`, with `more` there is a commit also when nothing changed. */
export async function commitContent(
	repository: GitRepository,
	wish: CommittedContent,
	more?: CommittedMore,
): Promise<string> {
	const { folder, base, message } = wish;
	checkCommit(base);
	const found = await stat(folder).catch(() => undefined);
	if (found?.isDirectory() !== true) {
		throw new DreamError('git.worktreeMissing', `The worktree ${folder} is gone.`, {
			details: { folder },
			advice: 'Its work is lost unless the agent committed it; try the task again.',
		});
	}
	if (await isBeingRemoved(repository, folder)) {
		// Nobody begins to remove what is not safe.
		return base;
	}
	const { runner, commonFolder } = repository;
	return await withIndexFolder(async (indexFolder) => {
		const tree = openIndexedTree(runner, folder, join(indexFolder, 'index'), commonFolder);
		const clean = await cleanIndexOf(repository, folder);
		if (clean === undefined || !(await copyIndex(clean, tree.indexFile))) {
			await readBase(tree, base);
		}
		const problems = await takeNestedFiles({
			runner,
			tree,
			commonFolder,
			base,
			indexFolder,
			problems: await stageEverything(tree, []),
		});
		if (problems.length > 0) {
			throw new DreamError('git.unreadableFiles', `Not all of the worktree can be read: ${problems.join('; ')}`, {
				details: { folder, problems },
				advice: 'Look at the permissions of these files in the worktree.',
			});
		}
		// Only what git ignored was copied, so none of it is in the base; an agent may have changed what git ignores.
		const copied = await copiedFiles(repository, folder);
		await forget(tree, copied);
		const treeObject = await writeTree(tree);
		if (more !== undefined) {
			const { commit, leftOut } = await keepIgnored(tree, indexFolder, {
				limitBytes: more.ignoredBytes,
				copied,
			});
			const parents = commit === undefined ? [base] : [base, commit];
			return await commitTree(tree, treeObject, parents, more.message(leftOut));
		}
		const baseTree = (await repository.run(['rev-parse', '--verify', `${base}^{tree}`])).output.trim();
		return treeObject === baseTree ? base : await commitTree(tree, treeObject, [base], message);
	});
}

/** Without the index of the checkout every file has to be read; in a sparse one, those left out would count as deleted. */
async function readBase(tree: IndexedTree, base: string): Promise<void> {
	const { output } = await tree.run(['config', '--type=bool', '--get', 'core.sparseCheckout'], {
		accepts: (exitCode) => exitCode === 1,
	});
	if (output.trim() === 'true') {
		throw new DreamError(
			'git.worktreeBroken',
			`git has forgotten what the sparse worktree ${tree.folder} left out.`,
			{
				details: { folder: tree.folder },
				advice: 'Its files are still there; copy what you need, then try the task again.',
			},
		);
	}
	await tree.run(['read-tree', base]);
}

async function readHead(
	repository: GitRepository,
): Promise<{ readonly commit: string; readonly tree: string } | undefined> {
	// The single name is looked for first: without commits the pair would be an error like any other.
	const commit = await resolveCommit(repository, 'HEAD');
	if (commit === undefined) {
		return undefined;
	}
	return { commit, tree: (await repository.run(['rev-parse', '--verify', `${commit}^{tree}`])).output.trim() };
}
