// Owns reading and writing files of a worktree for an agent: inside the fence and with leave only. It writes with node:fs and not
// through the FileSystem port, because that one replaces files (a link or a mode would be lost) and cannot refuse to follow a link.

import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, mkdir, open, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DreamError, isDreamError, toError } from '../base/errors.ts';
import type { WorktreeFence } from './worktreeFence.ts';

/** Larger files are refused; an agent that wants one reads the disk itself. */
const maximumBytes = 16 * 1024 * 1024;

/** What an agent may want to do with a file. */
export type FileUse = 'read' | 'edit' | 'delete';

/** Every method rejects with `file.refused` for what is not to be done, and with `file.failed` for what could not be. */
export interface WorktreeFiles {
	/** Content of a regular file; undefined when there is none. */
	read(path: string): Promise<Buffer | undefined>;
	/** Resolves to false when the file holds that text already. */
	write(path: string, text: string): Promise<boolean>;
	/** Removes a file or a link; false when there is none. */
	remove(path: string): Promise<boolean>;
}

export interface WorktreeFilesOptions {
	readonly fence: WorktreeFence;
	/** Why a file inside may not be used so all the same; undefined when it may. */
	readonly refuse: (use: FileUse, path: string) => Promise<string | undefined>;
}

export function createWorktreeFiles(options: WorktreeFilesOptions): WorktreeFiles {
	return {
		read: async (path) => readWhole(await allowedPath(options, path, 'read')),
		async write(path, text) {
			const real = await allowedPath(options, path, 'edit');
			if ((await readWhole(real))?.equals(Buffer.from(text, 'utf8')) === true) {
				return false;
			}
			await writeWhole(real, text);
			return true;
		},
		async remove(path) {
			const target = await allowedPath(options, path, 'delete');
			// Of a link inside, the link goes and not what it leads to.
			const real = join((await options.fence.resolve(dirname(path))) ?? dirname(target), basename(path));
			try {
				const stats = await lstat(real);
				if (stats.isDirectory()) {
					throw refused(`${real} is a folder`, real);
				}
				await unlink(real);
				return true;
			} catch (error) {
				if (isDreamError(error)) {
					throw error;
				}
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
					return false;
				}
				throw failed(`${real} cannot be removed: ${toError(error).message}`, real);
			}
		},
	};
}

const refused = (message: string, path: string) => new DreamError('file.refused', message, { details: { path } });
const failed = (message: string, path: string) => new DreamError('file.failed', message, { details: { path } });

/** The real path, if it lies inside and may be used. Asked for again after the answer: a person takes time, and links change. */
async function allowedPath({ fence, refuse }: WorktreeFilesOptions, path: string, use: FileUse): Promise<string> {
	const real = await pathInside(fence, path, use);
	const why = await refuse(use, path);
	if (why !== undefined) {
		throw refused(`${path} was not ${doneWords[use]}: ${why}`, path);
	}
	if ((await pathInside(fence, path, use)) !== real) {
		throw refused(`${path} was not ${doneWords[use]}: it leads elsewhere by now`, path);
	}
	return real;
}

const doneWords: Readonly<Record<FileUse, string>> = { read: 'read', edit: 'written', delete: 'removed' };

async function pathInside(fence: WorktreeFence, path: string, use: FileUse): Promise<string> {
	const real = await fence.resolve(path);
	if (real === undefined) {
		throw refused(`${path} was not ${doneWords[use]}: it is outside the worktree`, path);
	}
	return real;
}

/** A regular file's content; undefined when there is none. Anything else, such as a pipe that would never end, is refused. */
async function readWhole(path: string): Promise<Buffer | undefined> {
	const handle = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
	if (handle === undefined) {
		return undefined;
	}
	try {
		return await handle.readFile();
	} catch (error) {
		throw failed(`${path} cannot be read: ${toError(error).message}`, path);
	} finally {
		await handle.close();
	}
}

async function writeWhole(path: string, content: string): Promise<void> {
	try {
		await mkdir(dirname(path), { recursive: true });
		const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
		const handle = await open(path, flags, 0o666);
		try {
			await handle.writeFile(content, 'utf8');
		} finally {
			await handle.close();
		}
	} catch (error) {
		throw failed(`${path} cannot be written: ${toError(error).message}`, path);
	}
}

async function openFile(path: string, flags: number): Promise<FileHandle | undefined> {
	try {
		const stats = await lstat(path);
		if (!stats.isFile() || stats.size > maximumBytes) {
			const why = stats.isFile() ? `larger than ${maximumBytes} bytes` : 'not a regular file';
			throw refused(`${path} is ${why}`, path);
		}
		return await open(path, flags | constants.O_NOFOLLOW);
	} catch (error) {
		if (isDreamError(error)) {
			throw error;
		}
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}
		throw failed(`${path} cannot be opened: ${toError(error).message}`, path);
	}
}
