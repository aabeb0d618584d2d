// Owns telling git from a person: whether the board files were written by a checkout, merge, rebase, stash or restore. Git keeps the
// lock of its index while it writes files, and writes the index right after; nobody who edits a file does either.

import { isAbsolutePath } from '../base/isAbsolutePath.ts';
import type { FileStamp, FileSystem } from '../core/ports.ts';

const afterwardsMilliseconds = 3000;
/** Folders above the workspace that are looked at for a repository. */
const depthLimit = 40;
const pointer = /^gitdir: *(.+?)\s*$/u;

/** @param changed stamps of the files that changed. */
export async function isGitAtWork(files: FileSystem, folder: string, changed: readonly FileStamp[]): Promise<boolean> {
	const gitFolder = changed.length === 0 ? undefined : await findGitFolder(files, folder).catch(() => undefined);
	if (gitFolder === undefined) {
		return false;
	}
	if ((await files.stat(files.join(gitFolder, 'index.lock'))) !== undefined) {
		return true;
	}
	const index = await files.stat(files.join(gitFolder, 'index'));
	return (
		index !== undefined &&
		changed.some(({ modified }) => index.modified >= modified && index.modified - modified < afterwardsMilliseconds)
	);
}

/** Where the index of the repository is that a folder lies in; a worktree has a file there that says so. */
async function findGitFolder(files: FileSystem, folder: string): Promise<string | undefined> {
	let above = folder;
	for (let depth = 0; depth < depthLimit; depth += 1) {
		const place = files.join(above, '.git');
		const found = await files.stat(place);
		if (found !== undefined) {
			const [, target] = found.isFolder ? [] : (pointer.exec(await files.readText(place)) ?? []);
			return target === undefined ? place : isAbsolutePath(target) ? target : files.join(above, target);
		}
		const next = files.join(above, '..');
		if (next === above) {
			return undefined;
		}
		above = next;
	}
	return undefined;
}
