// Owns what can be done about a change that landed: take it back.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { sleep } from '../../base/async.ts';
import type { Command, Ledger } from '../ledger.ts';
import { requestRevert } from '../landing/requestRevert.ts';
import type { Clock } from '../ports.ts';
import { taskIdSchema } from '../task/task.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

/** How long whoever lands may take before the answer is that it is still to come. */
const patienceMilliseconds = 60_000;
const lookMilliseconds = 50;

async function decided(ledger: Ledger, clock: Clock, commandId: string): Promise<Command | undefined> {
	const deadline = clock.monotonic() + patienceMilliseconds;
	for (;;) {
		const command = await ledger.read((reader) => reader.command(commandId));
		if (command?.state === 'done' || command?.state === 'failed') {
			return command;
		}
		if (clock.monotonic() > deadline) {
			return undefined;
		}
		await sleep(lookMilliseconds);
	}
}

const revert = defineAction({
	id: 'task.revert',
	title: 'Undo Landed Task',
	description:
		'Takes back exactly what the change of a task landed; what was changed since stays, or stands in the way and is named.',
	effect: 'danger',
	input: z.object({
		task_id: taskIdSchema,
		reopen: z.boolean().default(false).describe('Put the task into its queue again, to be done anew'),
	}),
	terminal: { positionals: ['task_id'] },
	async run({ ledger, actor, clock, swarm }, { task_id, reopen }) {
		const { command_id, run, hasEditor } = await ledger.write(actor, (transaction) =>
			requestRevert(transaction, task_id, { reopen, now: clock.now() }),
		);
		if (!hasEditor && !(await swarm.status()).isRunning) {
			await swarm.land(command_id);
		}
		const command = await decided(ledger, clock, command_id);
		const { files = [], reason } = command?.answer ?? {};
		if (command?.state === 'failed') {
			throw new DreamError(
				'landing.conflict',
				`The change of ${task_id} was not taken back: ${typeof reason === 'string' ? reason : 'nobody said why'}.`,
				{
					details: { task_id, run_id: run.run_id, files },
					advice: 'Nothing was changed. Put these places right by hand, then try again.',
				},
			);
		}
		const task = (await ledger.read((reader) => reader.task(task_id)))?.task ?? null;
		return { task, run_id: run.run_id, reverted: command !== undefined, files };
	},
});

export const landingActions: readonly DefinedAction[] = [revert];
