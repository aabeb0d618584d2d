// Owns what a person may do about a landing that was cut short: ask for it again, without waiting for anybody's patience to end.

import { DreamError } from '../../base/errors.ts';
import type { Command, LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import { commandKinds } from '../swarmFacts.ts';
import { isTakerAlive } from './landingTaker.ts';

/**
 * The command of a run's landing whose taker died, free to be taken again; undefined when the run is not landing. Fails with
 * `run.landing` while somebody lands it. `now` in wall milliseconds.
 */
export async function reviveLanding(
	transaction: LedgerTransaction,
	run: Run,
	now: number,
): Promise<Command | undefined> {
	if (run.state !== 'landing') {
		return undefined;
	}
	const open = [
		...(await transaction.commands({ state: 'taken' })),
		...(await transaction.commands({ state: 'pending' })),
	];
	const command = open.find(({ kind, data }) => kind === commandKinds.applyLanding && data['run_id'] === run.run_id);
	if (command === undefined) {
		return undefined;
	}
	if (command.state === 'taken') {
		if (await isTakerAlive(transaction, command, now)) {
			throw new DreamError('run.landing', `The change of ${run.run_id} is being landed by ${command.taken_by}.`, {
				details: { task_id: run.task_id, run_id: run.run_id },
				advice: 'Wait for it; the history of the run says how it ends.',
			});
		}
		await transaction.returnCommand(command.command_id);
	}
	return command;
}
