// Owns reading how agents did lately.

import type { Agent } from '../agent/agent.ts';
import type { WorkRecords } from '../figures/workRecord.ts';
import { countOutcomes, noRecords, recordedRuns } from '../figures/workRecord.ts';
import type { LedgerReader } from '../ledger.ts';

/** Where there is no choice nothing is read. */
export async function readWorkRecords(
	reader: Pick<LedgerReader, 'runOutcomes'>,
	agents: readonly Agent[],
): Promise<WorkRecords> {
	const enabled = agents.filter(({ enabled: isEnabled }) => isEnabled);
	if (enabled.length < 2) {
		return noRecords;
	}
	const outcomes = await Promise.all(
		enabled.map(({ id }) => reader.runOutcomes({ worker: id, limit: recordedRuns })),
	);
	return countOutcomes(outcomes.flat());
}
