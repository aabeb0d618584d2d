// Owns what a person does in the place of an agent: work in a worktree, finish, take over, give back, resolve a conflict.

import * as z from 'zod';
import { conflictSides } from '../person/conflictSide.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';
import { byRun } from './runInput.ts';

const load = async () => (await import('../person/personWork.ts')).personWork;

const byTask = { task_id: z.string().min(1).describe('Id of the task') };

const work = defineAction({
	id: 'task.work',
	title: 'Work on Task in Worktree',
	description:
		'Claims a task for yourself and gives you a worktree for it, made as for an agent. The claim never expires; asked again, it says where the worktree is.',
	effect: 'danger',
	input: z.object(byTask),
	terminal: { positionals: ['task_id'] },
	run: async (context, { task_id }) => (await load()).work(context, task_id),
});

const submit = defineAction({
	id: 'run.submit',
	title: 'Finish My Work',
	description:
		"Takes your work from its worktree through the same checks, review and landing as an agent's. When a check fails, it stays yours.",
	effect: 'danger',
	input: z.object({
		...byRun,
		summary: z.string().trim().max(8000).default('').describe('What you changed, in a few sentences'),
	}),
	terminal: { positionals: ['run_id', 'summary'], takesAllWords: true },
	run: async (context, { run_id, summary }) => (await load()).submit(context, run_id, summary),
});

const take = defineAction({
	id: 'run.takeOver',
	title: 'Take Over',
	description:
		'Stops the agent of a run with everything it runs; you go on in its worktree. It costs the task no attempt. Refused while the change lands.',
	effect: 'danger',
	input: z.object(byRun),
	terminal: { words: 'run take-over', positionals: ['run_id'] },
	run: async (context, { run_id }) => (await load()).takeOver(context, run_id),
});

const give = defineAction({
	id: 'run.giveBack',
	title: 'Give Back',
	description:
		'Gives your work on a task back: the agent goes on from your files, and is told what you changed and what you say.',
	effect: 'danger',
	input: z.object({
		...byRun,
		note: z.string().trim().max(10_000).default('').describe('What the agent should know'),
	}),
	terminal: { words: 'run give-back', positionals: ['run_id', 'note'], takesAllWords: true },
	async run(context, { run_id, note }) {
		const { stored, files, agent, kept } = await (await load()).giveBack(context, run_id, note);
		return { task: stored.task, files: files.map(({ path }) => path), agent, kept };
	},
});

const resolve = defineAction({
	id: 'task.resolve',
	title: 'Resolve Conflict',
	description:
		'Gives you a worktree with what is open now and all of a change that fits; in the files that do not fit both sides stand with marks. Finish it as your own work.',
	effect: 'danger',
	input: z.object(byTask),
	terminal: { positionals: ['task_id'] },
	run: async (context, { task_id }) => (await load()).resolve(context, task_id),
});

const choose = defineAction({
	id: 'run.choose',
	title: 'Choose Side of Conflict',
	description: "Takes one side of a file in conflict as a whole: the agent's, or that of the open workspace.",
	effect: 'danger',
	input: z.object({
		...byRun,
		path: z.string().min(1).describe('File in conflict'),
		side: z.enum(conflictSides).describe("`agent`, or `yours` for the open workspace's"),
	}),
	terminal: { positionals: ['run_id', 'path', 'side'] },
	run: async (context, { run_id, path, side }) => (await load()).choose(context, run_id, path, side),
});

export const personActions: readonly DefinedAction[] = [work, submit, take, give, resolve, choose];
