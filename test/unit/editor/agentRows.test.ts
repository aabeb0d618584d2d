// Checks what the row of an agent says that needs a language model nobody offers.

import assert from 'node:assert/strict';
import { agentSchema } from '../../../src/core/agent/agent.ts';
import { missingModel } from '../../../src/core/models/offeredModels.ts';
import type { ShownAgent } from '../../../src/core/swarm/swarmSnapshot.ts';
import { emptySnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { agentRow, agentTooltip } from '../../../src/editor/views/agentRows.ts';
import { testModel } from '../../support/scriptedLanguageModel.ts';

function shown(offered: readonly (typeof testModel)[]): ShownAgent {
	const agent = agentSchema.parse({ id: 'editor', driver: 'lm', model: { vendor: 'test', family: 'scripted' } });
	return {
		agent,
		state: 'idle',
		run: undefined,
		runs: [],
		check: undefined,
		containment: '',
		missingModel: missingModel(agent, offered),
	};
}

describe('The row of an agent with a model of the editor', () => {
	it('says that there is none, and its hover what to do', () => {
		const row = agentRow(emptySnapshot, shown([]), 0);
		assert.deepEqual([row.description, row.icon.id], ['has no language model', 'debug-disconnect']);
		assert.match(
			agentTooltip(shown([])),
			/Driven by lm with test\/scripted\nGets no task: no open window offers editor a language model; open this/u,
		);
	});

	it('is one like any other while a window has the model', () => {
		const row = agentRow(emptySnapshot, shown([testModel]), 0);
		assert.deepEqual(
			[row.description, row.icon.id, row.contextValue],
			['idle', 'circle-large-outline', 'agent.idle.lm'],
		);
		assert.doesNotMatch(agentTooltip(shown([testModel])), /no task/u);
	});
});
