// Owns what a person's own work in a worktree needs beside the ledger: the same places and ports a host has, in the program the
// person is at.

import { Sequencer } from '../../base/async.ts';
import type { Logger } from '../../base/log.ts';
import type { ActionContext } from '../actions/action.ts';
import type { LandingBounds } from '../landing/landingPath.ts';
import { placeToWork } from '../landing/landingPath.ts';
import type { LandingTarget } from '../landing/landingTarget.ts';
import type { FileSystem, ProcessRunner } from '../ports.ts';

/** Where worktrees lie on this machine, and what works in them. */
export interface WorktreePlace {
	readonly files: FileSystem;
	readonly processes: ProcessRunner;
	readonly log: Logger;
	/** Absolute path of the workspace folder. */
	readonly workspaceFolder: string;
	readonly bounds: LandingBounds;
	/** Files of a worktree, as a place for a change; `folder` is its absolute path. */
	readonly worktreeTarget: (folder: string) => LandingTarget;
	/** Absolute path of the folder that holds this workspace's worktrees. */
	readonly worktreesFolder: string;
}

export type PersonParts = ActionContext & WorktreePlace;

/** Fails with `git.*`, `worktrees.inside`. */
export async function personParts(context: ActionContext): Promise<PersonParts> {
	return { ...context, ...(await context.worktrees.place()) };
}

/** The workspace's place in a worktree. */
export function workFolderOf({ files, bounds }: Pick<WorktreePlace, 'files' | 'bounds'>, folder: string): string {
	const place = placeToWork(bounds);
	return place === '' ? folder : files.join(folder, place);
}

/** The parts as the code of a host wants them: a person's program has no pool and no queue of its own. */
export function preparePartsOf(parts: PersonParts) {
	return {
		...parts,
		ledger: { read: parts.ledger.read.bind(parts.ledger) },
		settings: () => parts.settings,
		workspaceQueue: new Sequencer(),
		worktrees: { provide: (folder: string, commit: string) => parts.git.addWorktree(folder, commit) },
	};
}
