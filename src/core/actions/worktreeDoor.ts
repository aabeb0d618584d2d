// Owns what actions may ask about the worktrees of this workspace. Implemented in workspace/.

import type { WorktreeRow } from '../worktree/worktreeInventory.ts';
import type { WorktreePlace } from '../person/personParts.ts';
import type { Reclaimed, ReclaimWish } from '../worktree/reclaimWorktrees.ts';

export interface WorktreeDoor {
	/** Everything of ours on the disk and in git's own list, whoever left it there. */
	list(): Promise<readonly WorktreeRow[]>;
	/**
	 * Removes worktrees once their work is safe. Fails with `worktrees.unknown`, with `worktrees.inUse` while somebody works there, and
	 * with `worktrees.notSafe` when the one that was asked for holds work that could not be saved.
	 */
	reclaim(wish: ReclaimWish): Promise<Reclaimed>;
	/** What a person's own work in a worktree needs. Fails with `git.*`, `worktrees.inside`. */
	place(): Promise<WorktreePlace>;
}
