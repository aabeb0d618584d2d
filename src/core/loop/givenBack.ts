// Owns which work a person gave back and is still to be gone on with: attempts in between that were cut short settle nothing; a later
// change that came to the checks, or an end of the task, does.

import type { LedgerReader } from '../ledger.ts';
import type { Run } from '../run/run.ts';

const looked = 1000;
const settlingMoves: readonly unknown[] = ['reopen', 'complete', 'retry'];

export interface GivenBackWork {
	/** The person's run; its rescue reference holds the files. */
	readonly run: Run;
	/** Commit the change is measured from. */
	readonly base: string;
	readonly commit: string;
	/** The agent's run the person had taken over; its session may know the task. */
	readonly agentRun: Run | undefined;
	/** What the person did and says, for the agent. */
	readonly note: string;
}

/** The work that was given back last; undefined when none was, or when something came of it since. */
export async function givenBackWork(reader: LedgerReader, taskId: string): Promise<GivenBackWork | undefined> {
	const events = await reader.events({ task_id: taskId, newestFirst: true, limit: looked });
	for (const { type, run_id: runId, data } of events) {
		const isSettled =
			type === 'run.sentBack' ||
			type === 'run.handedOff' ||
			(type === 'run.changed' && data?.['state'] === 'validating') ||
			(type === 'task.moved' && settlingMoves.includes(data?.['move']));
		if (isSettled) {
			return undefined;
		}
		if (type === 'run.givenBack' && runId !== undefined) {
			const run = await reader.run(runId);
			const { base, commit, agent_run: agentRun, note } = data ?? {};
			if (run === undefined || typeof base !== 'string' || typeof commit !== 'string') {
				return undefined;
			}
			return {
				run,
				base,
				commit,
				agentRun: typeof agentRun === 'string' ? await reader.run(agentRun) : undefined,
				note: typeof note === 'string' ? note : '',
			};
		}
	}
	return undefined;
}
