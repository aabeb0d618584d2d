// Owns the comparison of the words that pages translate with the tables of core and protocol they come from: none is forgotten.

import { strict as assert } from 'node:assert';
import type { AgentState } from '../../../src/core/agent/agent.ts';
import { analyse, findFigure } from '../../../src/core/figures/analysis.ts';
import { blockReasonKinds } from '../../../src/core/task/task.ts';
import { runStates } from '../../../src/core/run/run.ts';
import { periods, toAnalyticsModel } from '../../../src/protocol/analyticsModel.ts';
import { cardPriorities } from '../../../src/protocol/taskCard.ts';
import { statusLabels, toDashboardModel } from '../../../src/protocol/viewModels.ts';
import { coreWords, wordOf } from '../../../webviews/shared/coreWords.ts';
import { buildDashboardFacts } from '../../support/dashboardFacts.ts';
import { buildSnapshot, buildShownAgent } from '../../support/snapshotBuilder.ts';
import { buildTask } from '../../support/swarmBuilders.ts';

/** Words a page could only show in English. */
const unknownWords = (words: readonly string[]): string[] => words.filter((word) => !Object.hasOwn(coreWords, word));

/** Complete, or it does not compile. */
const agentStates: Readonly<Record<AgentState, true>> = {
	idle: true,
	working: true,
	paused: true,
	asking: true,
	review: true,
	disabled: true,
};

const analysis = analyse({
	tasks: blockReasonKinds.map(
		(kind) => buildTask(kind, { status: 'BLOCKED', block_reason: { kind, text: 'why' } }).task,
	),
	runs: [],
	events: [],
	period: { from: 0, to: 1 },
	offset: 0,
});

const tables: Readonly<Record<string, readonly string[]>> = {
	'statuses of tasks': Object.values(statusLabels),
	'priorities of tasks': cardPriorities,
	'states of runs': runStates,
	'what agents do': (Object.keys(agentStates) as AgentState[]).flatMap((state) =>
		toDashboardModel(
			buildDashboardFacts(buildSnapshot([], { agents: [{ ...buildShownAgent('Agent-1'), state }] })),
		).agents.map(({ activity }) => activity),
	),
	'periods of the analytics': periods.map(({ label }) => label),
	'ages of tasks': toAnalyticsModel(analysis).ages.map(({ label }) => label),
	'reasons tasks are blocked': toAnalyticsModel(analysis).blocked.map(({ label }) => label),
	'names of figures': ['completed', 'failed', 'recovered', 'unaided', 'cycle', 'cycle slow', 'lead'].map(
		(key) => findFigure(analysis, key)?.label ?? `no figure ${key}`,
	),
};

describe('words of core in a page', () => {
	for (const [name, words] of Object.entries(tables)) {
		it(`has the ${name}`, () => {
			assert.notEqual(words.length, 0);
			assert.deepEqual(unknownWords(words), []);
		});
	}

	it('finds a word that was forgotten', () => {
		assert.deepEqual(unknownWords([...runStates, 'hibernating']), ['hibernating']);
	});

	it('says each word as core says it while nothing is translated, and other text as it is', () => {
		assert.deepEqual(Object.values(coreWords), Object.keys(coreWords));
		assert.equal(wordOf('constructor'), 'constructor');
		assert.equal(wordOf('__proto__'), '__proto__');
	});
});
