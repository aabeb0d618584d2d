// Owns how folders of worktrees are named: after the run they belong to, or as one of the pool. Nothing else in the folder is ours.

import { newId } from '../../base/ids.ts';

const runName = /^run-[0-9a-z-]+$/u;
const poolName = /^pool-[0-9a-z-]+$/u;

export const newPoolName = (): string => newId('pool');

export const isPoolName = (name: string): boolean => poolName.test(name);

export const isRunName = (name: string): boolean => runName.test(name);

export const isWorktreeName = (name: string): boolean => isRunName(name) || isPoolName(name);

/** The last part of a path, whichever way its slashes lean. */
export const nameOfFolder = (folder: string): string => folder.replace(/^.*[\\/]/u, '');

const arrivalsEnding = '.landing';
/** Where the files of an earlier change are on their way into a new worktree, beside it. */
export const arrivalsFolder = (worktree: string): string => `${worktree}${arrivalsEnding}`;

export const isArrivalsName = (name: string): boolean =>
	name.endsWith(arrivalsEnding) && isRunName(name.slice(0, -arrivalsEnding.length));

/** Where shared caches lie among the worktrees; no worktree has this name. */
export const cachesFolder = 'caches';
