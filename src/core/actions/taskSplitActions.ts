// Owns the action that offers to split a task that is too big, and does it on a person's word.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { formatActor, isPerson } from '../actor.ts';
import { readSplitProposal, splitTask } from '../task/splitTask.ts';
import { taskIdSchema } from '../task/task.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const split = defineAction({
	id: 'task.split',
	title: 'Split Task',
	description:
		'Says whether a task looks too big and which parts it would have; accepted by a person, the parts become tasks it then waits for.',
	effect: 'write',
	input: z.object({
		task_id: taskIdSchema,
		accept: z.boolean().default(false).describe('Make the parts; without it they are only shown'),
	}),
	terminal: { positionals: ['task_id'] },
	async run(context, { task_id, accept }) {
		const proposal = await context.ledger.read((reader) => readSplitProposal(reader, task_id));
		if (!accept) {
			return { task_id, ...proposal, created: [] };
		}
		if (!isPerson(context.actor)) {
			throw new DreamError(
				'action.forbidden',
				`A split is for people to accept, not for ${formatActor(context.actor)}.`,
				{ details: { task_id }, advice: 'Ask for it without accept, and tell the person.' },
			);
		}
		const { created } = await context.ledger.write(context.actor, (transaction) =>
			splitTask(transaction, task_id, context.settings['tasks.idPattern']),
		);
		return { task_id, ...proposal, created: created.map(({ task }) => task.task_id) };
	},
});

export const taskSplitActions: readonly DefinedAction[] = [split];
