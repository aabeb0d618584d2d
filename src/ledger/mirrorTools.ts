// Owns what every part of the mirror works with, and what a pass reports.

import type { Logger } from '../base/log.ts';
import type { Actor } from '../core/actor.ts';
import type { Ledger } from '../core/ledger.ts';
import type { Clock, FileSystem } from '../core/ports.ts';
import type { StoredTask } from '../core/task/task.ts';
import type { LiveTasks } from '../core/task/liveTasks.ts';
import type { BoardFiles } from './boardFiles.ts';

export interface MirrorTools {
	readonly ledger: Ledger;
	readonly files: FileSystem;
	readonly clock: Clock;
	readonly log: Logger;
	/** Absolute path of the workspace. */
	readonly folder: string;
	/** Id of this mirror: who holds the lease. */
	readonly holder: string;
	readonly boards: BoardFiles;
	readonly tasks: LiveTasks<StoredTask>;
}

export const mirrorActor = (tools: Pick<MirrorTools, 'holder'>): Actor => ({ kind: 'system', id: tools.holder });

/** The sooner of two times to look again. */
export const sooner = (left: number | undefined, right: number | undefined): number | undefined =>
	left === undefined ? right : right === undefined ? left : Math.min(left, right);
