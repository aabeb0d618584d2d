// Owns which earlier change of a task is still to be worked on: one that was sent back, work that was handed to another agent, or a
// checkpoint a person went back to.
// Attempts in between that were cut short or failed their gates settle nothing; a later change that came before a person, or an end
// of the task, does.

import { withoutTakenBack } from '../checkpoint/standingRestore.ts';
import type { LedgerReader } from '../ledger.ts';
import type { Run } from '../run/run.ts';

export interface EarlierChange {
	readonly run: Run;
	readonly how: 'sentBack' | 'handedOff' | 'restored';
	/** What a restored checkpoint tells of the work; undefined when it tells nothing. */
	readonly story?: unknown;
}

const looked = 1000;
const taken = { 'run.sentBack': 'sentBack', 'run.handedOff': 'handedOff', 'run.restored': 'restored' } as const;
const settlingStates: readonly unknown[] = ['review', 'landing'];

/** The last of them; undefined when there was none, or when something was decided since. */
export async function earlierChange(reader: LedgerReader, taskId: string): Promise<EarlierChange | undefined> {
	const events = await reader.events({ task_id: taskId, newestFirst: true, limit: looked });
	for (const { type, run_id: runId, data } of withoutTakenBack(events)) {
		if ((type === 'run.sentBack' || type === 'run.handedOff' || type === 'run.restored') && runId !== undefined) {
			const run = await reader.run(runId);
			return run === undefined ? undefined : { run, how: taken[type], story: data?.['story'] };
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
