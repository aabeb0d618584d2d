// Owns the FileSystem port on a real disk. It never decides what a file means, and throws nothing but `file.*` errors.

import type { Stats } from 'node:fs';
import { appendFile, lstat, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSystem } from '../core/ports.ts';
import { makeFolders } from './makeFolders.ts';
import { measureFolder } from './measureFolder.ts';
import { writeAtomic } from './atomicWrite.ts';
import type { FileAction } from './fileErrors.ts';
import { fileError, systemCode } from './fileErrors.ts';
import { putBackAside } from './replaceSeen.ts';

export const nodeFileSystem: FileSystem = {
	readText: (path) => typed('read', path, () => readFile(path, 'utf8')),
	readBytes: (path) => typed('read', path, () => readFile(path)),
	readPart: (path, start, end) => typed('read', path, () => readPart(path, start, end)),
	writeAtomic,
	putBack: (path) => typed('write', path, async () => putBackAside(path)),
	appendText: (path, text) => typed('append to', path, () => appendFile(path, text)),
	stat: (path) => typed('look at', path, () => look(path)),
	measure: (path) => typed('look at', path, () => measureFolder(path)),
	list: (path) => typed('list', path, () => readdir(path).catch((error: unknown) => emptyWhenMissing(error))),
	makeFolder: (path) =>
		typed('create', path, async () => {
			await mkdir(path, { recursive: true });
		}),
	makeFollowedFolder: (path) =>
		typed('create', path, async () => {
			await makeFolders(path);
		}),
	remove: (path) =>
		typed('remove', path, () => rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 })),
	rename: (from, to) => typed('rename', from, () => rename(from, to)),
	join: (...parts) => join(...parts),
};

async function typed<T>(action: FileAction, path: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw fileError(error, action, path);
	}
}

async function readPart(path: string, start: number, end: number): Promise<Uint8Array> {
	const file = await open(path);
	try {
		const { size } = await file.stat();
		const length = Math.max(0, Math.min(end, size) - start);
		const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, start);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}

/** Size, time and inode are the target's for a symbolic link, because that is what a reader gets. */
async function look(path: string): ReturnType<FileSystem['stat']> {
	const link = await orUndefined(lstat(path));
	if (link === undefined) {
		return undefined;
	}
	const isSymbolicLink = link.isSymbolicLink();
	const found = isSymbolicLink ? ((await orUndefined(stat(path))) ?? link) : link;
	return {
		size: found.size,
		modified: found.mtimeMs,
		inode: found.ino,
		isFolder: found.isDirectory(),
		isSymbolicLink,
		created: found.birthtimeMs,
	};
}

function orUndefined(found: Promise<Stats>): Promise<Stats | undefined> {
	return found.catch((error: unknown) => {
		if (isMissing(error)) {
			return undefined;
		}
		throw error;
	});
}

function emptyWhenMissing(error: unknown): string[] {
	if (isMissing(error)) {
		return [];
	}
	throw error;
}

/** ENOTDIR: a file stands where a folder of the path should be, so there is nothing below it. */
function isMissing(error: unknown): boolean {
	return systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR';
}
