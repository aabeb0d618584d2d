// Owns the proof of the critical path and of the longest chain that stands still, also among circles and at ten thousand tasks.

import { strict as assert } from 'node:assert';
import { dependencyPaths } from '../../../../src/core/figures/dependencyPaths.ts';
import type { PathTask } from '../../../../src/core/figures/dependencyPaths.ts';

const task = (task_id: string, dependencies: string[] = [], fields: Partial<PathTask> = {}): PathTask => ({
	task_id,
	dependencies,
	status: 'PENDING',
	estimate: null,
	...fields,
});

describe('dependency paths', () => {
	it('find the chain that takes longest, by estimates where there are some', () => {
		const tasks = [
			task('A'),
			task('B', ['A']),
			task('C', ['B']),
			task('X', ['A'], { estimate: 500 }),
			task('done', [], { status: 'COMPLETED' }),
			task('D', ['done']),
		];
		assert.deepEqual(dependencyPaths(tasks.filter(({ task_id }) => task_id !== 'X')), {
			critical: ['A', 'B', 'C'],
			minutes: null,
			blocked: [],
		});
		assert.deepEqual(
			dependencyPaths([...tasks, task('E', [], { estimate: 10 }), task('F', [], { estimate: 20 })]),
			{
				critical: ['A', 'X'],
				minutes: 520,
				blocked: [],
			},
		);
	});

	it('find what stands still because of one task', () => {
		const tasks = [
			task('stuck', [], { status: 'BLOCKED' }),
			task('B', ['stuck']),
			task('C', ['B']),
			task('failed', [], { status: 'FAILED' }),
			task('E', ['failed']),
			task('free'),
			task('G', ['free']),
			task('H', ['G']),
			task('I', ['H']),
		];
		assert.deepEqual(dependencyPaths(tasks).blocked, ['stuck', 'B', 'C']);
		assert.deepEqual(dependencyPaths([task('alone', [], { status: 'BLOCKED' })]).blocked, []);
	});

	it('leave circles and unknown tasks out, and follow a chain of ten thousand', () => {
		const circle = [task('A', ['B']), task('B', ['A']), task('C', ['gone'])];
		assert.deepEqual(dependencyPaths(circle).critical, ['C']);
		const long = Array.from({ length: 10_000 }, (_each, index) =>
			task(`T-${index}`, index === 0 ? [] : [`T-${index - 1}`]),
		);
		assert.equal(dependencyPaths(long).critical.length, 10_000);
		assert.deepEqual(dependencyPaths([]), { critical: [], minutes: null, blocked: [] });
	});
});
