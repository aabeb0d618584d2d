// Owns hidden names of commits below `refs/dreamos/`. It refuses every other name: branches and tags are the person's.

import { DreamError } from '../base/errors.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';

const ours = 'refs/dreamos/';

/** Points a name at a commit, or forgets the name; forgetting one that is not there is fine. */
export async function setReference(repository: GitRepository, name: string, commit: string | undefined): Promise<void> {
	checkName(name);
	// By stdin and within a transaction: never an option, and half of it never happens.
	const change = commit === undefined ? `delete ${name}` : `update ${name} ${checkCommit(commit)}`;
	await repository.run(['update-ref', '--stdin'], { input: `start\n${change}\ncommit\n` });
}

/** Names that begin with the prefix, whole path parts of it. */
export async function listReferences(
	repository: GitRepository,
	prefix: string,
): Promise<readonly { readonly name: string; readonly commit: string }[]> {
	if (prefix !== ours && prefix !== ours.slice(0, -1)) {
		checkName(prefix.replace(/\/$/u, ''));
	}
	const { output } = await repository.run(['for-each-ref', '--format=%(objectname) %(refname)', prefix]);
	return output
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => ({ commit: line.slice(0, line.indexOf(' ')), name: line.slice(line.indexOf(' ') + 1) }));
}

function checkName(name: string): void {
	const isPlain = /^refs\/dreamos(?:\/[A-Za-z0-9_][A-Za-z0-9._@+-]*)+$/u.test(name);
	if (!isPlain || /\.\.|@\{|\.lock(?:\/|$)|\.(?:\/|$)/u.test(name)) {
		throw new DreamError('git.badReference', `Not a name below ${ours}: ${JSON.stringify(name)}`, {
			details: { name },
		});
	}
}
