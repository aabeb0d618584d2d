// Owns which runs wait for a person's answer.

import type { LedgerReader } from '../ledger.ts';
import { noRun } from './question.ts';

/** By run, the oldest question that is open. */
export async function readAsking(reader: Pick<LedgerReader, 'questions'>): Promise<ReadonlyMap<string, string>> {
	const open = await reader.questions({ state: 'open' });
	const ofRuns = open.toReversed().filter(({ run_id }) => run_id !== noRun);
	return new Map(ofRuns.map(({ run_id, question_id }) => [run_id, question_id]));
}
