// Owns which change of a task was sent back and is still to be worked on: attempts in between that were cut short or failed their
// gates settle nothing; a later change that came before a person, or an end of the task, does.

import type { LedgerReader } from '../ledger.ts';
import type { Run } from '../run/run.ts';

const looked = 1000;
const settlingStates: readonly unknown[] = ['review', 'landing'];

/** The run whose change was sent back last; undefined when none was, or when something was decided since. */
export async function sentBackRun(reader: LedgerReader, taskId: string): Promise<Run | undefined> {
	for (const { type, run_id: runId, data } of await reader.events({
		task_id: taskId,
		newestFirst: true,
		limit: looked,
	})) {
		if (type === 'run.sentBack' && runId !== undefined) {
			return reader.run(runId);
		}
		const isSettled =
			(type === 'run.changed' && settlingStates.includes(data?.['state'])) ||
			(type === 'task.moved' && data?.['move'] === 'reopen');
		if (isSettled) {
			return undefined;
		}
	}
	return undefined;
}
