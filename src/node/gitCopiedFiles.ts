// Owns the record of which files were copied into a worktree: they are somebody's keys, and no work of its agent. It lies where git
// registers the worktree, so that it is there for whoever commits the worktree later, whatever the settings say by then.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from './atomicWrite.ts';
import { systemCode } from './fileErrors.ts';
import { splitNul } from './gitIndex.ts';
import type { GitRepository } from './gitRepository.ts';
import { registrationOf } from './gitWorktrees.ts';

const recordName = 'dreamos-copied';

/** Paths from the top of what was copied into a worktree, in the order it came. */
export async function copiedFiles(repository: GitRepository, folder: string): Promise<readonly string[]> {
	const registration = await registrationOf(repository, folder);
	return registration === undefined ? [] : await readRecord(join(registration, recordName));
}

/** Adds to the record; called before the files are there, so that a copy without a record never exists. */
export async function recordCopies(repository: GitRepository, folder: string, paths: readonly string[]): Promise<void> {
	const registration = await registrationOf(repository, folder);
	if (registration === undefined || paths.length === 0) {
		return;
	}
	const place = join(registration, recordName);
	const all = new Set([...(await readRecord(place)), ...paths]);
	await writeAtomic(place, [...all].map((path) => `${path}\0`).join(''));
}

async function readRecord(place: string): Promise<readonly string[]> {
	try {
		return splitNul(await readFile(place, 'utf8'));
	} catch (error) {
		if (systemCode(error) === 'ENOENT') {
			return [];
		}
		throw error;
	}
}
