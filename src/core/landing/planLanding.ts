// Owns the decision how a change lands: for each file, what base, agent and open workspace make together. It changes nothing;
// one conflict means that nothing lands. Planning again after a landing that was cut short ends in the same content.

import { inBatches } from '../../base/async.ts';
import type { ChangedFile, Git } from '../ports.ts';
import type { ConflictWords } from './conflictWords.ts';
import { landingWords } from './conflictWords.ts';
import type { LandingBounds } from './landingPath.ts';
import type { LandingOperation, LandingTarget } from './landingTarget.ts';
import { sameContent } from './mergeContent.ts';
import type { FileFacts, FilePlan } from './planFile.ts';
import { planFile } from './planFile.ts';

export interface LandingConflict {
	readonly path: string;
	/** Phrase that follows the path: `was changed on both sides in one place`. */
	readonly reason: string;
	/** The lines both sides changed, with git's marks. */
	readonly bothSides?: string;
}

export interface LandingPlan {
	/** Empty when there is a conflict, or when everything is there already. What goes comes first: it may be in the way. */
	readonly operations: readonly LandingOperation[];
	readonly conflicts: readonly LandingConflict[];
}

export interface LandingFacts {
	readonly changes: readonly ChangedFile[];
	/** Commit the agent began with, and the one it ended with. */
	readonly base: string;
	readonly result: string;
	readonly bounds: LandingBounds;
	/** How conflicts are told; a change that lands unless said otherwise. */
	readonly words?: ConflictWords;
	/** Files that were renamed here since the base, new name by old name; asked only when a file of the change is not where it was. */
	readonly renamedHere?: () => Promise<ReadonlyMap<string, string>>;
}

/** What git is asked for in one go: each go starts programs, and a change of a thousand files is not rare. */
const plannedTogether = 256;

/** Compares and plans. Rejects only when git or the target cannot be read. */
export async function planLanding(
	git: Pick<Git, 'fileAt' | 'mergeText'>,
	target: Pick<LandingTarget, 'read'>,
	facts: LandingFacts,
): Promise<LandingPlan> {
	let renames: Promise<ReadonlyMap<string, string>> | undefined;
	const file: FileFacts = {
		...facts,
		words: facts.words ?? landingWords,
		git,
		target,
		renamedHere: () => (renames ??= facts.renamedHere?.() ?? Promise.resolve(new Map())),
	};
	const plans = await inBatches(facts.changes, (change) => planFile(file, change), plannedTogether);
	const operations = plans.flatMap((plan) => plan.operations ?? []);
	const going = new Set(
		operations.flatMap(({ kind, path, previousPath }) => (kind === 'delete' ? path : (previousPath ?? []))),
	);
	const rest = await inBatches(
		plans.filter(({ obstacle }) => obstacle !== undefined),
		(plan) => planBehindObstacle(file, plan, going),
	);
	const conflicts = [...plans.filter(({ obstacle }) => obstacle === undefined), ...rest].flatMap(
		({ conflict }) => conflict ?? [],
	);
	if (conflicts.length > 0) {
		return { operations: [], conflicts };
	}
	const all = [...operations, ...rest.flatMap((plan) => plan.operations ?? [])];
	const isDeletion = ({ kind }: LandingOperation) => kind === 'delete';
	return { operations: [...all.filter(isDeletion), ...all.filter((each) => !isDeletion(each))], conflicts };
}

/** Plans a file once more, for whose place others of the change make room: a folder in place of a file, or the other way round. */
async function planBehindObstacle(facts: FileFacts, blocked: FilePlan, going: ReadonlySet<string>): Promise<FilePlan> {
	const { obstacle, change, conflict } = blocked;
	const own = change.previousPath;
	if (obstacle?.by === undefined || !obstacle.by.every((path) => going.has(path) || path === own)) {
		return { change, ...(conflict === undefined ? {} : { conflict }) };
	}
	const { path } = change;
	const target = {
		read: async (asked: string) => (asked === path ? ({ kind: 'none' } as const) : facts.target.read(asked)),
	};
	const plan = await planFile({ ...facts, target }, change);
	const [rename] = plan.operations ?? [];
	if (
		rename?.previousPath !== undefined &&
		rename.expected.kind === 'file' &&
		obstacle.by.includes(rename.previousPath)
	) {
		const base = await facts.git.fileAt(facts.base, rename.previousPath);
		if (base === undefined || !sameContent(base, rename.expected.content)) {
			// Such a move takes two steps; cut short between them, what was edited here would be nowhere.
			return {
				change,
				conflict: {
					path: rename.previousPath,
					reason: `was edited here and is to move into a folder of its name`,
				},
			};
		}
	}
	const operations = (plan.operations ?? []).flatMap((operation): LandingOperation[] => {
		const { content, mode, expected, previousPath } = operation;
		const create: LandingOperation = {
			kind: 'create',
			path,
			...(content === undefined ? {} : { content }),
			mode,
			expected: obstacle,
		};
		// A file cannot move to a place it stands in the way of.
		return previousPath === undefined
			? [create]
			: [{ kind: 'delete', path: previousPath, mode: '', expected }, create];
	});
	return { ...plan, operations };
}

/** One sentence that names the files that stand in the way, at most `limit` of them. */
export function describeConflicts(conflicts: readonly LandingConflict[], limit = 5): string {
	const shown = conflicts.slice(0, limit).map(({ path, reason }) => `${path} ${reason}`);
	const rest = conflicts.length - shown.length;
	return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
