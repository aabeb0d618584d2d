// Owns which runs wait for a person's answer.

import type { LedgerReader } from '../ledger.ts';

/** By run, the oldest question that is open. */
export async function readAsking(reader: Pick<LedgerReader, 'questions'>): Promise<ReadonlyMap<string, string>> {
	const open = await reader.questions({ state: 'open' });
	return new Map(open.toReversed().map(({ run_id, question_id }) => [run_id, question_id]));
}
