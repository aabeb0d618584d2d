// Owns hidden commits that tell a story in their message: made of a worktree, listed with what they say, measured on the disk.

import type { CommittedState, ReferenceText } from '../core/ports.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';
import { listReferences } from './gitReferences.ts';
import { commitContent } from './gitSnapshot.ts';

/** Always a new commit on the base, for its message. */
export function commitState(
	repository: GitRepository,
	folder: string,
	{ base, message }: CommittedState,
): Promise<string> {
	return commitContent(repository, { folder, base, message, isAlways: true });
}

/** References below a prefix with the messages of their commits. */
export async function readReferences(repository: GitRepository, prefix: string): Promise<readonly ReferenceText[]> {
	if ((await listReferences(repository, prefix)).length === 0) {
		return [];
	}
	const format = '--format=%(objectname)%00%(refname)%00%(contents)%00%00';
	const { output } = await repository.run(['for-each-ref', format, prefix]);
	return output.split('\0\0\n').flatMap((record) => {
		const [commit, name, message] = record.split('\0');
		return commit === undefined || name === undefined || message === undefined ? [] : [{ name, commit, message }];
	});
}

/** What git keeps on the disk for these commits alone, in bytes. */
export async function sizeOfCommits(repository: GitRepository, commits: readonly string[]): Promise<number> {
	if (commits.length === 0) {
		return 0;
	}
	const { output } = await repository.run(['rev-list', '--objects', '--disk-usage', '--stdin'], {
		input: commits.map((commit) => `${checkCommit(commit)}\n^${commit}^\n`).join(''),
	});
	return Number(output.trim());
}
