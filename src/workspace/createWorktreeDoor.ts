// Owns the worktrees as actions see them: the folder they lie in, the repository, the ledger and the host's state put together.

import { realpathSync } from 'node:fs';
import type { Logger } from '../base/log.ts';
import type { WorktreeDoor } from '../core/actions/worktreeDoor.ts';
import type { Ledger } from '../core/ledger.ts';
import type { Settings } from '../core/settings.ts';
import { listWorktreeRows } from '../core/worktree/worktreeInventory.ts';
import { reclaimWorktrees } from '../core/worktree/reclaimWorktrees.ts';
import { worktreesFolder } from '../node/cacheFolder.ts';
import { findPlaces } from './findPlaces.ts';
import type { WorkspacePorts } from './workspaceOptions.ts';

export interface WorktreeDoorParts {
	readonly folder: string;
	readonly ports: WorkspacePorts;
	readonly log: Logger;
	readonly ledger: () => Ledger;
	readonly settings: () => Settings;
	readonly isHostRunning: () => Promise<boolean>;
}

/** A view asks again at every change of the ledger; looking at a folder costs as much as it has files. */
const measureAgainMilliseconds = 60_000;

export function createWorktreeDoor(parts: WorktreeDoorParts): WorktreeDoor {
	const { files, clock } = parts.ports;
	const measured = new Map<string, { readonly at: number; readonly bytes: Promise<number> }>();
	const measure = (folder: string): Promise<number> => {
		const known = measured.get(folder);
		if (known !== undefined && clock.monotonic() - known.at < measureAgainMilliseconds) {
			return known.bytes;
		}
		const bytes = files.measure(folder);
		measured.set(folder, { at: clock.monotonic(), bytes });
		bytes.catch(() => measured.delete(folder));
		return bytes;
	};
	const gather = async () => {
		const ledger = parts.ledger();
		return {
			...parts.ports,
			files: { ...files, measure },
			log: parts.log,
			read: ledger.read.bind(ledger),
			worktreesFolder: placeOf(parts),
			isHostRunning: await parts.isHostRunning(),
		};
	};
	return {
		list: async () => listWorktreeRows(await gather()),
		reclaim: async (wish) => reclaimWorktrees(await gather(), wish),
		place: async () => {
			const { files, git, processes } = parts.ports;
			const { log, folder, settings } = parts;
			return { files, processes, log, workspaceFolder: folder, ...(await findPlaces(folder, git, settings())) };
		},
	};
}

/** As the host has it: git keeps real paths. */
function placeOf({ folder, settings }: WorktreeDoorParts): string {
	const wanted = worktreesFolder({ workspaceFolder: folder, setting: settings()['worktrees.folder'] });
	try {
		return realpathSync(wanted);
	} catch {
		return wanted;
	}
}
