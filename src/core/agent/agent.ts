// Owns the shape of an agent in `runtime/agents.json`. Unknown fields are kept by the file's reader.

import * as z from 'zod';

const driverIds = ['command', 'acp', 'human'] as const;

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
	model: z.string().optional(),
	mode: z.string().optional().describe('Mode the agent is put into, by an id or name it offers'),
	options: z
		.record(z.string(), z.union([z.string(), z.boolean()]))
		.optional()
		.describe('Other options of the agent, by an id or name it offers'),
	limits: z
		.looseObject({
			turn_timeout_seconds: z.number().positive().optional(),
			silence_timeout_seconds: z.number().min(0).optional(),
		})
		.default({}),
	enabled: z.boolean().default(true),
});
export type Agent = z.infer<typeof agentSchema>;

export type AgentState = 'idle' | 'working' | 'paused' | 'asking' | 'review' | 'disabled';
