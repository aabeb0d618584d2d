// Owns what can be done with tasks. Rules live in core/task; here they get names, inputs and answers.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { RunToken } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import type { AdvancedTask, AdvanceRequest } from '../task/advanceTask.ts';
import { advanceTask, claimTask } from '../task/advanceTask.ts';
import { createTask } from '../task/createTask.ts';
import { requireTask } from '../task/moveTask.ts';
import { blockReasonKinds, paramsSchema, taskIdSchema, taskPriorities, validationSchema } from '../task/task.ts';
import type { MoveName } from '../task/taskStatus.ts';
import { boardNames, taskStatuses } from '../task/taskStatus.ts';
import type { ActionContext, DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const tokenFields = {
	run_id: z.string().optional().describe('Run the caller works for; with epoch it fences the write'),
	epoch: z.number().int().optional().describe('Fencing token of that run'),
};
const reasonField = z.string().trim().max(10_000).optional().describe('Why, in a sentence');
const byId = { task_id: taskIdSchema };

const tokenOf = (input: { run_id?: string | undefined; epoch?: number | undefined }): { token?: RunToken } =>
	input.run_id === undefined || input.epoch === undefined ? {} : { token: { run_id: input.run_id, epoch: input.epoch } };

/** What every change of a task answers: the task as it is now, and what followed. */
function answer({ stored, run, promoted, stranded }: AdvancedTask) {
	return { task: stored.task, run_id: run?.run_id ?? null, made_ready: promoted, stranded };
}

const list = defineAction({
	id: 'task.list',
	title: 'List Tasks',
	description: 'Lists tasks in board order, also of boards that are not adopted.',
	effect: 'read',
	input: z.object({
		status: z.enum(taskStatuses).optional().describe('Only tasks with this status'),
		board: z.enum(boardNames).optional().describe('Only tasks on this board'),
		agent: z.string().optional().describe('Only tasks claimed by or assigned to this agent'),
	}),
	async run(context, input) {
		if (context.workspace.state() === 'foreign') {
			const { tasks } = await context.workspace.foreignView();
			return tasks
				.filter(
					({ task, board }) =>
						(input.status === undefined || task.status === input.status) &&
						(input.board === undefined || board === input.board) &&
						(input.agent === undefined || task.claimed_by === input.agent || task.assigned_agent === input.agent),
				)
				.map(({ task }) => task);
		}
		const tasks = await context.ledger.read((reader) =>
			reader.tasks({
				...(input.status === undefined ? {} : { status: [input.status] }),
				...(input.board === undefined ? {} : { board: input.board }),
				...(input.agent === undefined ? {} : { agent: input.agent }),
			}),
		);
		return tasks.map(({ task }) => task);
	},
});

const show = defineAction({
	id: 'task.show',
	title: 'Show Task',
	description: 'Shows one task with its runs and its history.',
	effect: 'read',
	input: z.object(byId),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id }) =>
		context.ledger.read(async (reader) => ({
			...(await requireTask(reader, task_id)).task,
			runs: await reader.runs({ task_id }),
			history: await reader.events({ task_id }),
		})),
});

const create = defineAction({
	id: 'task.create',
	title: 'Create Task',
	description: 'Creates a task. It is READY when all its dependencies are completed, else it waits in the backlog.',
	effect: 'write',
	input: z.object({
		name: z.string().trim().min(1, 'must not be empty').max(500).describe('What is to be done, in a line'),
		task_id: taskIdSchema.optional().describe('Id; one is made when left out'),
		description: z.string().optional().describe('Everything the worker should know'),
		priority: z.enum(taskPriorities).optional().describe('How soon; MEDIUM when left out'),
		task_type: z.string().optional().describe('Kind of work, a word of your own'),
		tags: z.array(z.string()).optional().describe('Tag'),
		dependencies: z.array(taskIdSchema).optional().describe('Ids of tasks that must be completed first'),
		assigned_agent: z.string().optional().describe('Only this agent may take it'),
		required_capabilities: z.array(z.string()).optional().describe('Only agents with this capability may take it'),
		run: z.array(z.string()).optional().describe('Shell commands for the command driver (params.run)'),
		check: z.array(z.string()).optional().describe('Gate: shell commands that must succeed (validation.commands)'),
		params: paramsSchema.optional().describe('Input of the task as a tool call'),
		validation: validationSchema.optional().describe('What must hold before it counts as done'),
		max_attempts: z.number().int().positive().optional().describe('How often it is tried before it fails for good'),
		shelved: z.boolean().optional().describe('Keep it in the backlog even when nothing stands in its way'),
	}),
	terminal: { positionals: ['name'] },
	async run(context, { run, check, shelved, ...fields }) {
		const stored = await context.ledger.write(context.actor, (transaction) =>
			createTask(transaction, {
				...fields,
				params: { ...fields.params, ...(run === undefined ? {} : { run }) },
				validation: { ...fields.validation, ...(check === undefined ? {} : { commands: check }) },
				...(shelved === undefined ? {} : { isShelved: shelved }),
			}),
		);
		return { task: stored.task };
	},
});

/** Claims for whoever asks; a person's claim carries the person's name. */
async function claimFor(context: ActionContext, transaction: LedgerTransaction, taskId: string, agent: string | undefined) {
	if (agent !== undefined && (await transaction.agent(agent)) === undefined) {
		throw new DreamError('agent.unknown', `There is no agent ${agent}.`, {
			details: { agent_id: agent },
			advice: 'Look at the list of agents for its id.',
		});
	}
	return claimTask(transaction, {
		taskId,
		worker: agent ?? context.actor.id,
		driver: 'human',
		hostId: null,
		now: context.clock.now(),
	});
}

