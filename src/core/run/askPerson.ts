// Owns how a worker's question reaches a person: its task waits for the answer (needs_input), and everybody else works on. One
// function, so that questions can get a table of their own without any door noticing.

import type { LedgerTransaction } from '../ledger.ts';
import type { AdvancedTask } from '../task/advanceTask.ts';
import { advanceTask } from '../task/advanceTask.ts';
import type { HeldRun } from './heldRun.ts';

export interface PersonQuestion {
	readonly question: string;
	/** Answers to choose from; none means free text. */
	readonly choices: readonly string[];
}

/** Asks, and ends the run: the next attempt begins with the answer. Fails with `run.fenced`, `task.illegalMove`. */
export function askPerson(
	transaction: LedgerTransaction,
	{ stored, token }: HeldRun,
	{ question, choices }: PersonQuestion,
): Promise<AdvancedTask> {
	const text = choices.length === 0 ? question : `${question} (${choices.join(' / ')})`;
	return advanceTask(transaction, {
		taskId: stored.task.task_id,
		move: 'block',
		reason: text,
		token,
		patch: { block_reason: { kind: 'needs_input', text } },
	});
}
