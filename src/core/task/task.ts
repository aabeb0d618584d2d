// Owns the one task schema. Fields carry the names they have on the boards; unknown fields live in the record beside it.

import * as z from 'zod';
import type { JsonObject } from '../../base/json.ts';
import { limitsSchema } from '../budget/budgetLimits.ts';
import type { ArchiveName } from './archive.ts';
import { taskPriorities } from './taskPriority.ts';
import type { BoardName } from './taskStatus.ts';
import { taskStatuses } from './taskStatus.ts';

export const blockReasonKinds = ['needs_input', 'dependency', 'capability', 'conflict', 'budget', 'transient'] as const;
export type BlockReasonKind = (typeof blockReasonKinds)[number];

/** The categories the product knows; any other word is kept and shown. */
const taskCategories = ['agent', 'bridge', 'system'];

export const taskIdSchema = z
	.string()
	.min(1, 'must not be empty')
	.max(200, 'must have at most 200 characters')
	.describe('Id of the task');

/** What must hold before a task counts as done. Other keys are kept for later gates. */
export const validationSchema = z.looseObject({
	commands: z.array(z.string()).optional().describe('Shell commands that must exit with 0 in the worktree'),
	diagnostics: z
		.union([
			z.boolean(),
			z.enum(['error', 'warning']),
			z.looseObject({
				severity: z.enum(['error', 'warning']).optional(),
				commands: z.array(z.string()).optional(),
			}),
		])
		.optional()
		.describe(
			'That the change brings no new error (or warning) into the Problems panel of an attached editor; commands count where no editor is',
		),
	tests: z.array(z.string()).optional().describe('Commands that run tests, and must exit with 0 in the worktree'),
	diff: z.boolean().optional().describe('Whether the work must have changed a file'),
	touches: z.boolean().optional().describe('Whether every changed file must fit the touches of the task'),
	acceptance: z
		.array(z.union([z.string(), z.looseObject({ text: z.string(), command: z.string().optional() })]))
		.optional()
		.describe('What must be there, point by point; a point has a command that shows it, or a reviewer confirms it'),
	review: z
		.union([z.boolean(), z.enum(['person', 'agent'])])
		.optional()
		.describe(
			'Who must accept the change, whatever dreamos.landing.mode says: true or person, or another agent than its author',
		),
});

/** Input of a task as a tool call; `action` beside it names the tool. `run` is what the command driver executes, step by step. */
export const paramsSchema = z.looseObject({
	run: z.array(z.string()).optional().describe('Shell commands the command driver runs in the worktree'),
});

export const gateKinds = ['command', 'tests', 'diagnostics', 'acceptance', 'diff', 'touches', 'claim'] as const;
export type GateKind = (typeof gateKinds)[number];

/** What came of a gate. `exit_code` 0 means passed, also where no program ran (`ending` is `checked` then). */
export const gateResultSchema = z.object({
	kind: z.enum(gateKinds).optional(),
	/** The point of the acceptance list it shows. */
	point: z.string().optional(),
	/** Hidden commit of the work it judged. */
	commit: z.string().optional(),
	command: z.string(),
	exit_code: z.number().nullable(),
	ending: z.string(),
	duration_ms: z.number(),
	output: z.string(),
});
export type GateResult = z.infer<typeof gateResultSchema>;

const looseNumbers = z.looseObject({});
export const taskResultSchema = z.looseObject({
	summary: z.string().optional().describe('What was done, in a sentence'),
	evidence: z
		.union([z.string(), z.array(z.unknown())])
		.optional()
		.describe('What shows that it is done'),
	commit: z.string().optional().describe('Hidden commit that holds the result'),
	files: z.array(z.string()).optional().describe('Files the result changes'),
	tokens: z.union([z.number(), looseNumbers]).optional().describe('Tokens it took'),
	cost: z.union([z.number(), z.string(), looseNumbers]).optional().describe('What it cost'),
	gates: z.array(gateResultSchema).optional().describe('Commands that were run to check it, and how they ended'),
});

/** What came of a task. */
export type TaskResult = z.infer<typeof taskResultSchema>;

const blockReasonSchema = z.object({
	kind: z.enum(blockReasonKinds).describe('Kind of obstacle'),
	text: z.string().describe('What is missing, in a sentence'),
});

const words = z.array(z.string());
const actor = z.string().nullable();
/** ISO 8601 in UTC. Stamped by the ledger in the transaction of the change; no worker and no file can set one. */
const stamp = z.string().nullable();

