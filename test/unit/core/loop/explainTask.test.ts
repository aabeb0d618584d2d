// Checks that every task in every status has one sentence that says why nobody works on it, who does, or that it is over.

import assert from 'node:assert/strict';
import type { ExplainFacts } from '../../../../src/core/loop/explainTask.ts';
import { explainTask } from '../../../../src/core/loop/explainTask.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { taskStatuses } from '../../../../src/core/task/taskStatus.ts';
import { defaultSettings } from '../../../../src/core/settings.ts';
import { buildAgent, buildRun, buildTask } from '../../../support/swarmBuilders.ts';

const at = '2026-11-25T10:00:00.000Z';
const lastMove = {
	sequence: 7,
	at,
	type: 'task.moved',
	actor: 'human:ann',
	message: 'moved',
	data: { reason: 'not needed any more' },
} as const;

function facts(parts: Partial<ExplainFacts>): ExplainFacts {
	return {
		tasks: [],
		agents: [buildAgent('Agent-1')],
		openRuns: [],
		settings: defaultSettings,
		drivers: new Map([['command', { refusal: () => undefined }]]),
		held: new Map(),
		shouldRun: true,
		lastMove,
		...parts,
	};
}

function why(fields: Partial<Task>, parts: Partial<ExplainFacts> = {}): string {
	const stored = { ...buildTask('A', fields, 5), run_id: 'run-1' };
	return explainTask(facts({ ...parts, tasks: [stored, ...(parts.tasks ?? [])] }), stored);
}

describe('explainTask', () => {
	it('answers in one sentence for every status', () => {
		for (const status of taskStatuses) {
			assert.match(why({ status }), /^A (?:is|waits) [^\n]+\.$/u, status);
		}
	});

	it('says what is over, by whom and why', () => {
		assert.equal(
			why({ status: 'COMPLETED', completed_by: 'agent:Agent-1', completed_at: at }),
			`A is not waiting: it was completed by agent:Agent-1 at ${at}.`,
		);
		assert.equal(
			why({ status: 'CANCELLED', completed_by: 'human:ann', completed_at: at }),
			`A is not waiting: it was cancelled by human:ann at ${at} (not needed any more); Retry Task puts it back into its queue.`,
		);
	});

	it('says who holds it since when', () => {
		assert.equal(
			why({ status: 'IN_PROGRESS', claimed_by: 'Agent-1', claimed_at: at }, { openRuns: [buildRun('run-1')] }),
			`A is not waiting: Agent-1 holds it since ${at} (IN_PROGRESS, its run is working).`,
		);
		const asking = new Map([['run-1', 'question-1']]);
		assert.match(
			why({ status: 'IN_PROGRESS', claimed_by: 'Agent-1' }, { openRuns: [buildRun('run-1')], asking }),
			/^A waits for a person: Agent-1 asks \(question-1\)/u,
		);
		assert.match(why({ status: 'REVIEW' }), /^A waits for a person since .*: its change waits for review/u);
	});

	it('says what blocks it, what it waits for, and the path of a circle', () => {
		assert.equal(
			why({ status: 'BLOCKED', block_reason: { kind: 'budget', text: 'no money left' } }),
			`A is BLOCKED since ${at}: it is blocked (budget): no money left.`,
		);
		assert.match(why({ status: 'PENDING', dependencies: ['B'] }), /it waits for B \(does not exist\)\.$/u);
		const circle = [
			buildTask('B', { status: 'PENDING', dependencies: ['C'] }),
			buildTask('C', { status: 'PENDING', dependencies: ['D', 'A'] }),
			buildTask('D', { status: 'PENDING', dependencies: ['C'] }),
		];
		assert.match(
			why({ status: 'PENDING', dependencies: ['B'] }, { tasks: circle }),
			/it waits for itself: A → B → C → A; take one of these dependencies out\.$/u,
		);
	});

	it('says its place in the queue by the very order that decides', () => {
		const urgent = buildTask('U', { priority: 'CRITICAL' }, 1);
		assert.equal(
			why({}, { tasks: [urgent] }),
			'A is READY, number 2 of 2 in the queue (MEDIUM): every agent that may take it is busy: Agent-1 with U.',
		);
		assert.equal(
			why({ pinned: 1 }, { tasks: [urgent, buildTask('W', { status: 'PENDING', dependencies: ['A'] })] }),
			'A is READY, number 1 of 2 in the queue (pinned, MEDIUM, 1 task waits on it): it is about to start with Agent-1.',
		);
		assert.match(why({}, { shouldRun: false }), /: the swarm is stopped\.$/u);
	});
});
