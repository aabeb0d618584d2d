// Owns who had a task last that waits again: it is offered to them first, but to those who got nowhere with it last.

import type { LedgerReader } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import type { StoredTask } from '../task/task.ts';

/** Releases that are remembered. */
const rememberedReleases = 50;

/** Workers by task. Asked for only while a task waits that somebody had: runs are read with all they said. */
export async function readOwners(
	reader: LedgerReader,
	tasks: readonly Pick<StoredTask, 'task'>[],
): Promise<ReadonlyMap<string, string>> {
	return ownersOf(await releasedRuns(reader, tasks), false);
}

/** Workers by task from whom the task was taken because they drifted or idled. */
export async function readDrifted(
	reader: LedgerReader,
	tasks: readonly Pick<StoredTask, 'task'>[],
): Promise<ReadonlyMap<string, string>> {
	return ownersOf(await releasedRuns(reader, tasks), true);
}

async function releasedRuns(reader: LedgerReader, tasks: readonly Pick<StoredTask, 'task'>[]): Promise<Run[]> {
	return tasks.some(({ task }) => task.status === 'READY' && task.attempts > 0)
		? reader.runs({ state: ['released'], limit: rememberedReleases })
		: [];
}

function ownersOf(released: readonly Run[], hasDrifted: boolean): ReadonlyMap<string, string> {
	// Newest first: an older one must not stand over it.
	const last = new Map(
		released
			.filter(({ host_id: host }) => host !== null)
			.toReversed()
			.map((run) => [run.task_id, run]),
	);
	return new Map(
		[...last].flatMap(([taskId, { worker, drift }]) =>
			(drift?.step === 'release') === hasDrifted ? [[taskId, worker]] : [],
		),
	);
}
