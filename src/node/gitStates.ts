// Owns hidden commits that tell a story in their message: made of a worktree, listed with what they say.

import type { CommittedState, ReferenceText } from '../core/ports.ts';
import type { GitRepository } from './gitRepository.ts';
import { isDamage } from './gitDamage.ts';
import { checkCommit } from './gitRepository.ts';
import { listReferences } from './gitReferences.ts';
import { commitContent } from './gitSnapshot.ts';

/** Always a new commit on the base, for its message. */
export function commitState(
	repository: GitRepository,
	folder: string,
	{ base, message, ignoredBytes }: CommittedState,
): Promise<string> {
	return commitContent(repository, { folder, base, message: '' }, { ignoredBytes, message });
}

/** References below a prefix with the messages of their commits. One commit that is damaged hides no other. */
export async function readReferences(repository: GitRepository, prefix: string): Promise<readonly ReferenceText[]> {
	const listed = await listReferences(repository, prefix);
	if (listed.length === 0) {
		return [];
	}
	try {
		const format = '--format=%(objectname)%00%(refname)%00%(contents)%00%00';
		const { output } = await repository.run(['for-each-ref', format, prefix]);
		return output.split('\0\0\n').flatMap((record) => {
			const [commit, name, message] = record.split('\0');
			return commit === undefined || name === undefined || message === undefined
				? []
				: [{ name, commit, message }];
		});
	} catch (error) {
		if (!isDamage(error)) {
			throw error;
		}
	}
	// git stops at the first it cannot read.
	const found: ReferenceText[] = [];
	for (const { name, commit } of listed) {
		found.push({ name, commit, message: await readMessage(repository, commit) });
	}
	return found;
}

/** undefined for a commit that cannot be read. */
async function readMessage(repository: GitRepository, commit: string): Promise<string | undefined> {
	try {
		const { output } = await repository.run(['cat-file', 'commit', checkCommit(commit)]);
		return output.slice(output.indexOf('\n\n') + 2);
	} catch (error) {
		if (isDamage(error)) {
			return undefined;
		}
		throw error;
	}
}
