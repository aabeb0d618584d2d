// Checks what the row of an agent says that needs a language model nobody offers.

import assert from 'node:assert/strict';
import { agentSchema } from '../../../src/core/agent/agent.ts';
import { missingModel } from '../../../src/core/models/offeredModels.ts';
import type { ShownAgent } from '../../../src/core/swarm/swarmSnapshot.ts';
import { emptySnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { agentRow, agentTooltip } from '../../../src/editor/views/agentRows.ts';
import type { DriftRung } from '../../../src/core/drift/driftReading.ts';
import { buildAgent, buildRun } from '../../support/swarmBuilders.ts';
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

describe('The row of an agent that drifts', () => {
	const shown = (score: number, step: DriftRung | null): ShownAgent => {
		const run = buildRun('run-1', { drift: { score, reasons: ['Nothing was changed for 80 steps'], step } });
		return {
			agent: buildAgent('Agent-1'),
			run,
			runs: [],
			state: 'working',
			check: undefined,
			containment: '',
			missingModel: undefined,
		};
	};

	it('says so, and its hover why and what was done; a low score says nothing', () => {
		const drifting = shown(0.72, 'remind');
		assert.match(agentRow(emptySnapshot, drifting, 0).description, /drifts/u);
		assert.match(agentTooltip(drifting), /^Drifts: 72% \(reminded\): Nothing was changed for 80 steps$/mu);
		const healthy = shown(0.1, null);
		assert.doesNotMatch(agentRow(emptySnapshot, healthy, 0).description, /drifts/u);
		assert.doesNotMatch(agentTooltip(healthy), /Drifts/u);
		assert.match(agentTooltip(shown(0.1, 'restate')), /Drifts: 10% \(told its task again\)/u);
	});
});
