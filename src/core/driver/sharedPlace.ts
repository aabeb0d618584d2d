// Owns where processes that serve several runs are started, and the mark by which a later host finds what is left of them. They
// belong to no run, so neither a run's worktree nor a run's id will do.

export interface SharedPlace {
	/** Absolute path of a folder that no run owns. */
	readonly folder: string;
	/** The same for every host of a workspace, and for no other workspace; see `ProcessRunner.endRun`. */
	readonly mark: string;
}

/** The place of a workspace, by the folder of its worktrees, which it shares with no other. */
export function sharedPlace(worktreesFolder: string): SharedPlace {
	// Marks are parted by colons.
	return { folder: worktreesFolder, mark: `agents-${encodeURIComponent(worktreesFolder)}` };
}
