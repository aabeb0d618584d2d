// Owns who had a task last that waits again: it is offered to them first.

import type { LedgerReader } from '../ledger.ts';
import type { StoredTask } from '../task/task.ts';

/** Releases that are remembered. */
const rememberedReleases = 50;

/** Workers by task. Asked for only while a task waits that somebody had: runs are read with all they said. */
export async function readOwners(
	reader: LedgerReader,
	tasks: readonly Pick<StoredTask, 'task'>[],
): Promise<ReadonlyMap<string, string>> {
	if (!tasks.some(({ task }) => task.status === 'READY' && task.attempts > 0)) {
		return new Map();
	}
	const released = await reader.runs({ state: ['released'], limit: rememberedReleases });
	// Newest first: an older one must not stand over it.
	return new Map(
		released
			.filter(({ host_id: host }) => host !== null)
			.toReversed()
			.map(({ task_id, worker }) => [task_id, worker]),
	);
}
