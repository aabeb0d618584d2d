// Owns a hand-off: the task goes back to its queue for another agent, with a note on where things stand. It refuses circles:
// an agent that handed a task off does not get it back from another agent. A person may hand it to whom they like.

import { DreamError } from '../../base/errors.ts';
import { isPerson } from '../actor.ts';
import { requireAgent } from '../agent/requireAgent.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { AdvancedTask } from '../task/advanceTask.ts';
import { advanceTask } from '../task/advanceTask.ts';
import { editTask } from '../task/editTask.ts';
import { handOffNote } from './handOffNote.ts';
import type { HeldRun } from './heldRun.ts';

export interface HandOff {
	/** Id of the agent that goes on. */
	readonly agent: string;
	/** What is done, what is left, which questions are open; what the ledger knows of it is added. */
	readonly note?: string | undefined;
}

/** Fails with `agent.unknown`, `run.handOffRefused`, `run.fenced`. */
export async function handOff(
	transaction: LedgerTransaction,
	{ run, stored, token }: HeldRun,
	{ agent, note: said = '' }: HandOff,
): Promise<AdvancedTask> {
	const { task } = stored;
	const note = await handOffNote(transaction, run, said);
	await checkHeir(transaction, { run, stored, token }, agent);
	await editTask(transaction, task.task_id, {
		assigned_agent: agent,
		notes: [task.notes, `Handed off by ${run.worker} (${run.run_id}) to ${agent}:\n${note}`]
			.filter((text) => text.trim() !== '')
			.join('\n\n'),
	});
	await transaction.append({
		type: 'run.handedOff',
		task_id: task.task_id,
		run_id: run.run_id,
		agent_id: run.worker,
		message: isPerson(transaction.actor)
			? `${task.task_id} goes from ${run.worker} to ${agent}`
			: `${run.worker} hands ${task.task_id} to ${agent}`,
		data: { from: run.worker, to: agent, note },
	});
	return advanceTask(transaction, {
		taskId: task.task_id,
		move: 'release',
		reason: `handed off to ${agent}${said === '' ? '' : `: ${said}`}`,
		token,
	});
}

async function checkHeir(transaction: LedgerTransaction, { run, stored }: HeldRun, agent: string): Promise<void> {
	const heir = await requireAgent(transaction, agent);
	const { task_id } = stored.task;
	const refuse = (why: string): never => {
		throw new DreamError('run.handOffRefused', `${task_id} cannot be handed to ${agent}: ${why}.`, {
			details: { task_id, run_id: run.run_id, agent_id: agent },
			advice: 'Name another agent, or block the task and say what is missing.',
		});
	};
	if (agent === run.worker) {
		refuse('it is the one that holds it');
	}
	if (!heir.enabled) {
		refuse('it is disabled');
	}
	const missing = stored.task.required_capabilities.filter((each) => !heir.capabilities.includes(each));
	if (missing.length > 0) {
		refuse(`it lacks ${missing.join(', ')}`);
	}
	if (isPerson(transaction.actor)) {
		return;
	}
	const history = await transaction.events({ task_id });
	if (history.some(({ type, data }) => type === 'run.handedOff' && data?.['from'] === agent)) {
		refuse('it handed this task off itself');
	}
}
