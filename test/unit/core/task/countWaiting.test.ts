// Checks how many tasks wait on each: against a slow count on random graphs, and on graphs that would take the slow count hours.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countWaiting } from '../../../../src/core/task/countWaiting.ts';
import type { Task } from '../../../../src/core/task/task.ts';

type Node = Pick<Task, 'task_id' | 'dependencies' | 'status'>;
const node = (task_id: string, dependencies: string[] = [], status: Task['status'] = 'PENDING'): Node => ({
	task_id,
	dependencies,
	status,
});

/** Walks from every task anew. */
function slowly(tasks: readonly Node[]): Map<string, number> {
	const open = tasks.filter(({ status }) => status === 'PENDING');
	return new Map(
		open.map(({ task_id }) => {
			const seen = new Set<string>();
			const queue = [task_id];
			for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
				for (const each of open) {
					if (each.dependencies.includes(id) && !seen.has(each.task_id)) {
						seen.add(each.task_id);
						queue.push(each.task_id);
					}
				}
			}
			seen.delete(task_id);
			return [task_id, seen.size] as const;
		}),
	);
}

describe('countWaiting', () => {
	it('counts through chains, once each, and survives circles', () => {
		const tasks = [
			node('a'),
			node('b', ['a']),
			node('c', ['b', 'a', 'a', 'gone']),
			node('x', ['y']),
			node('y', ['x']),
		];
		assert.deepEqual(
			[...countWaiting([...tasks, node('self', ['self'])])],
			[
				['a', 2],
				['b', 1],
				['c', 0],
				['x', 1],
				['y', 1],
				['self', 0],
			],
		);
	});

	it('does not count what is over', () => {
		const tasks = [node('a'), node('b', ['a'], 'COMPLETED'), node('c', ['a'], 'CANCELLED'), node('d', ['a'])];
		assert.deepEqual(
			[...countWaiting(tasks)],
			[
				['a', 1],
				['d', 0],
			],
		);
	});

	it('agrees with the slow count on any graph', () => {
		const graph = fc.integer({ min: 1, max: 40 }).chain((size) =>
			fc.array(
				fc.record({
					dependencies: fc.array(fc.integer({ min: 0, max: size - 1 }), { maxLength: 4 }),
					isOver: fc.boolean(),
				}),
				{ minLength: size, maxLength: size },
			),
		);
		fc.assert(
			fc.property(graph, (parts) => {
				const tasks = parts.map(({ dependencies, isOver }, index) =>
					node(
						`T${index}`,
						dependencies.map((each) => `T${each}`),
						isOver && index % 3 === 0 ? 'FAILED' : 'PENDING',
					),
				);
				assert.deepEqual(countWaiting(tasks), slowly(tasks));
			}),
			{ numRuns: 300 },
		);
	});

	it('is exact where ways meet again over many blocks of tasks', () => {
		const size = 5000;
		const ladder = Array.from({ length: size }, (_, index) =>
			node(
				`T${index}`,
				[index - 1, index - 2].filter((each) => each >= 0).map((each) => `T${each}`),
			),
		);
		const counts = countWaiting(ladder);
		ladder.forEach(({ task_id }, index) => assert.equal(counts.get(task_id), size - 1 - index));
	});

	it('copes with a chain of 20,000 tasks', () => {
		const size = 20_000;
		const counts = countWaiting(
			Array.from({ length: size }, (_, index) => node(`T${index}`, index === 0 ? [] : [`T${index - 1}`])),
		);
		assert.equal(counts.get('T0'), size - 1);
		assert.equal(counts.get(`T${size - 1}`), 0);
	});
});
