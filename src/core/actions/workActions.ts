// Owns what a worker says of its own run: how far it is, what it asks, to whom it hands over, what should be done next, that it is
// done. Every word is fenced by the run; the agent's tools and the terminal say the same things.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { displayLine } from '../../base/text.ts';
import { isPerson } from '../actor.ts';
import { askPerson } from '../run/askPerson.ts';
import { claimsSchema } from '../gate/claims.ts';
import { finishRun } from '../run/finishRun.ts';
import { handOff } from '../run/handOff.ts';
import { requireHeldRun } from '../run/heldRun.ts';
import { createTask } from '../task/createTask.ts';
import { taskPriorities } from '../task/taskPriority.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const byRun = { run_id: z.string().min(1).describe('Id of your run') };
const sentence = (advice: string, limit: number) => z.string().trim().min(1, advice).max(limit);

const report = defineAction({
	id: 'run.report',
	title: 'Report Progress',
	description: 'Says how far the work of a run is; shown in the history of its task.',
	effect: 'write',
	input: z.object({
		...byRun,
		text: sentence('say what happens', 4000).describe('What is done and what comes next, in a sentence or two'),
		percent: z.number().min(0).max(100).optional().describe('How much of the work is done'),
	}),
	terminal: { positionals: ['text'] },
	run: (context, { run_id, text, percent }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const { run, token } = await requireHeldRun(transaction, run_id, context.actor);
			await transaction.updateRun(token, { active_at: transaction.at });
			await transaction.append({
				type: 'run.reported',
				task_id: run.task_id,
				run_id,
				agent_id: run.worker,
				message: `${run.worker}${percent === undefined ? '' : ` (${percent}%)`}: ${displayLine(text, 500)}`,
				data: { text, ...(percent === undefined ? {} : { percent }) },
			});
			return { run_id, task_id: run.task_id, reported: true };
		}),
});

const ask = defineAction({
	id: 'run.ask',
	title: 'Ask the Person',
	description:
		'Asks what only a person can answer. The task waits for the answer and the run ends; its work is kept and the next attempt begins with the answer.',
	effect: 'write',
	input: z.object({
		...byRun,
		question: sentence('ask something', 10_000).describe('The question, with all that is needed to answer it'),
		choices: z.array(z.string().trim().min(1).max(500)).max(10).optional().describe('An answer to choose from'),
	}),
	terminal: { positionals: ['question'] },
	run: (context, { run_id, question, choices = [] }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const held = await requireHeldRun(transaction, run_id, context.actor);
			const { stored } = await askPerson(transaction, held, { question, choices });
			return { task: stored.task, run_id };
		}),
});

const handOffRun = defineAction({
	id: 'run.handoff',
	title: 'Hand to Another Agent',
	description:
		'Gives the task of a run to another agent with a note; the run ends, which costs no attempt, and the other begins from its work.',
	effect: 'write',
	input: z.object({
		...byRun,
		agent: z.string().trim().min(1, 'name an agent').describe('Id of the agent that goes on'),
		note: sentence('say where things stand', 10_000)
			.optional()
			.describe('What is done, what is left, which questions are open; an agent has to say it'),
	}),
	terminal: { positionals: ['agent'] },
	run: (context, { run_id, agent, note }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const held = await requireHeldRun(transaction, run_id, context.actor);
			if (note === undefined && !isPerson(context.actor)) {
				throw new DreamError('action.badInput', 'Hand to Another Agent: say in a note where things stand.');
			}
			const { stored } = await handOff(transaction, held, { agent, note });
			return { task: stored.task, run_id };
		}),
});

const finish = defineAction({
	id: 'run.finish',
	title: 'Finish',
	description:
		'Says that the work of a run is done. Its change is then checked by the gates; it is not completed by the word alone.',
	effect: 'write',
	input: z.object({
		...byRun,
		summary: sentence('say what you changed', 8000).describe('What you changed, in a few sentences'),
		claims: claimsSchema
			.optional()
			.describe(
				'What you can vouch for, point by point; each is compared with what is found, so claim nothing else',
			),
	}),
	terminal: { positionals: ['summary'] },
	run: (context, { run_id, summary, claims }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const held = await requireHeldRun(transaction, run_id, context.actor);
			await finishRun(transaction, held, summary, claims);
			return { run_id, task_id: held.run.task_id, finished: true };
		}),
});

const propose = defineAction({
	id: 'task.propose',
	title: 'Propose Task',
	description: 'Proposes a task: it stays in the backlog until somebody makes it ready.',
	effect: 'write',
	input: z.object({
		name: sentence('must not be empty', 500).describe('What is to be done, in a line'),
		description: z.string().max(100_000).optional().describe('Everything the worker should know'),
		priority: z.enum(taskPriorities).optional().describe('How soon; MEDIUM unless said'),
		tags: z.array(z.string()).optional().describe('Tag'),
		touches: z.array(z.string()).optional().describe('Glob of files it expects to change'),
		run_id: z.string().min(1).optional().describe('Id of your run, out of which the need came'),
	}),
	terminal: { positionals: ['name'] },
	run: (context, { run_id, tags = [], ...fields }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const held = run_id === undefined ? undefined : await requireHeldRun(transaction, run_id, context.actor);
			const { task } = await createTask(transaction, {
				...fields,
				tags: [...new Set([...tags, 'proposed'])],
				// Not as a dependency: it would make the proposal ready without anybody having looked at it.
				context: held === undefined ? [] : [held.run.task_id],
				idPattern: context.settings['tasks.idPattern'],
				isShelved: true,
			});
			return { task };
		}),
});

export const workActions: readonly DefinedAction[] = [report, ask, handOffRun, finish, propose];
