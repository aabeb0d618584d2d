// Owns a worker's word that it is done. The word ends nothing: the host takes the change and proves it by the gates.

import { DreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import type { LedgerEvent } from '../events.ts';
import type { Claims } from '../gate/claims.ts';
import { readClaims } from '../gate/claims.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { HeldRun } from './heldRun.ts';

/** Keeps the word with its summary and what it claims. Fails with `run.notDriven` for a claim that no host drives. */
export async function finishRun(
	transaction: LedgerTransaction,
	{ run }: HeldRun,
	summary: string,
	claims?: Claims,
): Promise<void> {
	if (run.host_id === null) {
		throw new DreamError('run.notDriven', `No host drives ${run.run_id}: nobody would take its change.`, {
			details: { run_id: run.run_id, task_id: run.task_id },
			advice: `Complete ${run.task_id} instead (task_complete, or dreamos task complete).`,
		});
	}
	await transaction.append({
		type: 'run.finished',
		task_id: run.task_id,
		run_id: run.run_id,
		agent_id: run.worker,
		message: `${run.worker} says it is done: ${displayLine(summary, 300)}`,
		data: { summary, ...(claims === undefined ? {} : { claims: { ...claims } }) },
	});
}

/** The last summary a run gave with its word that it is done; undefined while it gave none. */
export async function finishedSummary(reader: LedgerReader, runId: string): Promise<string | undefined> {
	const summary = (await lastWord(reader, runId))?.['summary'];
	return typeof summary === 'string' ? summary : undefined;
}

/** What a run claimed in fields with that word; undefined where it claimed nothing so. */
export async function finishedClaims(reader: LedgerReader, runId: string): Promise<Claims | undefined> {
	return readClaims((await lastWord(reader, runId))?.['claims']);
}

async function lastWord(reader: LedgerReader, runId: string): Promise<LedgerEvent['data']> {
	const [event] = await reader.events({ run_id: runId, types: ['run.finished'], newestFirst: true, limit: 1 });
	return event?.data;
}