/** The fields of a task. `history` is none of them: the history is the event log, and a key of that name is its author's. */
export const taskSchema = z.object({
	task_id: taskIdSchema,
	name: z.string().describe('What is to be done, in a line'),
	description: z.string().describe('Everything the worker should know'),
	status: z.enum(taskStatuses).describe('Where the task is in its life; the board it stands on follows from it'),
	priority: z.enum(taskPriorities).describe('How soon'),
	task_type: z.string().describe('Kind of work, a word of your own'),
	category: z.string().nullable().meta({
		description: 'Whose work it is: agent, bridge, system, or a word of your own',
		examples: taskCategories,
	}),
	tags: words.describe('Words to find it by'),
	assigned_agent: z.string().nullable().describe('Only this agent may take it'),
	claimed_by: actor.describe('Who holds it'),
	dependencies: z.array(taskIdSchema).describe('Ids of tasks that must all be completed first'),
	parent: taskIdSchema.nullable().describe('Id of the task it is a part of'),
	required_capabilities: words.describe('Only agents with all of these may take it; their role counts as one'),
	touches: words.describe('Globs of the files it expects to change'),
	due: z.string().nullable().describe('When it should be done, as an ISO 8601 time'),
	estimate: z.number().nonnegative().nullable().describe('Minutes it should take'),
	pinned: z.number().nullable().describe('Place among the tasks a person put first; lower comes earlier'),
	attempts: z.number().int().nonnegative().describe('How often it was claimed'),
	max_attempts: z.number().int().positive().nullable().describe('How often it is tried before it fails for good'),
	budget: limitsSchema.describe(
		'What it may take in all its attempts; a limit here holds instead of that of dreamos.budgets.task',
	),
	validation: validationSchema.describe('What must hold before it counts as done'),
	action: z.string().nullable().describe('Name of the tool a task that is a tool call calls; its input is params'),
	params: paramsSchema.describe('Input of the task as a tool call'),
	context: words.describe('References the worker should read: paths, links, ids'),
	block_reason: blockReasonSchema.nullable().describe('Why it is blocked'),
	result: taskResultSchema.nullable().describe('What came of it'),
	source: z.looseObject({}).nullable().describe('Where an imported task comes from: file, pointer, format'),
	notes: z.string().describe('Notes'),
	created_by: actor.describe('Who made it'),
	created_at: stamp.describe('When it was made'),
	updated_by: actor.describe('Who changed it last'),
	updated_at: stamp.describe('When it was changed last'),
	claimed_at: stamp.describe('When it was claimed'),
	started_at: stamp.describe('When work on it began'),
	completed_by: actor.describe('Who completed it, gave it up or dropped it'),
	completed_at: stamp.describe('When it was over'),
});
export type Task = z.infer<typeof taskSchema>;

/** A task as the ledger keeps it. `record` is the object the board shows: our fields under the names its author used, and all others untouched. */
export interface StoredTask {
	readonly task: Task;
	readonly record: JsonObject;
	readonly board: BoardName;
	/** The archive it stands on instead of the file of its board; left out where it stands on the board. */
	readonly archive?: ArchiveName | undefined;
	/** Place on its board; lower comes first. */
	readonly position: number;
	/** Fencing token of the last claim; a write that carries an older one is refused. */
	readonly epoch: number;
	/** The run that holds the task, if any. */
	readonly run_id: string | null;
	/** Sequence of the event that changed it last. */
	readonly sequence: number;
}

/** A task with every field at its resting value. */
export function newTask(fields: Pick<Task, 'task_id' | 'name'> & Partial<Task>): Task {
	// In the order in which a person wants to read them; JSON keeps it.
	const { task_id, name, ...others } = fields;
	return {
		task_id,
		name,
		description: '',
		status: 'PENDING',
		priority: 'MEDIUM',
		task_type: 'task',
		category: null,
		tags: [],
		assigned_agent: null,
		claimed_by: null,
		dependencies: [],
		parent: null,
		required_capabilities: [],
		touches: [],
		due: null,
		estimate: null,
		pinned: null,
		attempts: 0,
		max_attempts: null,
		budget: {},
		validation: {},
		action: null,
		params: {},
		context: [],
		block_reason: null,
		result: null,
		source: null,
		notes: '',
		created_by: null,
		created_at: null,
		updated_by: null,
		updated_at: null,
		claimed_at: null,
		started_at: null,
		completed_by: null,
		completed_at: null,
		...others,
	};
}
