// Owns what of a person's work only the person may give up: what lies in a worktree or waits to land, and what was left unfinished and
// nobody went on with. Completing the task by other means settles neither.

import type { LedgerReader } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import { isPersonRun } from './isPersonRun.ts';

/** Whether a person's run that is not over holds a change: it ends by finishing, giving back or dropping it, not by a word. */
export const holdsChange = (run: Pick<Run, 'host_id' | 'state' | 'worktree' | 'result_commit'>): boolean =>
	isPersonRun(run) && isOpenRun(run.state) && (run.worktree !== null || run.result_commit !== null);

/** What the start of a run says whose work it begins with; `isGoneOnWith` reads it. */
export const continuing = (run: Pick<Run, 'run_id'>) => ({ continues: run.run_id });

/** Whether a later run began with the work of this one, and so has it. */
async function isGoneOnWith(reader: LedgerReader, run: Run): Promise<boolean> {
	const moves = await reader.events({ task_id: run.task_id, types: ['task.moved'] });
	return moves.some(({ data }) => data?.['continues'] === run.run_id);
}

/** Id of the run whose work a run began with; undefined when it began anew. */
export async function beganWith(reader: LedgerReader, run: Run): Promise<string | undefined> {
	const moves = await reader.events({ run_id: run.run_id, types: ['task.moved'] });
	const from = moves.find(({ data }) => data?.['continues'] !== undefined)?.data?.['continues'];
	return typeof from === 'string' ? from : undefined;
}

/** Whether a person left work here that is in no other run: its rescue reference stays whatever becomes of the task. */
export const isLeftByPerson = async (reader: LedgerReader, run: Run): Promise<boolean> =>
	isPersonRun(run) && !isOpenRun(run.state) && !(await isGoneOnWith(reader, run));
