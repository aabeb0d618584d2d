// Owns the worktrees as actions see them: the folder they lie in, the repository, the ledger and the host's state put together.

import { realpathSync } from 'node:fs';
import type { Logger } from '../base/log.ts';
import type { WorktreeDoor } from '../core/actions/worktreeDoor.ts';
import type { Ledger } from '../core/ledger.ts';
import type { Settings } from '../core/settings.ts';
import { listWorktreeRows } from '../core/worktree/worktreeInventory.ts';
import { reclaimWorktrees } from '../core/worktree/reclaimWorktrees.ts';
import { worktreesFolder } from '../node/cacheFolder.ts';
import type { WorkspacePorts } from './workspaceOptions.ts';

export interface WorktreeDoorParts {
	readonly folder: string;
	readonly ports: WorkspacePorts;
	readonly log: Logger;
	readonly ledger: () => Ledger;
	readonly settings: () => Settings;
	readonly isHostRunning: () => Promise<boolean>;
}

export function createWorktreeDoor(parts: WorktreeDoorParts): WorktreeDoor {
	const gather = async () => {
		const ledger = parts.ledger();
		return {
			...parts.ports,
			log: parts.log,
			read: ledger.read.bind(ledger),
			worktreesFolder: placeOf(parts),
			isHostRunning: await parts.isHostRunning(),
		};
	};
	return {
		list: async () => listWorktreeRows(await gather()),
		reclaim: async (wish) => reclaimWorktrees(await gather(), wish),
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
