// Owns the ignored files of a worktree: kept beside a hidden commit as far as they fit into a limit, and put back into another
// worktree. They are a second parent, as a stash has it, so that they never count as a change and never land.

import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { formatBytes } from '../base/words.ts';
import { openIndexedTree, splitNul, withIndexFolder, writeTree } from './gitIndex.ts';
import type { IndexedTree } from './gitIndex.ts';
import { ignoredIn } from './gitCopies.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';
import { commitTree } from './gitCommitTree.ts';
import { realFolder } from './gitWorktrees.ts';

export interface IgnoredFiles {
	/** A commit of them; undefined when there are none. */
	readonly commit: string | undefined;
	/** What is not in it, each with the reason. */
	readonly leftOut: readonly string[];
}

const title = 'Dream.OS: ignored files';
/** More of them than this are a cache and no work. */
const mostFiles = 2_000;
/** Keys by their usual name, whoever put them there. */
const keyName = /(?:^|\/)\.env(?:\.[^/]*)?$/u;

/**
 * Keeps the ignored files of a worktree that `tree` has staged, folder by folder, the first ones that fit. What set-up copied
 * is never kept.
 */
export async function keepIgnored(
	tree: IndexedTree,
	indexFolder: string,
	{ limitBytes, copied }: { readonly limitBytes: number; readonly copied: readonly string[] },
): Promise<IgnoredFiles> {
	if (limitBytes === 0) {
		return { commit: undefined, leftOut: [] };
	}
	const ignored = await listIgnored(tree);
	const paths: string[] = [];
	const leftOut: string[] = [];
	let room = limitBytes;
	for (const path of ignored) {
		const found = await measureFiles(join(tree.folder, path), path, {
			bytes: room,
			files: mostFiles - paths.length,
		});
		if (typeof found === 'string') {
			leftOut.push(
				`${path}: ${found === 'tooBig' ? `more than ${formatBytes(limitBytes)} together` : 'a repository of its own'}`,
			);
		} else {
			room -= found.bytes;
			paths.push(...found.paths);
		}
	}
	const secret = new Set(copied);
	const wanted = paths.filter((path) => !secret.has(path) && !keyName.test(path));
	if (wanted.length === 0) {
		return { commit: undefined, leftOut };
	}
	const indexFile = join(indexFolder, 'ignored');
	const run: IndexedTree['run'] = (argumentList, more = {}) =>
		tree.run(argumentList, { ...more, environment: { ...more.environment, GIT_INDEX_FILE: indexFile } });
	// `git add` takes nothing at all for some lists of what is excluded.
	await run(['update-index', '--add', '--remove', '-z', '--stdin'], {
		input: wanted.map((path) => `${path}\0`).join(''),
	});
	const object = await writeTree({ ...tree, indexFile, run });
	return { commit: await commitTree({ run }, object, [], title), leftOut };
}

/**
 * Ignored files, and folders that are ignored as a whole. `ls-files --directory` would hide what is ignored in a folder that has
 * other new files, too; without it every file of such a folder would be listed.
 */
async function listIgnored(tree: IndexedTree): Promise<string[]> {
	const { output } = await tree.run([
		...['status', '--porcelain', '-z', '--ignored=matching', '--untracked-files=all'],
		...['--no-renames', '--ignore-submodules=all'],
	]);
	return splitNul(output).flatMap((entry) => (entry.startsWith('!! ') ? [entry.slice(3)] : []));
}

/**
 * Puts the ignored files a commit carries into a worktree: only what the worktree ignores, too, and where nothing is yet. Paths it
 * returns start at the top.
 */
export async function restoreIgnored(
	repository: GitRepository,
	commit: string,
	folder: string,
): Promise<readonly string[]> {
	const carried = await carriedBy(repository, commit);
	if (carried === undefined) {
		return [];
	}
	return await withIndexFolder(async (indexFolder) => {
		const tree = openIndexedTree(repository.runner, folder, join(indexFolder, 'index'), repository.commonFolder);
		await tree.run(['read-tree', carried]);
		const listed = splitNul((await tree.run(['ls-files', '-z'])).output);
		const top = (await realpath(folder)) + sep;
		const free: string[] = [];
		for (const path of listed) {
			const place = join(folder, path);
			const isFree = (await lstat(place).catch(() => undefined)) === undefined;
			// A link in the worktree may lead anywhere.
			if (isFree && (await realFolder(place)).startsWith(top)) {
				free.push(path);
			}
		}
		const ignored = await ignoredIn(repository, folder, free);
		const wanted = free.filter((path) => ignored.has(path));
		if (wanted.length > 0) {
			await tree.run(['checkout-index', '-z', '--stdin'], { input: wanted.map((path) => `${path}\0`).join('') });
		}
		return wanted;
	});
}

/** The commit of ignored files that a commit carries; no other second parent is taken for one. */
async function carriedBy(repository: GitRepository, commit: string): Promise<string | undefined> {
	const { output } = await repository.run(['rev-list', '--no-walk', '--parents', checkCommit(commit)]);
	const [, , second] = output.trim().split(' ');
	if (second === undefined) {
		return undefined;
	}
	const { output: said } = await repository.run(['log', '-1', '--format=%P%x00%s', checkCommit(second)]);
	return said.trimEnd() === `\0${title}` ? second : undefined;
}

interface Room {
	readonly bytes: number;
	readonly files: number;
}

/** Files at or below a place, and what they take. Sockets and the like are no files. */
async function measureFiles(
	place: string,
	path: string,
	room: Room,
): Promise<{ readonly bytes: number; readonly paths: readonly string[] } | 'tooBig' | 'repository'> {
	const paths: string[] = [];
	let bytes = 0;
	const open = [{ place, path: path.replace(/\/$/u, '') }];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		const found = await lstat(next.place).catch(() => undefined);
		if (found?.isDirectory() === true) {
			const names = (await readdir(next.place).catch(() => [])).toSorted((a, b) => b.localeCompare(a));
			if (names.includes('.git')) {
				return 'repository';
			}
			for (const name of names) {
				open.push({ place: join(next.place, name), path: `${next.path}/${name}` });
			}
		} else if (found?.isFile() === true || found?.isSymbolicLink() === true) {
			bytes += found.size;
			paths.push(next.path);
			if (bytes > room.bytes || paths.length > room.files) {
				return 'tooBig';
			}
		}
		if (open.length > room.files * 2) {
			return 'tooBig';
		}
	}
	return { bytes, paths };
}
