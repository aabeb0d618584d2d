// Owns which files of the open working tree differ from HEAD, whoever changed them. The person's index is read, never written.

import { splitNul } from './gitIndex.ts';
import type { GitRepository } from './gitRepository.ts';

/** Paths from the top, sorted; untracked files one by one, ignored ones and repositories inside of it not. */
export async function openChanges({ runner, top }: GitRepository): Promise<readonly string[]> {
	const { output } = await runner.run({
		folder: top,
		arguments: [
			...['status', '--porcelain=v1', '-z', '--no-renames'],
			...['--untracked-files=all', '--ignore-submodules=all'],
		],
		environment: { GIT_OPTIONAL_LOCKS: '0' },
	});
	// Two letters and a space go before each path.
	return [...new Set(splitNul(output).map((line) => line.slice(3)))].filter((path) => !path.endsWith('/')).toSorted();
}
