// Owns branches that we make: below `dreamos/`, and never one that is there already. Branches of anybody else are not written.

import { DreamError } from '../base/errors.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';

const ours = /^dreamos\/[a-z0-9][a-z0-9-]*$/u;

function referenceOf(branch: string): string {
	if (!ours.test(branch)) {
		throw new DreamError('git.badReference', `Not a branch of ours: ${JSON.stringify(branch)}`, {
			details: { branch },
		});
	}
	return `refs/heads/${branch}`;
}

/** The commit HEAD points to; undefined while there is none. */
export async function readHeadCommit(repository: GitRepository): Promise<string | undefined> {
	return await commitOf(repository, 'HEAD');
}

export async function branchAt(repository: GitRepository, branch: string): Promise<string | undefined> {
	return await commitOf(repository, referenceOf(branch));
}

/** Makes a branch; false when one of that name is there. */
export async function createBranch(repository: GitRepository, branch: string, commit: string): Promise<boolean> {
	const reference = referenceOf(branch);
	if ((await branchAt(repository, branch)) !== undefined) {
		return false;
	}
	// Refused by git itself when somebody else was faster.
	await repository.run(['update-ref', '--stdin'], {
		input: `start\ncreate ${reference} ${checkCommit(commit)}\ncommit\n`,
	});
	return true;
}

async function commitOf(repository: GitRepository, name: string): Promise<string | undefined> {
	const { output, exitCode } = await repository.run(['rev-parse', '--verify', '--quiet', `${name}^{commit}`], {
		accepts: (code) => code === 1,
	});
	return exitCode === 0 ? output.trim() : undefined;
}
