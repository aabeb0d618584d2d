// Owns the shape of an agent in `runtime/agents.json`. Unknown fields are kept by the file's reader.

import * as z from 'zod';
import { agentBudgetSchema } from '../budget/budgetLimits.ts';
import { modelSelectorSchema } from '../models/modelSelector.ts';

const driverIds = ['command', 'acp', 'human', 'lm'] as const;

export const agentSchema = z.looseObject({
	id: z
		.string()
		.regex(
			/^[A-Za-z][A-Za-z0-9._-]{0,63}$/u,
			'must start with a letter and hold only letters, digits, dots, dashes',
		)
		.describe('`Agent-N` or a slug'),
	name: z.string().default(''),
	role: z.string().default('').describe('Name of the role file, and what the agent is told to be'),
	capabilities: z.array(z.string()).default([]),
	driver: z.enum(driverIds).default('command'),
	command: z
		.array(z.string())
		.optional()
		.describe('Program and arguments of an ACP agent, such as ["opencode", "acp"]'),
	env: z.record(z.string(), z.string()).optional().describe('Added to the environment of the agent; no secrets here'),
	keys: z
		.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, 'must be the name of a variable'))
		.optional()
		.describe('Names of variables with its keys, taken from where the editor keeps secrets; no values here'),
	preset: z.string().optional().describe('Known kind of agent, such as gemini; says what a driver has to know of it'),
	model: z
		.union([z.string(), modelSelectorSchema])
		.optional()
		.describe(
			'Model to use: an id or name the agent offers; for a model of the editor vendor/family, or its parts',
		),
	mode: z.string().optional().describe('Mode the agent is put into, by an id or name it offers'),
	options: z
		.record(z.string(), z.union([z.string(), z.boolean()]))
		.optional()
		.describe('Other options of the agent, by an id or name it offers'),
	containment: z
		.enum(['auto', 'required', 'off'])
		.optional()
		.describe(
			'Whether the system keeps it from writing outside of its worktree: where it can (auto, the default), else it does not start (required), or not at all (off)',
		),
	network: z
		.boolean()
		.optional()
		.describe('Whether a contained agent has a network; without one no model is reached'),
	writable: z
		.array(z.string())
		.optional()
		.describe('Folders a contained agent may write to besides its worktree, such as ~/.my-agent'),
	process: z
		.enum(['own', 'shared'])
		.optional()
		.describe(
			'Whether each of its runs has a process of its own, or shares one with runs of agents that are started in the same way; as its preset says',
		),
	limits: z
		.looseObject({
			turn_timeout_seconds: z.number().positive().optional(),
			silence_timeout_seconds: z.number().min(0).optional(),
			model_requests: z.number().int().positive().optional(),
			concurrent_runs: z
				.number()
				.int()
				.min(1)
				.max(16)
				.optional()
				.describe('How many tasks it works on at once; 1'),
		})
		.default({}),
	budget: agentBudgetSchema
		.optional()
		.describe(
			'What it may take; a limit here holds instead of that of dreamos.budgets.agent and dreamos.budgets.window',
		),
	enabled: z.boolean().default(true),
});
export type Agent = z.infer<typeof agentSchema>;

export type AgentState = 'idle' | 'working' | 'paused' | 'asking' | 'review' | 'disabled';
