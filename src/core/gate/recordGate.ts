// Owns writing down that a gate of a run ran: on the run, and as an event.

import type { LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import type { GateResult } from '../task/task.ts';
import { gateVerdict } from './gateVerdict.ts';

/** Adds a gate to those of the run. Fails with `run.fenced`. */
export async function recordGate(
	transaction: LedgerTransaction,
	run: Run,
	gates: readonly GateResult[],
	gate: GateResult,
): Promise<void> {
	await transaction.updateRun(
		{ run_id: run.run_id, epoch: run.epoch },
		{ gates: [...gates], active_at: transaction.at },
	);
	await transaction.append({
		type: 'gate.finished',
		task_id: run.task_id,
		run_id: run.run_id,
		agent_id: run.worker,
		message: `gate ${gateVerdict(gate)} after ${gate.duration_ms} ms: ${gate.command}`,
		data: {
			kind: gate.kind ?? 'command',
			command: gate.command,
			exit_code: gate.exit_code,
			ending: gate.ending,
			duration_ms: gate.duration_ms,
			...(gate.commit === undefined ? {} : { commit: gate.commit }),
		},
	});
}

/** Tells that gates altered files of the work they judged. */
export async function recordAltered(transaction: LedgerTransaction, run: Run, files: readonly string[]): Promise<void> {
	await transaction.append({
		type: 'gate.altered',
		task_id: run.task_id,
		run_id: run.run_id,
		agent_id: run.worker,
		message: `a gate altered files of the change (${files.slice(0, 10).join(', ')}); what was there before the gates is what counts`,
		data: { files: [...files] },
	});
}
