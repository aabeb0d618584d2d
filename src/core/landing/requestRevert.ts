// Owns how a landing is asked to be taken back: which run is meant, and a command to whoever lands, inside the caller's transaction.

import { DreamError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import { commandKinds } from '../swarmFacts.ts';
import { requireTask } from '../task/moveTask.ts';
import { hasLiveEditor } from './requestLanding.ts';

const looked = 1000;

/** The run of a task that landed last and was not taken back; fails with `landing.nothing` when there is none. */
async function landedRun(reader: LedgerReader, taskId: string): Promise<Run> {
	await requireTask(reader, taskId);
	const events = await reader.events({ task_id: taskId, newestFirst: true, limit: looked });
	const reverted = new Set(events.flatMap(({ type, run_id }) => (type === 'landing.reverted' ? (run_id ?? []) : [])));
	const landed = events.find(
		({ type, run_id }) => type === 'landing.finished' && run_id !== undefined && !reverted.has(run_id),
	);
	const branch = landed?.data?.['branch'];
	if (typeof branch === 'string') {
		throw new DreamError(
			'landing.onBranch',
			`The change of ${taskId} is on the branch ${branch}, not in the working tree.`,
			{
				details: { task_id: taskId, branch },
				advice: 'Delete the branch, or revert its commit where it was merged.',
			},
		);
	}
	const run = landed?.run_id === undefined ? undefined : await reader.run(landed.run_id);
	if (run === undefined) {
		throw new DreamError(
			'landing.nothing',
			`No change of ${taskId} is in the working tree that could be taken back.`,
			{
				details: { task_id: taskId },
				advice: 'Only a change that an agent made and that landed here can be taken back, once.',
			},
		);
	}
	return run;
}

/** Hands the change a task landed to whoever lands, to be taken back. `now` in wall milliseconds. */
export async function requestRevert(
	transaction: LedgerTransaction,
	taskId: string,
	options: { readonly reopen: boolean; readonly now: number },
): Promise<{ readonly command_id: string; readonly run: Run; readonly hasEditor: boolean }> {
	const run = await landedRun(transaction, taskId);
	const hasEditor = await hasLiveEditor(transaction, options.now);
	const command_id = newId('command');
	await transaction.insertCommand({
		command_id,
		target: hasEditor ? 'editor' : 'host',
		kind: commandKinds.revertLanding,
		data: { run_id: run.run_id, reopen: options.reopen },
	});
	return { command_id, run, hasEditor };
}
