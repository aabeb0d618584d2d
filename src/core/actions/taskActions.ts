// Owns looking at tasks, making and changing them. Rules live in core/task; here they get names, inputs and answers.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import type { Actor } from '../actor.ts';
import { formatActor } from '../actor.ts';
import type { Budget } from '../budget/budgetLimits.ts';
import { limitsSchema } from '../budget/budgetLimits.ts';
import { normaliseTime } from '../board/normaliseTime.ts';
import { createTask } from '../task/createTask.ts';
import { editTask } from '../task/editTask.ts';
import { requireTask } from '../task/moveTask.ts';
import type { Task } from '../task/task.ts';
import { paramsSchema, taskIdSchema, validationSchema } from '../task/task.ts';
import { taskPriorities } from '../task/taskPriority.ts';
import { readFamily } from '../task/taskFamily.ts';
import { boardNames, taskStatuses } from '../task/taskStatus.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';
import { foreignReader } from './foreignReader.ts';

const byId = { task_id: taskIdSchema };

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
						(input.agent === undefined ||
							task.claimed_by === input.agent ||
							task.assigned_agent === input.agent),
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
	description:
		'Shows one task with its parts, its runs, its history, and why nobody works on it; also of boards that are not adopted.',
	effect: 'read',
	input: z.object(byId),
	terminal: { positionals: ['task_id'] },
	async run(context, { task_id }) {
		if (context.workspace.state() === 'foreign') {
			const reader = foreignReader(await context.workspace.foreignView());
			return {
				...(await requireTask(reader, task_id)).task,
				family: await readFamily(reader, task_id),
				runs: [],
				history: [],
				waiting_because: 'These boards are not adopted, so nobody works on them.',
			};
		}
		const shown = await context.ledger.read(async (reader) => ({
			...(await requireTask(reader, task_id)).task,
			family: await readFamily(reader, task_id),
			runs: await reader.runs({ task_id }),
			history: await reader.events({ task_id }),
		}));
		return { ...shown, waiting_because: await context.swarm.whyWaiting(task_id) };
	},
});

/** What a person or agent may say about a task when making or changing it. */
const contentFields = {
	description: z.string().optional().describe('Everything the worker should know'),
	priority: z.enum(taskPriorities).optional().describe('How soon; MEDIUM unless said'),
	task_type: z.string().optional().describe('Kind of work, a word of your own'),
	category: z.string().optional().describe('Whose work it is: agent, bridge, system, or a word of your own'),
	tags: z.array(z.string()).optional().describe('Tag'),
	dependencies: z.array(taskIdSchema).optional().describe('Ids of tasks that must be completed first'),
	parent: z.string().max(200).optional().describe('Id of the task it is a part of; empty for none'),
	assigned_agent: z.string().optional().describe('Only this agent may take it'),
	required_capabilities: z.array(z.string()).optional().describe('Only agents with this capability may take it'),
	touches: z.array(z.string()).optional().describe('Glob of files it expects to change'),
	due: z
		.string()
		.refine((text) => normaliseTime(text) !== undefined, 'must be a time such as 2026-12-01 or 2026-12-01T18:00Z')
		.optional()
		.describe('When it should be done; empty for no time'),
	estimate: z.number().nonnegative().optional().describe('Minutes it should take'),
	context: z.array(z.string()).optional().describe('Path, link or id the worker should read'),
	action: z.string().optional().describe('Name of the tool a task that is a tool call calls'),
	run: z.array(z.string()).optional().describe('Shell commands for the command driver (params.run)'),
	check: z.array(z.string()).optional().describe('Gate: shell commands that must succeed (validation.commands)'),
	params: paramsSchema.optional().describe('Input of the task as a tool call'),
	validation: validationSchema.optional().describe('What must hold before it counts as done'),
	max_attempts: z.number().int().positive().optional().describe('How often it is tried before it fails for good'),
	budget: limitsSchema
		.optional()
		.describe('What it may take in all its attempts, such as {"money": 2, "turns": 20}; {} for none of its own'),
};

/** Fields in which empty text means nothing, as the ledger keeps them. */
function emptyToNull(fields: {
	readonly category?: string | undefined;
	readonly parent?: string | undefined;
	readonly due?: string | undefined;
	readonly action?: string | undefined;
}): Partial<Pick<Task, 'category' | 'parent' | 'due' | 'action'>> {
	const { category, parent, due, action } = fields;
	return {
		...(category === undefined ? {} : { category: category || null }),
		...(parent === undefined ? {} : { parent: parent.trim() || null }),
		...(due === undefined ? {} : { due: normaliseTime(due) ?? null }),
		...(action === undefined ? {} : { action: action || null }),
	};
}

/** An agent that gave its task more would lift the limit it is held by. */
function assertNoOwnBudget(actor: Actor, budget: Budget | undefined): void {
	if (budget !== undefined && actor.kind === 'agent') {
		throw new DreamError('action.forbidden', `Budgets are for people to set, not for ${formatActor(actor)}.`, {
			details: { actor: formatActor(actor) },
			advice: 'Leave the budget out, and tell the person that the task needs more.',
		});
	}
}

const create = defineAction({
	id: 'task.create',
	title: 'Create Task',
	description: 'Creates a task. It is READY when all its dependencies are completed, else it waits in the backlog.',
	effect: 'write',
	input: z.object({
		name: z.string().trim().min(1, 'must not be empty').max(500).describe('What is to be done, in a line'),
		task_id: taskIdSchema.optional().describe('Id; one is made when left out'),
		...contentFields,
		shelved: z.boolean().optional().describe('Keep it in the backlog even when nothing stands in its way'),
	}),
	terminal: { positionals: ['name'] },
	async run(context, { run, check, shelved, ...fields }) {
		assertNoOwnBudget(context.actor, fields.budget);
		const stored = await context.ledger.write(context.actor, (transaction) =>
			createTask(transaction, {
				...fields,
				...emptyToNull(fields),
				idPattern: context.settings['tasks.idPattern'],
				params: { ...fields.params, ...(run === undefined ? {} : { run }) },
				validation: { ...fields.validation, ...(check === undefined ? {} : { commands: check }) },
				...(shelved === undefined ? {} : { isShelved: shelved }),
			}),
		);
		return { task: stored.task };
	},
});

const edit = defineAction({
	id: 'task.edit',
	title: 'Edit Task',
	description: 'Changes fields of a task. A ready task that then waits for others goes back to the backlog.',
	effect: 'write',
	input: z.object({
		...byId,
		name: z
			.string()
			.trim()
			.min(1, 'must not be empty')
			.max(500)
			.optional()
			.describe('What is to be done, in a line'),
		notes: z.string().optional().describe('Notes'),
		...contentFields,
	}),
	terminal: { positionals: ['task_id'] },
	run: (context, { task_id, run, check, ...fields }) => {
		assertNoOwnBudget(context.actor, fields.budget);
		return context.ledger.write(context.actor, async (transaction) => {
			const { task } = await requireTask(transaction, task_id);
			const params = run === undefined ? fields.params : { ...(fields.params ?? task.params), run };
			const validation =
				check === undefined
					? fields.validation
					: { ...(fields.validation ?? task.validation), commands: check };
			const stored = await editTask(transaction, task_id, {
				...fields,
				...emptyToNull(fields),
				...(params === undefined ? {} : { params }),
				...(validation === undefined ? {} : { validation }),
			});
			return { task: stored.task };
		});
	},
});

export const taskActions: readonly DefinedAction[] = [list, show, create, edit];
