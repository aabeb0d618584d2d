// Owns what can be done with the permission rules: look at them, and ask what they say of something before an agent does.

import * as z from 'zod';
import { policyPath } from '../paths.ts';
import { decidePermission } from '../policy/decidePermission.ts';
import type { PolicyReading } from '../policy/readPolicy.ts';
import type { PolicyRule } from '../policy/policyRule.ts';
import { toolKinds } from '../policy/policyRule.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const shownRule = (rule: PolicyRule) => ({
	line: rule.line,
	decision: rule.decision,
	kind: rule.kinds ?? null,
	path: rule.paths ?? null,
	command: rule.commands ?? null,
	title: rule.titles ?? null,
	agent: rule.agents ?? null,
	reason: rule.reason ?? null,
});
const shownProblems = ({ problems }: PolicyReading) =>
	problems.map(({ line, column, message, advice }) => ({ line, column, message, advice }));

const explain = defineAction({
	id: 'policy.explain',
	title: 'Explain Permission',
	description: 'Says what an agent that asks would be answered, by which rule on which line, and why.',
	effect: 'read',
	input: z.object({
		kind: z
			.enum(toolKinds)
			.optional()
			.describe('What the tool does; execute with a command, edit with a path, else other'),
		path: z.array(z.string().min(1)).default([]).describe('A file it names'),
		command: z.string().min(1).optional().describe('The command line it wants to run'),
		agent: z.string().default('').describe('Id of the agent'),
		title: z.string().default('').describe('What the agent calls the tool'),
	}),
	async run({ workspace, settings }, { kind, path, command, agent, title }) {
		const reading = await workspace.policy();
		const request = {
			agent,
			title,
			kinds: [kind ?? (command !== undefined ? 'execute' : path.length > 0 ? 'edit' : 'other')] as const,
			paths: await workspace.placePaths(path, command),
			commands: command === undefined ? [] : [command],
			isComplete: true,
			offered: [],
			isServed: false,
		};
		const setting = settings['agents.permissions'];
		const { decision, why, rule } = decidePermission({ reading, setting }, request);
		return {
			decision,
			why,
			rule: rule === undefined ? null : shownRule(rule),
			file: policyPath,
			setting,
			paths: request.paths,
			problems: shownProblems(reading),
		};
	},
});

const list = defineAction({
	id: 'policy.list',
	title: 'List Permission Rules',
	description: 'Lists the permission rules of the workspace with their lines, and what is wrong with the file.',
	effect: 'read',
	input: z.object({}),
	async run({ workspace, settings }) {
		const reading = await workspace.policy();
		return {
			file: policyPath,
			setting: settings['agents.permissions'],
			is_reliable: reading.doubt === undefined,
			rules: reading.rules.map(shownRule),
			problems: shownProblems(reading),
		};
	},
});

export const policyActions: readonly DefinedAction[] = [explain, list];
