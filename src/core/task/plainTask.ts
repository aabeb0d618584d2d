// Owns the smaller half of a stored task: what is kept of all of them by whoever only looks.

import type { StoredTask } from './task.ts';

/** A stored task without what its board shows, which is the larger half: what is kept of all tasks by whoever only looks at them. */
export type PlainTask = Omit<StoredTask, 'record'>;

export function withoutRecord(stored: StoredTask): PlainTask {
	const { task, board, archive, position, epoch, run_id, sequence } = stored;
	const plain = { task, board, position, epoch, run_id, sequence };
	return Object.freeze(archive === undefined ? plain : { ...plain, archive });
}
