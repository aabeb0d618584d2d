// Owns fs/read_text_file and fs/write_text_file: served inside the worktree only. It writes with node:fs and not through the
// FileSystem port, because that one replaces files (a link or a mode would be lost) and cannot refuse to follow a link.

import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ReadTextFileRequest, WriteTextFileRequest } from '@agentclientprotocol/sdk';
import { RequestError } from '@agentclientprotocol/sdk';
import { toError } from '../../base/errors.ts';
import type { WorktreeFence } from './worktreeFence.ts';

/** Larger files are refused; an agent that wants one reads the disk itself. */
const maximumBytes = 16 * 1024 * 1024;

const invalidParameters = -32602;
const internalError = -32603;

export interface ClientFiles {
	read(request: ReadTextFileRequest): Promise<{ content: string }>;
	/** Resolves to false when the file holds that text already: some agents write the disk first and then tell us. */
	write(request: WriteTextFileRequest): Promise<boolean>;
}

export interface ClientFilesOptions {
	readonly fence: WorktreeFence;
	/** Whether a missing file reads as empty text; asked at each read, because it depends on the agent's answer to initialize. */
	readonly isMissingEmpty: () => boolean;
	/** Why a file inside may not be read or written all the same; undefined when it may. */
	readonly refuse: (kind: 'read' | 'edit', path: string) => Promise<string | undefined>;
}

export function createClientFiles(options: ClientFilesOptions): ClientFiles {
	const { isMissingEmpty } = options;
	return {
		async read(request) {
			const path = await allowedPath(options, request.path, 'read');
			const text = await readWhole(path);
			if (text === undefined && !isMissingEmpty()) {
				throw RequestError.resourceNotFound(request.path);
			}
			return { content: linesOf(text ?? '', request.line ?? undefined, request.limit ?? undefined) };
		},
		async write(request) {
			const path = await allowedPath(options, request.path, 'edit');
			if ((await readWhole(path)) === request.content) {
				return false;
			}
			await writeWhole(path, request.content);
			return true;
		},
	};
}

/** The real path, if it lies inside and may be used. Asked for again after the answer: a person takes time, and links change. */
async function allowedPath(
	{ fence, refuse }: ClientFilesOptions,
	path: string,
	kind: 'read' | 'edit',
): Promise<string> {
	const real = await pathInside(fence, path, kind);
	const why = await refuse(kind, path);
	if (why !== undefined) {
		throw new RequestError(invalidParameters, `${path} was not ${doneWords[kind]}: ${why}`, { path });
	}
	if ((await pathInside(fence, path, kind)) !== real) {
		throw new RequestError(invalidParameters, `${path} was not ${doneWords[kind]}: it leads elsewhere by now`, {
			path,
		});
	}
	return real;
}

const doneWords = { read: 'read', edit: 'written' } as const;

async function pathInside(fence: WorktreeFence, path: string, kind: 'read' | 'edit'): Promise<string> {
	const real = await fence.resolve(path);
	if (real === undefined) {
		throw new RequestError(invalidParameters, `${path} was not ${doneWords[kind]}: it is outside the worktree`, {
			path,
		});
	}
	return real;
}

/** Text of a regular file; undefined when there is none. Anything else, such as a pipe that would never end, is refused. */
async function readWhole(path: string): Promise<string | undefined> {
	const handle = await openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
	if (handle === undefined) {
		return undefined;
	}
	try {
		return await handle.readFile('utf8');
	} catch (error) {
		throw new RequestError(internalError, `${path} cannot be read: ${toError(error).message}`, { path });
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
		throw new RequestError(internalError, `${path} cannot be written: ${toError(error).message}`, { path });
	}
}

async function openFile(path: string, flags: number): Promise<FileHandle | undefined> {
	try {
		const stats = await lstat(path);
		if (!stats.isFile() || stats.size > maximumBytes) {
			const why = stats.isFile() ? `larger than ${maximumBytes} bytes` : 'not a regular file';
			throw new RequestError(invalidParameters, `${path} is ${why}`, { path });
		}
		return await open(path, flags | constants.O_NOFOLLOW);
	} catch (error) {
		if (error instanceof RequestError) {
			throw error;
		}
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}
		throw new RequestError(internalError, `${path} cannot be opened: ${toError(error).message}`, { path });
	}
}

/** Lines from `line` (the first is 1), at most `limit` of them. */
function linesOf(text: string, line: number | undefined, limit: number | undefined): string {
	if (line === undefined && limit === undefined) {
		return text;
	}
	const from = Math.max(1, line ?? 1) - 1;
	return text
		.split('\n')
		.slice(from, limit === undefined ? undefined : from + Math.max(0, limit))
		.join('\n');
}
