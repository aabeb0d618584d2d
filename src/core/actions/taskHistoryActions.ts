// Owns the actions about what was: the timeline of a task, and taking its last change back.

import * as z from 'zod';
import { requireTask } from '../task/moveTask.ts';
import { taskIdSchema } from '../task/task.ts';
import { timelineOf } from '../task/taskTimeline.ts';
import { undoLastChange } from '../task/undoTask.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const byId = { task_id: taskIdSchema };

const history = defineAction({
	id: 'task.history',
	title: 'Show Task History',
	description: 'Shows who changed what of a task when, from what to what, and why; oldest first.',
	effect: 'read',
	input: z.object({
		...byId,
		limit: z.number().int().positive().max(100_000).default(1000).describe('At most the newest this many'),
	}),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, limit }) =>
		context.ledger.read(async (reader) => {
			const events = await reader.events({ task_id, newestFirst: true, limit });
			if (events.length === 0) {
				// A task that was taken off its board has a history, and one that never was has none.
				await requireTask(reader, task_id);
			}
			return timelineOf(events.toReversed());
		}),
});

const undo = defineAction({
	id: 'task.undo',
	title: 'Undo Last Change',
	description:
		'Takes back the last change of a task: fields, a pin, or a move, as far as the table of moves allows. Undone twice, it is done again.',
	effect: 'write',
	input: z.object({
		...byId,
		sequence: z
			.number()
			.int()
			.optional()
			.describe('Number of the change in the history; another one is left alone'),
	}),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, sequence }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const { stored, undone, promoted, stranded, shelved } = await undoLastChange(
				transaction,
				task_id,
				sequence,
			);
			return {
				task: stored.task,
				undone: { sequence: undone.sequence, at: undone.at, who: undone.actor, what: undone.message },
				made_ready: promoted,
				stranded,
				put_back: shelved,
			};
		}),
});

export const taskHistoryActions: readonly DefinedAction[] = [history, undo];
