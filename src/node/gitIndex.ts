// Owns temporary indexes: a tree is put together there, so that nobody's own index is ever touched or waited for.

import { copyFile, mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '../base/async.ts';
import { isDreamError } from '../base/errors.ts';
import { fileError, systemCode } from './fileErrors.ts';
import type { GitAnswer, GitCall, GitRunner } from './simpleGit.ts';

/** A working tree seen through a temporary index. */
export interface IndexedTree {
	readonly folder: string;
	readonly indexFile: string;
	run(argumentList: readonly string[], more?: Omit<GitCall, 'arguments' | 'folder'>): Promise<GitAnswer>;
}

/**
 * Opens a working tree with a fresh index file. With `gitFolder` git does not look for the repository in the folder, where
 * anybody may have put another one.
 */
export function openIndexedTree(runner: GitRunner, folder: string, indexFile: string, gitFolder?: string): IndexedTree {
	const place: Record<string, string> = gitFolder === undefined ? {} : { GIT_DIR: gitFolder, GIT_WORK_TREE: folder };
	return {
		folder,
		indexFile,
		run: (argumentList, more = {}) =>
			runner.run({
				...more,
				folder,
				arguments: argumentList,
				environment: { ...place, GIT_INDEX_FILE: indexFile, ...more.environment },
			}),
	};
}

const folderPrefix = 'dreamos-index-';
/** No git command of ours takes this long. */
const forgottenMilliseconds = 3_600_000;
let swept: Promise<void> | undefined;

/** Gives the work a folder for index files and removes it afterwards. */
export async function withIndexFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	swept ??= sweepIndexFolders(tmpdir(), Date.now());
	const folder = await mkdtemp(join(tmpdir(), folderPrefix)).catch((error: unknown) => {
		throw fileError(error, 'create', join(tmpdir(), folderPrefix));
	});
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true }).catch(() => undefined);
	}
}

/** Removes what programs that were killed left long ago. Never rejects: what is somebody else's stays. */
export async function sweepIndexFolders(parent: string, now: number): Promise<void> {
	for (const name of await readdir(parent).catch(() => [])) {
		const found = name.startsWith(folderPrefix) ? await stat(join(parent, name)).catch(() => undefined) : undefined;
		if (found !== undefined && now - found.mtimeMs > forgottenMilliseconds) {
			await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
		}
	}
}

/**
 * Copies an index with what git remembers of each file, so that unchanged files are not read again. False when there is none.
 * git distrusts entries as young as the index itself; a copy must not be younger, or it would trust what it should not.
 */
export async function copyIndex(from: string, to: string): Promise<boolean> {
	try {
		const { atimeMs, mtimeMs } = await stat(from);
		await copyFile(from, to);
		await utimes(to, atimeMs / 1_000, (Math.floor(mtimeMs) - 1) / 1_000);
		return true;
	} catch (error) {
		if (systemCode(error) === 'ENOENT') {
			return false;
		}
		throw fileError(error, 'write', to);
	}
}

const attempts = 4;
const problemLine = /^(?:error: |warning: could not open directory )/u;
const vanished = /unable to stat|No such file or directory|short read|file changed/u;

/**
 * Puts everything that is in the working tree and not ignored into the index. What git could not take is returned as its
 * own lines; a file that vanishes meanwhile (a build runs) makes it look again.
 */
export async function stageEverything(tree: IndexedTree, pathspecs: readonly string[]): Promise<readonly string[]> {
	for (let attempt = 1; ; attempt++) {
		try {
			const { errorOutput } = await tree.run(
				['add', '--all', '--sparse', '--ignore-errors', '--', ':/', ...pathspecs],
				{
					accepts: (exitCode) => exitCode === 1,
				},
			);
			const problems = errorOutput.split('\n').filter((line) => problemLine.test(line));
			if (attempt === attempts || !problems.some((line) => vanished.test(line))) {
				return problems;
			}
		} catch (error) {
			if (attempt === attempts || !isVanished(error)) {
				throw error;
			}
		}
		await sleep(attempt * 50);
	}
}

/** Takes paths out of an index; those that are not in it change nothing. */
export async function forget(tree: IndexedTree, paths: readonly string[]): Promise<void> {
	if (paths.length > 0) {
		await tree.run(['update-index', '--force-remove', '-z', '--stdin'], {
			input: paths.map((path) => `${path}\0`).join(''),
		});
	}
}

/** The tree of an index as an object id. */
export async function writeTree(tree: IndexedTree): Promise<string> {
	return (await tree.run(['write-tree'])).output.trim();
}

/** What NUL-separated output lists. */
export function splitNul(output: string): string[] {
	return output.split('\0').filter((item) => item !== '');
}

function isVanished(error: unknown): boolean {
	return isDreamError(error) && vanished.test(String(error.details['errorOutput']));
}
