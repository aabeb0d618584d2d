// Owns how much of the disk hidden commits take beyond those they were made on: only what differs is looked at, so that measuring
// does not walk a repository with 100,000 files.

import { isDamage } from './gitDamage.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';

/** Bytes on the disk. Commits that cannot be read count nothing. */
export async function sizeOfCommits(repository: GitRepository, commits: readonly string[]): Promise<number> {
	if (commits.length === 0) {
		return 0;
	}
	try {
		return await measure(repository, commits);
	} catch (error) {
		if (!isDamage(error)) {
			throw error;
		}
	}
	let bytes = 0;
	for (const commit of commits) {
		bytes += await measure(repository, [commit]).catch((error: unknown) => {
			if (isDamage(error)) {
				return 0;
			}
			throw error;
		});
	}
	return bytes;
}

async function measure(repository: GitRepository, commits: readonly string[]): Promise<number> {
	const { output: parents } = await repository.run(['rev-list', '--no-walk', '--parents', '--stdin'], {
		input: commits.map((commit) => `${checkCommit(commit)}\n`).join(''),
	});
	const known = parents
		.trim()
		.split('\n')
		.map((line) => line.split(' '));
	// A commit without parents is all its own; the second parent of another is carried by it alone.
	const carried = known.flatMap(([, , ...others]) => others);
	const { output: raw } = await repository.run(
		['diff-tree', '--stdin', '--root', '-r', '-t', '--raw', '-z', '--no-renames', '--no-abbrev', '--no-commit-id'],
		{
			input: [...known.map((line) => line.slice(0, 2).join(' ')), ...carried].map((line) => `${line}\n`).join(''),
		},
	);
	const objects = new Set([...commits, ...carried].flatMap((commit) => [commit, `${commit}^{tree}`]));
	for (const field of raw.split('\0')) {
		// `:mode mode object object status`; a file that is gone has no object.
		const [, , , object = ''] = field.startsWith(':') ? field.split(' ') : [];
		if (/[1-9a-f]/u.test(object)) {
			objects.add(object);
		}
	}
	const format = '--batch-check=%(objectname) %(objectsize:disk)';
	const { output: sizes } = await repository.run(['cat-file', format, '--buffer'], {
		input: [...objects].map((object) => `${object}\n`).join(''),
	});
	let bytes = 0;
	for (const line of new Set(sizes.split('\n'))) {
		const [, size = ''] = line.split(' ');
		bytes += /^\d+$/u.test(size) ? Number(size) : 0;
	}
	return bytes;
}
