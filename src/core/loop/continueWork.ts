// Owns how an attempt begins with what an earlier one had: a change that was sent back, or work that was handed over, is put into the new worktree, on top of what is
// open now, so that the agent goes on instead of starting over.

import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { LandingBounds } from '../landing/landingPath.ts';
import { excludedPaths } from '../landing/landingPath.ts';
import type { LandingTarget } from '../landing/landingTarget.ts';
import { describeConflicts, planLanding } from '../landing/planLanding.ts';
import { rescueReference } from '../landing/runReferences.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { EarlierChange } from './earlierChange.ts';
import { earlierChange } from './earlierChange.ts';

export interface ContinueParts {
	readonly git: Pick<Git, 'changes' | 'fileAt' | 'mergeText' | 'listReferences'>;
	readonly read: <T>(work: (reader: LedgerReader) => Promise<T>) => Promise<T>;
	readonly bounds: LandingBounds;
	readonly log: Logger;
	/** Files of a worktree. */
	readonly target: LandingTarget;
}

/**
 * The earlier change the worktree now holds, with the commit it was kept as. undefined when there is none, or it no longer fits what
 * is open: then the attempt begins without it.
 */
export async function continueWork(
	parts: ContinueParts,
	current: Run,
): Promise<{ readonly run: Run; readonly commit: string } | undefined> {
	const { git, target, bounds, log, read } = parts;
	const earlier = await read((reader) => earlierChange(reader, current.task_id));
	const base = earlier?.run.base_commit;
	if (earlier === undefined || typeof base !== 'string') {
		return undefined;
	}
	try {
		const result = await resultOf(git, earlier);
		if (result === undefined) {
			return undefined;
		}
		const changes = await git.changes(base, result, excludedPaths);
		const { operations, conflicts } = await planLanding(git, target, { changes, base, result, bounds });
		if (conflicts.length > 0) {
			log.info(`${current.run_id} begins anew: its earlier change does not fit: ${describeConflicts(conflicts)}`);
			return undefined;
		}
		await target.apply(operations, current.run_id);
		return { run: earlier.run, commit: result };
	} catch (error) {
		log.warn(`${current.run_id} begins anew, without its earlier change: ${describeError(error)}`);
		return undefined;
	}
}

/** What was sent back is a result; what was handed over was kept when its run ended. */
async function resultOf(git: ContinueParts['git'], { run, how }: EarlierChange): Promise<string | undefined> {
	if (how === 'sentBack') {
		return run.result_commit ?? undefined;
	}
	const name = rescueReference(run.run_id);
	return (await git.listReferences(name)).find((reference) => reference.name === name)?.commit;
}
