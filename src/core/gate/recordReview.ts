// Owns writing down what somebody decided about a change: part of the evidence of its run.

import { formatActor } from '../actor.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';

export interface Review {
	readonly verdict: 'accepted' | 'accepted in part' | 'rejected' | 'sent back';
	readonly reason?: string;
	/** Whose verdict it is, such as `agent:Agent-2`; who writes it unless given. */
	readonly by?: string;
}

export async function recordReview(
	transaction: LedgerTransaction,
	run: Run,
	{ verdict, reason, by = formatActor(transaction.actor) }: Review,
): Promise<void> {
	await transaction.append({
		type: 'run.reviewed',
		task_id: run.task_id,
		run_id: run.run_id,
		message: `${by} looked at the change of ${run.worker}: ${verdict}`,
		data: { verdict, by, commit: run.result_commit, ...(reason === undefined ? {} : { reason }) },
	});
}
