// Owns bringing one change into the open workspace: planned against what is there now, kept so that it can be taken back, applied as a
// whole. When a file is saved in between, it is planned again.

import { describeError, isDreamError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { ChangedFile, Git } from '../ports.ts';
import type { ConflictWords } from './conflictWords.ts';
import type { LandingBounds } from './landingPath.ts';
import { excludedPaths } from './landingPath.ts';
import type { LandingOperation, LandingTarget } from './landingTarget.ts';
import type { LandingConflict } from './planLanding.ts';
import { planLanding } from './planLanding.ts';
import { renamedSince } from './renamedSince.ts';

/** How often a plan is made again because somebody changed a file between planning and applying. */
const planLimit = 5;

export interface ApplyParts {
	readonly git: Pick<Git, 'changes' | 'fileAt' | 'mergeText' | 'snapshot'>;
	readonly target: LandingTarget;
	readonly bounds: LandingBounds;
	readonly log: Logger;
}

export interface ChangeToApply {
	readonly base: string;
	readonly result: string;
	/** Who changes, for the editor's undo and the log. */
	readonly label: string;
	readonly words?: ConflictWords;
	/** Called with the steps before they are taken. */
	readonly onPlanned?: (operations: readonly LandingOperation[]) => Promise<void>;
}

export type AppliedChange =
	| { readonly kind: 'applied'; readonly changes: readonly ChangedFile[] }
	| { readonly kind: 'conflicts'; readonly conflicts: readonly LandingConflict[] };

/** Applies all of it or nothing. Rejects with `landing.failed`, or what git or the ledger say. */
export async function applyChange(parts: ApplyParts, change: ChangeToApply): Promise<AppliedChange> {
	const { git, target, bounds, log } = parts;
	const { base, result, label, words, onPlanned } = change;
	const changes = await git.changes(base, result, excludedPaths);
	for (let round = 1; ; round += 1) {
		const plan = await planLanding(git, target, {
			changes,
			base,
			result,
			bounds,
			...(words === undefined ? {} : { words }),
			renamedHere: () => renamedSince(git, base),
		});
		if (plan.conflicts.length > 0) {
			return { kind: 'conflicts', conflicts: plan.conflicts };
		}
		await onPlanned?.(plan.operations);
		try {
			await target.apply(plan.operations, label);
			return { kind: 'applied', changes };
		} catch (error) {
			if (round >= planLimit || !isDreamError(error, 'landing.changedMeanwhile')) {
				throw error;
			}
			log.info(`${label}: ${describeError(error)} Planning again.`);
		}
	}
}
