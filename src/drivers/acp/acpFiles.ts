// Owns fs/read_text_file and fs/write_text_file: what an agent asks, in the protocol's words, of the files of its worktree.

import type { ReadTextFileRequest, WriteTextFileRequest } from '@agentclientprotocol/sdk';
import { RequestError } from '@agentclientprotocol/sdk';
import { isDreamError } from '../../base/errors.ts';
import type { WorktreeFence } from '../worktreeFence.ts';
import { createWorktreeFiles } from '../worktreeFiles.ts';

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

export function createClientFiles({ fence, isMissingEmpty, refuse }: ClientFilesOptions): ClientFiles {
	const files = createWorktreeFiles({
		fence,
		// Nothing of the protocol deletes.
		refuse: (use, path) => refuse(use === 'read' ? 'read' : 'edit', path),
	});
	return {
		async read(request) {
			const content = await inProtocol(request.path, () => files.read(request.path));
			if (content === undefined && !isMissingEmpty()) {
				throw RequestError.resourceNotFound(request.path);
			}
			const text = content?.toString('utf8') ?? '';
			return { content: linesOf(text, request.line ?? undefined, request.limit ?? undefined) };
		},
		write: (request) => inProtocol(request.path, () => files.write(request.path, request.content)),
	};
}

/** Refusals and failures as the protocol has them. */
async function inProtocol<T>(path: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (isDreamError(error)) {
			throw new RequestError(error.code === 'file.refused' ? invalidParameters : internalError, error.message, {
				path,
			});
		}
		throw error;
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
