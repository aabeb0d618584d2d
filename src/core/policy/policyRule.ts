// Owns the shape of a permission rule and of `.dreamos/policies.yaml`. Strict on purpose: in a rule with a misspelt word the word
// would mean nothing, and an allowance without its limits would allow everything.

import * as z from 'zod';

/** The Agent Client Protocol's own words for what a tool does. */
export const toolKinds = [
	'read',
	'edit',
	'delete',
	'move',
	'search',
	'execute',
	'think',
	'fetch',
	'switch_mode',
	'other',
] as const;
export type ToolKind = (typeof toolKinds)[number];

export const policyDecisions = ['allow', 'ask', 'deny'] as const;
export type PolicyDecision = (typeof policyDecisions)[number];

const pattern = z.string().min(1).max(4000);
const patterns = z.union([pattern, z.array(pattern).min(1).max(100)]);
const kind = z.enum(toolKinds);

export const policyRuleSchema = z
	.strictObject({
		decision: z.enum(policyDecisions).describe('What is answered: allow, ask (the person decides) or deny'),
		kind: z
			.union([kind, z.array(kind).min(1)])
			.optional()
			.describe('What the tool does; any kind when left out'),
		path: patterns
			.optional()
			.describe(
				'Patterns of files, from the workspace folder: * within a name, ** over folders, ? one character; a name alone is meant at any depth; what begins with / or ~/ lies outside',
			),
		command: patterns
			.optional()
			.describe('Patterns of whole command lines; * stands for any text: "npm test", "git push *"'),
		title: patterns
			.optional()
			.describe('Patterns of what the agent calls the tool; agents may call it what they like'),
		agent: patterns.optional().describe('Patterns of ids of agents; any agent when left out'),
		reason: z.string().max(1000).optional().describe('Told with the answer'),
	})
	.describe('One rule; it applies where everything it names applies');

export const policyFileSchema = z
	.strictObject({
		version: z.literal(1).optional().describe('Version of this format'),
		rules: z
			.array(policyRuleSchema)
			.max(2000)
			.nullish()
			.describe('A rule that denies wins wherever it stands; among the others the first that applies does'),
	})
	.describe('What agents of this workspace may do when they ask');

export type PolicyRuleText = z.infer<typeof policyRuleSchema>;

/** A rule as it is applied: every limit a list, undefined where it names none. */
export interface PolicyRule {
	readonly decision: PolicyDecision;
	readonly kinds: readonly ToolKind[] | undefined;
	readonly paths: readonly string[] | undefined;
	readonly commands: readonly string[] | undefined;
	readonly titles: readonly string[] | undefined;
	readonly agents: readonly string[] | undefined;
	readonly reason: string | undefined;
	/** Line in the file, from 1. */
	readonly line: number;
}

const listOf = <Value>(value: Value | readonly Value[] | undefined): readonly Value[] | undefined =>
	value === undefined ? undefined : Array.isArray(value) ? (value as readonly Value[]) : [value as Value];

export function toPolicyRule(text: PolicyRuleText, line: number): PolicyRule {
	return {
		decision: text.decision,
		kinds: listOf(text.kind),
		paths: listOf(text.path),
		commands: listOf(text.command),
		titles: listOf(text.title),
		agents: listOf(text.agent),
		reason: text.reason,
		line,
	};
}
