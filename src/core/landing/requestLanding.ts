// Owns how a change is sent to be landed: the run's state and a command to whoever lands, inside the caller's transaction.

import { DreamError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import { commandKinds, isLeaseAlive, leaseNames } from '../swarmFacts.ts';

/** Whether an editor window is attached at this moment (wall milliseconds); it then lands changes through its own edit API. */
export async function hasLiveEditor(reader: LedgerReader, now: number): Promise<boolean> {
	const leases = await reader.leases(leaseNames.editorPrefix);
	return leases.some((lease) => isLeaseAlive(lease, now));
}

/**
 * Hands a run's change to whoever lands: an editor window, or the host when none is attached. Returns the id of the command.
 * Fails with `run.fenced` when the run no longer holds its task, `landing.nothing` when it has no result.
 */
export async function requestLanding(
	transaction: LedgerTransaction,
	run: Run,
	options: { readonly hasEditor: boolean; readonly toBranch?: boolean },
): Promise<string> {
	if (run.result_commit === null || run.base_commit === null) {
		throw new DreamError('landing.nothing', `${run.run_id} has no change to land.`, {
			details: { task_id: run.task_id, run_id: run.run_id },
			advice: 'Only a run whose worker has finished can land.',
		});
	}
	const toBranch = options.toBranch === true;
	const target = options.hasEditor && !toBranch ? 'editor' : 'host';
	await transaction.updateRun(run, { state: 'landing', reason: null, active_at: transaction.at });
	await transaction.append({
		type: 'run.changed',
		task_id: run.task_id,
		run_id: run.run_id,
		message: `${run.run_id} of ${run.worker}: landing (by the ${target})`,
		data: { state: 'landing', target },
	});
	const command_id = newId('command');
	await transaction.insertCommand({
		command_id,
		target,
		kind: commandKinds.applyLanding,
		data: { run_id: run.run_id, epoch: run.epoch, ...(toBranch ? { to: 'branch' } : {}) },
	});
	return command_id;
}
