// Owns the actions about when a task's turn comes: pin it before all others, let it go, put it before one other, and say why it waits.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import type { Actor } from '../actor.ts';
import { formatActor, isPerson } from '../actor.ts';
import type { LedgerReader } from '../ledger.ts';
import { editTask } from '../task/editTask.ts';
import { requireTask } from '../task/moveTask.ts';
import { placeTask } from '../task/placeTask.ts';
import { taskIdSchema } from '../task/task.ts';
import { isFinished } from '../task/taskStatus.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const byId = { task_id: taskIdSchema };

/** The order is a person's to overrule; an agent that pinned its own task would overtake everybody. */
function assertPerson(actor: Actor): void {
	if (!isPerson(actor)) {
		throw new DreamError(
			'action.forbidden',
			`The order is for people to overrule, not for ${formatActor(actor)}.`,
			{
				details: { actor: formatActor(actor) },
				advice: 'Give the task another priority instead.',
			},
		);
	}
}

/** A place before or after all other pinned tasks. */
async function placeOfPin(reader: LedgerReader, taskId: string, isFirst: boolean): Promise<number> {
	const pins = (await reader.tasks({ isPinned: true }))
		.filter(({ task }) => task.task_id !== taskId && !isFinished(task.status))
		.map(({ task }) => task.pinned ?? 0);
	if (pins.length === 0) {
		return 1;
	}
	return isFirst ? Math.floor(Math.min(...pins)) - 1 : Math.ceil(Math.max(...pins)) + 1;
}

const pin = defineAction({
	id: 'task.pin',
	title: 'Pin Task',
	description: 'Puts a task before all that are not pinned, whatever their priority; for people only.',
	effect: 'write',
	input: z.object({
		...byId,
		first: z.boolean().optional().describe('Before the other pinned tasks instead of after them'),
	}),
	terminal: { positionals: ['task_id'] },
	async run(context, { task_id, first = false }) {
		assertPerson(context.actor);
		return context.ledger.write(context.actor, async (transaction) => {
			const { task } = await requireTask(transaction, task_id);
			if (isFinished(task.status)) {
				throw new DreamError('task.finished', `${task_id} is ${task.status}; there is nothing left to pin.`, {
					details: { task_id, status: task.status },
					advice: 'Retry or reopen it first.',
				});
			}
			if (task.pinned !== null && !first) {
				return { task };
			}
			const pinned = await placeOfPin(transaction, task_id, first);
			return { task: (await editTask(transaction, task_id, { pinned })).task };
		});
	},
});

const unpin = defineAction({
	id: 'task.unpin',
	title: 'Unpin Task',
	description: 'Lets the order decide again when the turn of a pinned task comes; for people only.',
	effect: 'write',
	input: z.object(byId),
	terminal: { positionals: ['task_id'] },
	async run(context, { task_id }) {
		assertPerson(context.actor);
		return context.ledger.write(context.actor, async (transaction) => ({
			task: (await editTask(transaction, task_id, { pinned: null })).task,
		}));
	},
});

const place = defineAction({
	id: 'task.place',
	title: 'Place Task Before',
	description:
		'Puts a task right before another one of its board: as urgent, pinned where that one is pinned; for people only.',
	effect: 'write',
	input: z.object({ ...byId, before: taskIdSchema.describe('Id of the task it comes before') }),
	terminal: { positionals: ['task_id', 'before'] },
	async run(context, { task_id, before }) {
		assertPerson(context.actor);
		return context.ledger.write(context.actor, async (transaction) => ({
			task: (await placeTask(transaction, task_id, before)).task,
		}));
	},
});

const why = defineAction({
	id: 'task.why',
	title: 'Why Is It Waiting?',
	description: 'Says in one sentence why nobody works on a task, or who does, or that it is over.',
	effect: 'read',
	input: z.object(byId),
	terminal: { positionals: ['task_id'] },
	async run(context, { task_id }) {
		return { task_id, why: await context.swarm.explain(task_id) };
	},
});

export const taskOrderActions: readonly DefinedAction[] = [pin, unpin, place, why];
