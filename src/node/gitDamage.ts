// Owns finding out whether a hidden commit can still be read as a whole. It looks only at what the commit has beyond the one it was
// made on, so that what it costs does not grow with the repository.

import { isDreamError } from '../base/errors.ts';
import type { GitRepository } from './gitRepository.ts';
import { checkCommit } from './gitRepository.ts';

/** Whether git failed because of an object that is damaged or missing, and not because of the disk, a lock or itself. */
export const isDamage = (error: unknown): boolean =>
	isDreamError(error, 'git.unknownCommit') ||
	(isDreamError(error, 'git.failed') && damaged.test(String(error.details['errorOutput'])));

const damaged =
	/missing object|corrupt|unable to (?:read|unpack|find)|could not get object|inflate|bad file|garbage|bad tree|not a valid/iu;

/** One line on what is wrong with a commit, what it changes or what it carries; undefined when all of it can be read. */
export async function findDamage(repository: GitRepository, commit: string): Promise<string | undefined> {
	try {
		const { output } = await repository.run(['cat-file', 'commit', checkCommit(commit)]);
		const { output: id } = await repository.run(['hash-object', '-t', 'commit', '--stdin'], { input: output });
		if (id.trim() !== commit) {
			return `commit ${commit} is not what its name says`;
		}
		const [base, carried] = output.split('\n').flatMap((line) => /^parent (\S+)$/u.exec(line)?.[1] ?? []);
		// Counting lines makes git read every content on both sides.
		const read = (pair: readonly string[]) =>
			repository.run(['diff-tree', '--root', '-r', '--numstat', '--no-commit-id', '--no-renames', ...pair]);
		await read(base === undefined ? [commit] : [base, commit]);
		await (carried === undefined ? undefined : read([carried]));
		return undefined;
	} catch (error) {
		if (isDreamError(error) && isDamage(error)) {
			return error.message;
		}
		throw error;
	}
}
