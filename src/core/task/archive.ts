// Owns which file a task stands on: the board of its status or, for what was finished long ago, the archive of a month. An archive
// is no board of its own: its tasks are on the completed board, and only their file is another one.

import type { StoredTask, Task } from './task.ts';
import type { BoardName } from './taskStatus.ts';

/** Path of an archive below the folder of boards, without its ending: `archive/completed_tasks-2026-03`. */
export type ArchiveName = `archive/completed_tasks-${string}`;

/** A file that mirrors tasks: one of the four boards or an archive. */
export type BoardFileName = BoardName | ArchiveName;

const archivePattern = /^archive\/completed_tasks-\d{4}-(?:0[1-9]|1[0-2])$/u;

export const isArchive = (name: string): name is ArchiveName =>
	name.startsWith('archive/') && archivePattern.test(name);

export const boardOfFile = (file: BoardFileName): BoardName => (isArchive(file) ? 'completed_tasks' : file);

/** The file a task stands on. */
export const fileOf = ({ board, archive }: Pick<StoredTask, 'board' | 'archive'>): BoardFileName => archive ?? board;

/** A clock that is a little ahead finished nothing in the future. */
const aheadMilliseconds = 24 * 3600_000;
/** Nothing here was finished earlier: such stamps hold a place and say nothing. */
const earliest = Date.UTC(2000, 0, 1);

/**
 * When a task was finished, in wall milliseconds, as far as its stamps can be believed: a placeholder, or a day that is still to
 * come, is passed over for the next best stamp; `now` where there is none.
 */
function finishedAt(task: Task, now: number): number {
	for (const stamp of [task.completed_at, task.updated_at, task.created_at]) {
		const time = stamp === null ? Number.NaN : Date.parse(stamp);
		if (time >= earliest && time <= now + aheadMilliseconds) {
			return time;
		}
	}
	return now;
}

/** The archive of the month, in UTC, in which a task was finished. */
export const archiveOf = (task: Task, now: number): ArchiveName =>
	`archive/completed_tasks-${new Date(finishedAt(task, now)).toISOString().slice(0, 7)}`;

export interface ArchivePolicy {
	/** How many finished tasks stay on the completed board. */
	readonly kept: number;
	/** Finished tasks older than this go as well; 0 for no such limit. */
	readonly days: number;
}

/** So many more than are kept may gather before a month is written anew: otherwise each task that is finished would do it. */
const slackOf = (kept: number): number => Math.max(20, Math.ceil(kept / 4));

const dayMilliseconds = 24 * 3600_000;

/** The tasks of the completed board that now go to their archives, oldest first. */
export function chooseArchived(onBoard: readonly StoredTask[], policy: ArchivePolicy, now: number): StoredTask[] {
	const oldest = policy.days === 0 ? -Infinity : now - policy.days * dayMilliseconds;
	const isFull = onBoard.length > policy.kept + slackOf(policy.kept);
	if (!isFull && policy.days === 0) {
		return [];
	}
	const dated = onBoard.map((stored) => ({ stored, at: finishedAt(stored.task, now) }));
	dated.sort((left, right) => left.at - right.at || left.stored.position - right.stored.position);
	const surplus = isFull ? onBoard.length - policy.kept : 0;
	return dated.filter(({ at }, rank) => rank < surplus || at < oldest).map(({ stored }) => stored);
}
