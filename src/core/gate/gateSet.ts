// Owns what a set of gates may ask for: the same words for a workspace and for a type of task. A set only adds; none takes away what
// another asks for, so that nobody loosens a gate from below.

import * as z from 'zod';

const commands = z.array(z.string().trim().min(1)).max(50);

export const reviewKinds = ['none', 'person', 'agent'] as const;
export type ReviewKind = (typeof reviewKinds)[number];

export const problemSeverities = ['error', 'warning'] as const;
/** From which severity on a problem of the editor counts. */
export type ProblemSeverity = (typeof problemSeverities)[number];

export const gateSetSchema = z.strictObject({
	commands: commands.optional().describe('Commands that must exit with 0 in the worktree'),
	tests: commands.optional().describe('Commands that run tests, and must exit with 0'),
	diagnostics: z
		.union([
			commands,
			z.boolean(),
			z.enum(problemSeverities),
			z.strictObject({ severity: z.enum(problemSeverities).optional(), commands: commands.optional() }),
		])
		.optional()
		.describe(
			'Compiler or linter commands; or true, error or warning: no new problem in an attached editor, with commands that count where no editor reads them. A problem that the base has too fails neither',
		),
	diff: z.boolean().optional().describe('Whether the work must have changed a file'),
	touches: z.boolean().optional().describe('Whether every changed file must fit the touches of the task'),
	review: z.enum(reviewKinds).optional().describe('Who must accept the change besides'),
});
export type GateSet = z.infer<typeof gateSetSchema>;
