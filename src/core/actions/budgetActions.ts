// Owns what can be done with budgets: look at what was used and what is left, and guess what a task will take. Limits are settings.

import * as z from 'zod';
import type { BudgetState } from '../budget/budget.ts';
import { agentStates, isNearlySpent, isSpent, sharedStates, taskStates } from '../budget/budget.ts';
import { LiveUsage } from '../budget/liveUsage.ts';
import { describeEstimate, estimateUsage } from '../budget/medianUsage.ts';
import { readUsage, startOfDay, sumTurns } from '../budget/usage.ts';
import { isOpenRun, runStates } from '../run/run.ts';
import { requireTask } from '../task/moveTask.ts';
import { isFinished } from '../task/taskStatus.ts';
import { taskIdSchema } from '../task/task.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const shown = (state: BudgetState) => ({
	...state,
	level: isSpent(state) ? ('spent' as const) : isNearlySpent(state) ? ('warned' as const) : ('free' as const),
});

const show = defineAction({
	id: 'budget.show',
	title: 'Show Budget',
	description: 'Shows what agents used today and in all, and how far each budget is used.',
	effect: 'read',
	input: z.object({}),
	run: ({ ledger, clock, settings }) =>
		ledger.read(async (reader) => {
			const used = new LiveUsage();
			await used.refresh(reader);
			const facts = { settings, used, now: clock.now() };
			const open = (await reader.plainTasks()).filter(({ task }) => !isFinished(task.status));
			const states = [
				...sharedStates(facts),
				...(await reader.agents()).flatMap((agent) => agentStates(facts, agent)),
				// Of most tasks nothing was used.
				...open.flatMap(({ task }) => taskStates(facts, task).filter((state) => state.used > 0)),
			];
			return {
				today: sumTurns(used.since(startOfDay(facts.now))),
				total: used.all,
				currency: settings['budgets.currency'],
				budgets: states.map(shown),
			};
		}),
});

const estimate = defineAction({
	id: 'budget.estimate',
	title: 'Estimate Cost',
	description: 'Shows what a task took so far, and guesses from the medians of earlier runs what one more will take.',
	effect: 'read',
	input: z.object({
		task_id: taskIdSchema,
		agent: z.string().optional().describe('The agent that would do it'),
	}),
	terminal: { positionals: ['task_id'] },
	run: ({ ledger, settings }, { task_id, agent }) =>
		ledger.read(async (reader) => {
			const { task } = await requireTask(reader, task_id);
			const used = new LiveUsage();
			await used.refresh(reader);
			const open = new Set(
				(await reader.runs({ state: runStates.filter(isOpenRun) })).map(({ run_id: id }) => id),
			);
			const runs = used.runs.filter(({ run_id: id }) => !open.has(id));
			const ids = [...new Set(runs.map(({ task_id: id }) => id))];
			const types = new Map(
				(ids.length === 0 ? [] : await reader.plainTasks({ ids })).map(({ task: each }) => [
					each.task_id,
					each.task_type,
				]),
			);
			const found = estimateUsage(
				{ runs, typeOf: (id) => types.get(id), currency: settings['budgets.currency'] },
				{ type: task.task_type, agentId: agent ?? task.claimed_by ?? task.assigned_agent ?? undefined },
			);
			return {
				task_id,
				usage: (await readUsage(reader, { task_id })).usage,
				estimate: found ?? null,
				text: describeEstimate(found),
			};
		}),
});

export const budgetActions: readonly DefinedAction[] = [show, estimate];
