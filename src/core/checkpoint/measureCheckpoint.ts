// Owns what one checkpoint takes of the disk and how many files it changes: worked out only for the few that are looked at.

import type { Git } from '../ports.ts';
import type { Checkpoint } from './checkpoint.ts';

export interface ListedCheckpoint extends Checkpoint {
	/** What it alone takes of the disk; other checkpoints of its run share much of that. Left out where nobody measured. */
	readonly bytes?: number;
	/** How many files differ from what its run began with. */
	readonly file_count?: number;
}

/** One that is damaged comes back without figures. */
export async function measureCheckpoint(
	git: Pick<Git, 'sizeOfCommits' | 'changes'>,
	checkpoint: Checkpoint,
): Promise<ListedCheckpoint> {
	const { commit, story, is_damaged: isDamaged } = checkpoint;
	if (isDamaged) {
		return checkpoint;
	}
	try {
		const bytes = await git.sizeOfCommits([commit]);
		return story === undefined
			? { ...checkpoint, bytes }
			: { ...checkpoint, bytes, file_count: (await git.changes(story.base, commit, [])).length };
	} catch {
		// What is behind its name is damaged; restoring it says so.
		return checkpoint;
	}
}
