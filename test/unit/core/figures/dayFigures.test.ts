// Owns the proof of a day's figures, and of reading tokens and cost in the shapes workers write.

import { strict as assert } from 'node:assert';
import { dayFigures, dayTasks } from '../../../../src/core/figures/dayFigures.ts';
import { readSpending } from '../../../../src/core/figures/spending.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { buildTask } from '../../../support/swarmBuilders.ts';

const since = Date.parse('2026-01-02T00:00:00Z');
const over = (id: string, fields: Partial<Task>) =>
	buildTask(id, { completed_at: '2026-01-02T10:00:00Z', status: 'COMPLETED', ...fields }).task;

describe('figures of a day', () => {
	it('count what was over since it began', () => {
		const tasks = [
			over('A', { result: { tokens: 100, cost: '$0.25' } }),
			over('B', { result: { tokens: { input: 40, output: 2 }, cost: { amount: 0.5, currency: 'USD' } } }),
			over('C', { status: 'FAILED' }),
			over('D', { completed_at: '2026-01-01T23:59:59Z' }),
			buildTask('E').task,
		];
		assert.deepEqual(dayFigures(tasks, since), { completed: 2, failed: 1, tokens: 142, cost: 0.75 });
		assert.deepEqual(
			(['completed', 'failed', 'tokens', 'cost'] as const).map((figure) => dayTasks(tasks, since, figure)),
			[['A', 'B'], ['C'], ['A', 'B'], ['A', 'B']],
		);
	});

	it('guess nothing that nobody told', () => {
		assert.deepEqual(dayFigures([over('A', {})], since), { completed: 1, failed: 0, tokens: null, cost: null });
		for (const result of [null, {}, { cost: 'free' }, { tokens: {} }, { cost: {} }, { tokens: Number.NaN }]) {
			assert.deepEqual(readSpending({ result }), { tokens: undefined, cost: undefined });
		}
		assert.equal(readSpending({ result: { tokens: { total: 9, input: 4 } } }).tokens, 9);
	});
});
