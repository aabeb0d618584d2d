// Owns the one task schema. Fields carry the names they have on the boards; unknown fields live in the record beside it.

import * as z from 'zod';
import type { JsonObject } from '../../base/json.ts';
import type { ArchiveName } from './archive.ts';
import type { BoardName } from './taskStatus.ts';
import { taskStatuses } from './taskStatus.ts';

export const taskPriorities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;
export type TaskPriority = (typeof taskPriorities)[number];

export const blockReasonKinds = ['needs_input', 'dependency', 'capability', 'conflict', 'budget', 'transient'] as const;
export type BlockReasonKind = (typeof blockReasonKinds)[number];

export const taskIdSchema = z
	.string()
	.min(1, 'must not be empty')
	.max(200, 'must have at most 200 characters')
	.describe('Id of the task');

/** What must hold before a task counts as done. Other keys are kept for later gates. */
export const validationSchema = z.looseObject({
	commands: z.array(z.string()).optional().describe('Shell commands that must exit with 0 in the worktree'),
});

/** Input of a task as a tool call. `run` is what the command driver executes, step by step. */
export const paramsSchema = z.looseObject({
	run: z.array(z.string()).optional().describe('Shell commands the command driver runs in the worktree'),
});

export const gateResultSchema = z.object({
	command: z.string(),
	exit_code: z.number().nullable(),
	ending: z.string(),
	duration_ms: z.number(),
	output: z.string(),
});
export type GateResult = z.infer<typeof gateResultSchema>;

export const taskResultSchema = z.looseObject({
	summary: z.string().optional(),
	commit: z.string().optional().describe('Hidden commit that holds the result'),
	files: z.array(z.string()).optional(),
	gates: z.array(gateResultSchema).optional(),
});

const blockReasonSchema = z.object({ kind: z.enum(blockReasonKinds), text: z.string() });

export const taskSchema = z.object({
	task_id: taskIdSchema,
	name: z.string(),
	description: z.string(),
	status: z.enum(taskStatuses),
	priority: z.enum(taskPriorities),
	task_type: z.string(),
	tags: z.array(z.string()),
	assigned_agent: z.string().nullable(),
	claimed_by: z.string().nullable(),
	dependencies: z.array(taskIdSchema),
	required_capabilities: z.array(z.string()),
	params: paramsSchema,
	validation: validationSchema,
	attempts: z.number().int().nonnegative(),
	max_attempts: z.number().int().positive().nullable(),
	block_reason: blockReasonSchema.nullable(),
	result: taskResultSchema.nullable(),
	notes: z.string(),
	created_by: z.string().nullable(),
	created_at: z.string().nullable(),
	updated_at: z.string().nullable(),
	claimed_at: z.string().nullable(),
	started_at: z.string().nullable(),
	completed_at: z.string().nullable(),
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
		tags: [],
		assigned_agent: null,
		claimed_by: null,
		dependencies: [],
		required_capabilities: [],
		params: {},
		validation: {},
		attempts: 0,
		max_attempts: null,
		block_reason: null,
		result: null,
		notes: '',
		created_by: null,
		created_at: null,
		updated_at: null,
		claimed_at: null,
		started_at: null,
		completed_at: null,
		...others,
	};
}
