// Owns which commit a run begins from: the open working tree as it is, or what a setting names.

import { DreamError } from '../../base/errors.ts';
import type { Git } from '../ports.ts';
import type { Settings } from '../settings.ts';

/** The commit the setting names; undefined when it names none. Fails with `worktrees.unknownBase`. */
export async function chooseBase(
	git: Pick<Git, 'resolveCommit'>,
	{ 'worktrees.base': name }: Pick<Settings, 'worktrees.base'>,
): Promise<string | undefined> {
	if (name.trim() === '') {
		return undefined;
	}
	const commit = await git.resolveCommit(name.trim());
	if (commit === undefined) {
		throw new DreamError(
			'worktrees.unknownBase',
			`dreamos.worktrees.base names no commit: ${JSON.stringify(name)}.`,
			{
				details: { setting: 'dreamos.worktrees.base', name },
				advice: 'Name a branch, a tag or a commit of this repository, or leave it empty to begin from the open files.',
			},
		);
	}
	return commit;
}
