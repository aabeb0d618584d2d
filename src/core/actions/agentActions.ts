// Owns what can be done about the agents there are: see which could be had, add one, check one.

import * as z from 'zod';
import { DreamError } from '../../base/errors.ts';
import { keepAgentCheck } from '../agent/agentCheck.ts';
import { addAgent } from '../agent/addAgent.ts';
import { keepMachineContainment } from '../containment/machineContainment.ts';
import { editorPresetId } from '../agent/editorPreset.ts';
import { requireAgent } from '../agent/requireAgent.ts';
import type { DefinedAction } from './action.ts';
import { defineAction } from './action.ts';

const presets = defineAction({
	id: 'agent.presets',
	title: 'Show Known Agents',
	description:
		'Lists the agents that are known here: which are installed, in which version, and how to get the others.',
	effect: 'read',
	input: z.object({}),
	run: async (context) => [...(await context.agents.presets())],
});

const add = defineAction({
	id: 'agent.add',
	title: 'Add Agent',
	description:
		'Adds an agent to runtime/agents.json: a known one by the name of its preset, or any other by its command.',
	effect: 'danger',
	input: z.object({
		preset: z
			.string()
			.optional()
			.describe(
				'Known kind of agent, such as opencode, or editor for a language model of the editor; see agent presets',
			),
		command: z
			.array(z.string())
			.optional()
			.describe(
				'Program and arguments of an agent that speaks the Agent Client Protocol, as one text or word by word',
			),
		id: z.string().optional().describe('Id of the new agent; made from the preset when left out'),
		name: z.string().optional().describe('What people call it'),
		role: z.string().optional().describe('Name of its role file in runtime/roles'),
		model: z
			.string()
			.optional()
			.describe('Model to use, by an id or name the agent offers; of the editor vendor/family'),
		mode: z.string().optional().describe('Mode to work in, by an id or name the agent offers'),
	}),
	terminal: { positionals: ['preset'] },
	async run(context, input) {
		const agent = await context.ledger.write(context.actor, (transaction) => addAgent(transaction, input));
		const kind = agent.driver === 'lm' ? editorPresetId : agent.preset;
		const [found] = kind === undefined ? [] : await context.agents.presets(kind);
		return { agent, problem: found?.problem ?? null };
	},
});

const check = defineAction({
	id: 'agent.check',
	title: 'Check Agent',
	description:
		'Tries an agent in a folder that is thrown away: start, session, permission, cancel, resume. Asks its model three short things.',
	effect: 'danger',
	input: z.object({
		agent_id: z.string().min(1).describe('Id of the agent'),
		without_turns: z.boolean().default(false).describe('Ask its model nothing: only start it and open a session'),
	}),
	terminal: { positionals: ['agent_id'] },
	async run(context, { agent_id, without_turns }) {
		const refusal = context.swarm.refusal();
		if (refusal !== undefined) {
			throw new DreamError('swarm.notTrusted', refusal, { advice: 'Trust the workspace first.' });
		}
		const agent = await context.ledger.read((reader) => requireAgent(reader, agent_id));
		const result = await context.agents.check(agent, { hasTurns: !without_turns });
		const found = await context.agents.containment();
		await context.ledger.write(context.actor, async (transaction) => {
			await keepAgentCheck(transaction, agent_id, result);
			await keepMachineContainment(transaction, found);
		});
		return { agent_id, ...result };
	},
});

export const agentActions: readonly DefinedAction[] = [presets, add, check];
