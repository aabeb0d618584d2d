// Owns which tools the agent of a run gets, and what is said with each. They are few on purpose: every tool costs a model attention.
// None of them can touch another run, weaken its own gates or complete anything without them.

import type { ToolView } from './tool.ts';

export const runInstructions =
	'Tools of Dream.OS, which gave you your task. Report progress when work takes longer; ask instead of guessing; when the work is done, call run_finish with a summary and end your turn.';

const endTurn = 'Your run is over and your work so far is kept. End your turn now.';

/** The tools of a run; its session knows `task_id`, `run_id` and `epoch`. */
export const runToolViews: readonly ToolView[] = [
	{
		action: 'task.show',
		description: 'Shows your task, or another one: what is wanted, its parts, attempts and history.',
		usual: ['task_id'],
	},
	{
		action: 'task.list',
		description: 'Lists the tasks on the board, a page at a time: who works on what, what waits.',
	},
	{ action: 'task.search' },
	{
		action: 'agent.list',
		description: 'Lists the agents with what each is doing: to whom a task can be handed off.',
	},
	{ action: 'run.report', filled: ['run_id'], closing: 'Go on.' },
	{ action: 'run.ask', filled: ['run_id'], closing: endTurn, endsTurn: true },
	{
		action: 'task.block',
		description: 'Takes your task out of work because something is missing that you cannot get; says what.',
		filled: ['task_id', 'run_id', 'epoch'],
		closing: endTurn,
		endsTurn: true,
	},
	{ action: 'run.handoff', filled: ['run_id'], closing: endTurn, endsTurn: true },
	{
		action: 'task.propose',
		description:
			'Proposes a follow-up task for what you found but should not do now; it waits until a person makes it ready.',
		filled: ['run_id'],
		closing: 'Go on with your own task.',
	},
	{
		action: 'run.finish',
		filled: ['run_id'],
		closing: 'Noted. End your turn now: your change is taken as it is and checked by the gates.',
		endsTurn: true,
	},
];
