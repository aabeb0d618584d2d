// Owns making a hidden commit of single contents on top of another one: what landed, or the part of a change that was accepted. No
// working tree is read.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommittedFile } from '../core/ports.ts';
import { openIndexedTree, withIndexFolder, writeTree } from './gitIndex.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';
import { commitTree } from './gitCommitTree.ts';

/** The tree of `base` with these files as given, as a commit on it. Contents are stored as they are, without filters. */
export async function commitFiles(
	repository: GitRepository,
	base: string,
	files: readonly CommittedFile[],
	message: string,
): Promise<string> {
	checkCommit(base);
	return await withIndexFolder(async (folder) => {
		const tree = openIndexedTree(repository.runner, repository.top, join(folder, 'index'));
		await tree.run(['read-tree', base]);
		const written = files.flatMap(({ path, content, mode }) =>
			content === undefined ? [] : [{ path, content, mode }],
		);
		const places = written.map((_, index) => join(folder, `content-${index}`));
		await Promise.all(written.map(({ content }, index) => writeFile(places[index] ?? '', content)));
		const { output } =
			written.length === 0
				? { output: '' }
				: await tree.run(['hash-object', '-w', '--no-filters', '--stdin-paths'], {
						input: `${places.join('\n')}\n`,
					});
		const objects = output.split('\n');
		const nothing = '0'.repeat(base.length);
		const removed = files
			.filter(({ content }) => content === undefined)
			.map(({ path }) => `0 ${nothing}\t${path}\0`);
		const placed = written.map(({ path, mode }, index) => `${mode} ${objects[index]}\t${path}\0`);
		// What goes comes first: a folder may stand in the place of a file.
		const entries = [...removed, ...placed];
		if (entries.length > 0) {
			await tree.run(['update-index', '-z', '--index-info'], { input: entries.join('') });
		}
		return await commitTree(tree, await writeTree(tree), [base], message);
	});
}
