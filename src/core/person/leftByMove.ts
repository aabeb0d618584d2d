// Owns what is said when a move ends a person's run that was not finished: where the work lies, and where it is kept afterwards.

import { rescueReference } from '../landing/runReferences.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import { isPersonRun } from './isPersonRun.ts';

export interface LeftByMove {
	/** Absolute path of the worktree; it goes when a host starts or it is reclaimed. */
	readonly folder: string;
	/** The reference the work is kept under from then on. */
	readonly kept: string;
}

/** undefined when the run is no person's, is not over, was finished, or has no worktree any more. */
export function leftByMove(run: Run): LeftByMove | undefined {
	const isLeft = isPersonRun(run) && !isOpenRun(run.state) && run.state !== 'completed';
	return isLeft && run.worktree !== null ? { folder: run.worktree, kept: rescueReference(run.run_id) } : undefined;
}
