// Owns making hidden commits: of the open working tree, and of what an agent left in its worktree. No hook runs, nothing is
// signed, and no index, HEAD, branch or stash of anybody changes.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DreamError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { copiedFiles } from './gitCopiedFiles.ts';
import { commitIdentity } from './gitEnvironment.ts';
import { copyIndex, forget, openIndexedTree, stageEverything, withIndexFolder, writeTree } from './gitIndex.ts';
import type { IndexedTree } from './gitIndex.ts';
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
		return treeObject === head?.tree ? head.commit : await commitTree(tree, treeObject, head?.commit, message);
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
	/** Whether the message alone is worth a commit. */
	readonly isAlways?: true;
}

/** As `commitWorktreeContent`, with a choice whether there is a commit when nothing changed. */
export async function commitContent(repository: GitRepository, wish: CommittedContent): Promise<string> {
	const { folder, base, message, isAlways = false } = wish;
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
		await forget(tree, await copiedFiles(repository, folder));
		const treeObject = await writeTree(tree);
		const baseTree = (await repository.run(['rev-parse', '--verify', `${base}^{tree}`])).output.trim();
		return treeObject === baseTree && !isAlways ? base : await commitTree(tree, treeObject, base, message);
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

/** A commit of a tree, by nobody's hand: no hook runs and nothing is signed. */
export async function commitTree(
	tree: IndexedTree,
	object: string,
	parent: string | undefined,
	message: string,
): Promise<string> {
	const { output } = await tree.run(
		['commit-tree', object, ...(parent === undefined ? [] : ['-p', parent]), '--no-gpg-sign', '-F', '-'],
		// git takes no NUL in a message.
		{ input: `${message.replaceAll('\0', '')}\n`, environment: commitIdentity },
	);
	return output.trim();
}
