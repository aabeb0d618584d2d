// Checks what the row of an agent says that needs a language model nobody offers.

import assert from 'node:assert/strict';
import { agentSchema } from '../../../src/core/agent/agent.ts';
import { noUsage } from '../../../src/core/budget/usage.ts';
import { missingModel } from '../../../src/core/models/offeredModels.ts';
import type { ShownAgent } from '../../../src/core/swarm/swarmSnapshot.ts';
import { emptySnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { agentRow, agentTooltip } from '../../../src/editor/views/agentRows.ts';
import type { DriftRung } from '../../../src/core/drift/driftReading.ts';
import { buildShownAgent } from '../../support/snapshotBuilder.ts';
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

describe('The row of an agent that is left alone', () => {
	it('says so while nobody is at work, and its hover why, until when, and what it used', () => {
		const turns = { ...noUsage, turns: 2, input_tokens: 900, costs: { USD: 0.5 }, milliseconds: 1000 };
		const alone: ShownAgent = {
			...buildShownAgent('Agent-1'),
			held: 'Agent-1 is left alone until 2026-11-27T15:00:00.000Z: its model service holds it back.',
			usage: { today: turns, run: noUsage },
		};
		const row = agentRow(emptySnapshot, alone, 0);
		assert.deepEqual([row.description, row.icon.id], ['is left alone for now', 'debug-disconnect']);
		assert.match(
			agentTooltip(alone),
			/Gets no task: Agent-1 is left alone until 2026-11-27T15:00[^\n]*\nUsed today: 2 turns, 900 tokens, 0\.5 USD, 1 s/u,
		);
		const busy = { ...buildShownAgent('Agent-1', [buildRun('run-1')]), usage: { today: turns, run: turns } };
		assert.match(agentTooltip(busy), /This run used 2 turns, 900 tokens/u);
	});
});
