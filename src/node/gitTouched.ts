// Owns which files of a worktree differ from its checkout, cheaply: git compares what it remembers of each file, and reads only those
// that look otherwise. The worktree's own `.git` and index are not trusted and not touched.

import { join } from 'node:path';
import { copiedFiles } from './gitCopiedFiles.ts';
import { copyIndex, openIndexedTree, splitNul, withIndexFolder } from './gitIndex.ts';
import type { GitRepository } from './gitRepository.ts';
import { cleanIndexOf } from './gitWorktrees.ts';

/** Paths from the top, sorted; empty while git does not know the worktree. */
export async function touchedFiles(repository: GitRepository, folder: string): Promise<readonly string[]> {
	const clean = await cleanIndexOf(repository, folder);
	if (clean === undefined) {
		return [];
	}
	return await withIndexFolder(async (indexFolder) => {
		const tree = openIndexedTree(repository.runner, folder, join(indexFolder, 'index'), repository.commonFolder);
		if (!(await copyIndex(clean, tree.indexFile))) {
			return [];
		}
		const { output } = await tree.run([
			'ls-files',
			'-z',
			'--modified',
			'--deleted',
			'--others',
			'--exclude-standard',
		]);
		const copied = new Set(await copiedFiles(repository, folder));
		return [...new Set(splitNul(output))].filter((path) => !copied.has(path)).toSorted();
	});
}