const claim = defineAction({
	id: 'task.claim',
	title: 'Claim Task',
	description: 'Takes a task for yourself (or in the name of an agent you drive). The claim never expires.',
	effect: 'write',
	input: z.object({ ...byId, agent: z.string().optional().describe('Claim in the name of this agent') }),
	terminal: { positionals: ['task_id'] },
	async run(context, { task_id, agent }) {
		const { stored, run } = await context.ledger.write(context.actor, (transaction) => claimFor(context, transaction, task_id, agent));
		return { task: stored.task, run_id: run.run_id, epoch: run.epoch };
	},
});

const start = defineAction({
	id: 'task.start',
	title: 'Start Task',
	description: 'Begins work on a task; claims it first when nobody holds it.',
	effect: 'write',
	input: z.object({ ...byId, agent: z.string().optional().describe('Claim in the name of this agent'), ...tokenFields }),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, agent, ...token }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const { task } = await requireTask(transaction, task_id);
			if (task.status === 'READY' || task.status === 'PENDING') {
				await claimFor(context, transaction, task_id, agent);
			}
			return answer(await advanceTask(transaction, { taskId: task_id, move: 'start', ...tokenOf(token) }));
		}),
});

const complete = defineAction({
	id: 'task.complete',
	title: 'Complete Task',
	description: 'Marks a task you hold as done. A task with a change in review is completed by accepting the change.',
	effect: 'write',
	input: z.object({ ...byId, summary: z.string().optional().describe('What was done'), ...tokenFields }),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, summary, ...token }) =>
		context.ledger.write(context.actor, async (transaction) => {
			const { task, run_id } = await requireTask(transaction, task_id);
			const run = run_id === null ? undefined : await transaction.run(run_id);
			if (run !== undefined && isOpenRun(run.state) && run.host_id !== null) {
				throw new DreamError('task.changeWaits', `${run.worker} works on ${task_id}; its change has not landed (${run.run_id}).`, {
					details: { task_id, run_id: run.run_id },
					advice:
						run.state === 'review'
							? 'Accept or reject the change; accepting it completes the task.'
							: 'Wait for it, or release or cancel the task to stop the agent.',
				});
			}
			return answer(
				await advanceTask(transaction, {
					taskId: task_id,
					move: 'complete',
					patch: { result: { ...task.result, ...(summary === undefined ? {} : { summary }) } },
					...tokenOf(token),
				}),
			);
		}),
});

interface SimpleMove {
	readonly move: MoveName;
	readonly title: string;
	readonly description: string;
	readonly isReasonRequired?: true;
}

/** Moves that need nothing but the task and perhaps a reason. */
function moveAction({ move, title, description, isReasonRequired }: SimpleMove): DefinedAction {
	return defineAction({
		id: `task.${move}`,
		title,
		description,
		effect: 'write',
		input: z.object({
			...byId,
			reason: isReasonRequired === true ? z.string().trim().min(1, 'say why').max(10_000).describe('Why, in a sentence') : reasonField,
			...tokenFields,
		}),
		terminal: { positionals: ['task_id'] },
		run: (context, { task_id, reason, ...token }) => {
			const request: AdvanceRequest = {
				taskId: task_id,
				move,
				...(reason === undefined ? {} : { reason }),
				...tokenOf(token),
			};
			return context.ledger.write(context.actor, async (transaction) => answer(await advanceTask(transaction, request)));
		},
	});
}

const block = defineAction({
	id: 'task.block',
	title: 'Block Task',
	description: 'Takes a task out of work because something is missing; says what.',
	effect: 'write',
	input: z.object({
		...byId,
		reason: z.string().trim().min(1, 'say what is missing').max(10_000).describe('What is missing, in a sentence'),
		kind: z.enum(blockReasonKinds).default('needs_input').describe('Kind of obstacle'),
		...tokenFields,
	}),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, reason, kind, ...token }) =>
		context.ledger.write(context.actor, async (transaction) =>
			answer(
				await advanceTask(transaction, {
					taskId: task_id,
					move: 'block',
					reason,
					patch: { block_reason: { kind, text: reason } },
					...tokenOf(token),
				}),
			),
		),
});


export const taskActions: readonly DefinedAction[] = [
	list,
	show,
	create,
	claim,
	start,
	block,
	moveAction({ move: 'unblock', title: 'Unblock Task', description: 'Puts a blocked task back into its queue.' }),
	complete,
	moveAction({ move: 'fail', title: 'Fail Task', description: 'Gives a task up as failed; says why.', isReasonRequired: true }),
	moveAction({ move: 'cancel', title: 'Cancel Task', description: 'Drops a task; a run in progress is stopped.' }),
	moveAction({ move: 'release', title: 'Release Task', description: 'Gives a claimed task back to its queue.' }),
	moveAction({ move: 'retry', title: 'Retry Task', description: 'Puts a failed or cancelled task back into its queue.' }),
	moveAction({ move: 'ready', title: 'Make Task Ready', description: 'Moves a task from the backlog to the ready queue.' }),
	moveAction({ move: 'shelve', title: 'Move Task to Backlog', description: 'Moves a ready task back to the backlog.' }),
	moveAction({ move: 'reopen', title: 'Reopen Task', description: 'Puts a completed task back into its queue; says why.', isReasonRequired: true }),
];
