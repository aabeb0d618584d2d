// Owns what people write to the agent of a run. A message is a command in the ledger that belongs to the work on a task: it waits
// for the agent's next turn, over the end of a host and of an attempt, and when the task ends first, that is told.

import { newId } from '../../base/ids.ts';
import { displayLine } from '../../base/text.ts';
import { formatActor } from '../actor.ts';
import type { Command, LedgerReader, LedgerTransaction } from '../ledger.ts';
import { commandKinds } from '../swarmFacts.ts';
import type { Run } from './run.ts';

export interface RunMessage {
	readonly message_id: string;
	readonly task_id: string;
	/** The run it was written to. */
	readonly run_id: string;
	readonly text: string;
	/** Whether the turn under way is cut short for it. */
	readonly now: boolean;
	/** Who wrote it, such as `human:ann`. */
	readonly from: string;
	readonly at: string;
}

const shownLength = 300;

/** Queues a message for the agent of a run; the caller has made sure that it can be told. */
export async function queueMessage(
	transaction: LedgerTransaction,
	{ run_id, task_id, worker }: Run,
	{ text, now }: Pick<RunMessage, 'text' | 'now'>,
): Promise<RunMessage> {
	const message_id = newId('message');
	const from = formatActor(transaction.actor);
	await transaction.insertCommand({
		command_id: message_id,
		target: 'host',
		kind: commandKinds.messageRun,
		data: { task_id, run_id, text, now, from },
	});
	await transaction.append({
		type: 'run.messaged',
		task_id,
		run_id,
		agent_id: worker,
		message: `${from} to ${worker}${now ? ', at once' : ''}: ${displayLine(text, shownLength)}`,
		data: { message: message_id, text, now },
	});
	return { message_id, task_id, run_id, text, now, from, at: transaction.at };
}

/** Messages that wait to be told, oldest first; of one task, or of all. */
export async function waitingMessages(
	reader: Pick<LedgerReader, 'commands'>,
	taskId?: string,
): Promise<readonly RunMessage[]> {
	const commands = await reader.commands({ target: 'host', state: 'pending' });
	return commands.flatMap((command) => {
		const message = messageOf(command);
		return message !== undefined && (taskId === undefined || message.task_id === taskId) ? [message] : [];
	});
}

/** Writes down that the agent of a run was told. */
export async function deliverMessages(
	transaction: LedgerTransaction,
	run: Run,
	messages: readonly RunMessage[],
): Promise<void> {
	for (const { message_id, text, from } of messages) {
		if ((await transaction.command(message_id))?.state !== 'pending') {
			continue;
		}
		await transaction.finishCommand(message_id, 'done', { run_id: run.run_id });
		await transaction.append({
			type: 'run.messageDelivered',
			task_id: run.task_id,
			run_id: run.run_id,
			agent_id: run.worker,
			message: `${run.worker} was told what ${from} wrote: ${displayLine(text, shownLength)}`,
			data: { message: message_id },
		});
	}
}

/** Tells of each message that still waits that nobody will be told it any more. */
export async function closeMessages(transaction: LedgerTransaction, taskId: string, why: string): Promise<void> {
	for (const { message_id, run_id, text, from } of await waitingMessages(transaction, taskId)) {
		await transaction.finishCommand(message_id, 'failed', { reason: why });
		await transaction.append({
			type: 'run.messageUndelivered',
			task_id: taskId,
			run_id,
			message: `what ${from} wrote was not delivered, because ${why}: ${displayLine(text, shownLength)}`,
			data: { message: message_id, text, why },
		});
	}
}

function messageOf({ command_id, kind, data, created_at: at }: Command): RunMessage | undefined {
	const { task_id, run_id, text, now, from } = data;
	return kind === commandKinds.messageRun &&
		typeof task_id === 'string' &&
		typeof run_id === 'string' &&
		typeof text === 'string'
		? {
				message_id: command_id,
				task_id,
				run_id,
				text,
				now: now === true,
				from: typeof from === 'string' ? from : 'somebody',
				at,
			}
		: undefined;
}
