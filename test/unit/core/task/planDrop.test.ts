// Owns the proof that what is said before a drop is what the table of moves allows, for every pair of statuses.

import { strict as assert } from 'node:assert';
import type { DropFacts } from '../../../../src/core/task/planDrop.ts';
import { planDrop } from '../../../../src/core/task/planDrop.ts';
import type { TaskStatus } from '../../../../src/core/task/taskStatus.ts';
import { moveRule, taskStatuses } from '../../../../src/core/task/taskStatus.ts';
import { buildRun } from '../../../support/swarmBuilders.ts';

const facts = (status: TaskStatus, fields: Partial<DropFacts> = {}): DropFacts => ({
	task: { task_id: 'A', status },
	waitsFor: [],
	run: undefined,
	...fields,
});
const moveOf = (from: TaskStatus, to: TaskStatus, fields?: Partial<DropFacts>) => {
	const plan = planDrop(facts(from, fields), to);
	return plan.kind === 'move' ? plan.move : plan.kind === 'accept' ? `accept ${plan.runId}` : `! ${plan.why}`;
};

describe('planDrop', () => {
	it('allows no move that the table does not have, and says why for every other', () => {
		for (const from of taskStatuses) {
			for (const to of taskStatuses) {
				const plan = planDrop(facts(from), to);
				if (plan.kind === 'refused') {
					assert.match(plan.why, /\.$/u);
					continue;
				}
				assert.equal(plan.kind, 'move');
				const rule = moveRule(plan.move);
				const first = plan.move === 'start' && from !== 'CLAIMED' ? moveRule('claim') : rule;
				assert.ok(first.from.includes(from), `${from} → ${to}: ${plan.move}`);
				assert.ok(rule.to === to || rule.to === 'queue', `${from} → ${to}: ${plan.move}`);
				assert.notEqual(rule.isInternal, true);
			}
		}
	});

	it('finds the move a person means', () => {
		assert.deepEqual(
			[
				moveOf('PENDING', 'READY'),
				moveOf('READY', 'PENDING'),
				moveOf('READY', 'IN_PROGRESS'),
				moveOf('CLAIMED', 'IN_PROGRESS'),
				moveOf('IN_PROGRESS', 'READY'),
				moveOf('BLOCKED', 'READY'),
				moveOf('FAILED', 'READY'),
				moveOf('COMPLETED', 'READY'),
				moveOf('READY', 'BLOCKED'),
				moveOf('READY', 'CANCELLED'),
			],
			['ready', 'shelve', 'start', 'start', 'release', 'unblock', 'retry', 'reopen', 'block', 'cancel'],
		);
	});

	it('says what a task waits for', () => {
		const waits = { waitsFor: ['B', 'C', 'D', 'E'] };
		assert.equal(moveOf('PENDING', 'READY', waits), '! A waits for B, C, D and 1 more.');
		assert.equal(moveOf('PENDING', 'IN_PROGRESS', { waitsFor: ['B'] }), '! A waits for B.');
		assert.equal(moveOf('BLOCKED', 'PENDING', waits), 'unblock');
		assert.equal(moveOf('BLOCKED', 'PENDING'), '! A waits for nothing: it goes to Ready.');
	});

	it('completes by the change where an agent made one', () => {
		const run = buildRun('run-1', { state: 'review' });
		assert.equal(moveOf('REVIEW', 'COMPLETED', { run }), 'accept run-1');
		assert.equal(
			moveOf('IN_PROGRESS', 'COMPLETED', { run: buildRun('run-1') }),
			'! Agent-1 works on A: its change completes it.',
		);
		assert.equal(moveOf('IN_PROGRESS', 'COMPLETED', { run: buildRun('run-1', { host_id: null }) }), 'complete');
		assert.match(moveOf('READY', 'REVIEW'), /The swarm puts tasks there/u);
	});
});
