// Owns writing down that an agent claimed what the evidence contradicts: on the run beside its gates, and as an event.

import { displayLine } from '../../base/text.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import type { GateResult } from '../task/task.ts';
import type { Contradiction } from './readClaims.ts';

/** The results with one more for each contradicted claim. Fails with `run.fenced`. */
export async function recordClaims(
	transaction: LedgerTransaction,
	run: Run,
	gates: readonly GateResult[],
	contradictions: readonly Contradiction[],
	commit: string,
): Promise<GateResult[]> {
	const all = [
		...gates,
		...contradictions.map(({ claim, evidence }): GateResult => ({
			kind: 'claim',
			commit,
			command: `${run.worker} said: ${displayLine(claim, 200)}`,
			exit_code: 1,
			ending: 'contradicted',
			duration_ms: 0,
			output: evidence,
		})),
	];
	await transaction.updateRun({ run_id: run.run_id, epoch: run.epoch }, { gates: all, active_at: transaction.at });
	for (const { claim, evidence } of contradictions) {
		await transaction.append({
			type: 'claim.contradicted',
			task_id: run.task_id,
			run_id: run.run_id,
			agent_id: run.worker,
			message: `${run.worker} said "${displayLine(claim, 200)}", but: ${displayLine(evidence, 300)}`,
			data: { claim, evidence, commit },
		});
	}
	return all;
}
