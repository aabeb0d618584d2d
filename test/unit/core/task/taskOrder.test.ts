// Checks the order of the ready queue and the reasons an agent may not take a task.

import assert from 'node:assert/strict';
import { agentSchema } from '../../../../src/core/agent/agent.ts';
import type { StoredTask, Task } from '../../../../src/core/task/task.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import { agentRefusal, countWaiting, orderTasks } from '../../../../src/core/task/taskOrder.ts';

const stored = (task_id: string, position: number, fields: Partial<Task> = {}): StoredTask => ({
	task: newTask({ task_id, name: task_id, status: 'READY', ...fields }),
	record: {},
	board: 'task_ready_queue',
	position,
	epoch: 0,
	run_id: null,
	sequence: position,
});

describe('orderTasks', () => {
	it('goes by priority, then by how many wait, then by age', () => {
		const tasks = [
			stored('old', 1),
			stored('young', 4),
			stored('awaited', 3),
			stored('urgent', 5, { priority: 'CRITICAL' }),
			stored('later', 2, { priority: 'LOW' }),
		];
		const order = orderTasks(tasks, new Map([['awaited', 2]]));
		assert.deepEqual(
			order.map(({ task }) => task.task_id),
			['urgent', 'awaited', 'old', 'young', 'later'],
		);
	});
});

describe('countWaiting', () => {
	it('counts through chains, once each, and survives cycles', () => {
		const task = (task_id: string, ...dependencies: string[]) => newTask({ task_id, name: task_id, dependencies });
		const counts = countWaiting([task('a'), task('b', 'a'), task('c', 'b', 'a'), task('x', 'y'), task('y', 'x')]);
		assert.deepEqual(
			[...counts],
			[
				['a', 2],
				['b', 1],
				['c', 0],
				['x', 1],
				['y', 1],
			],
		);
	});
});

describe('agentRefusal', () => {
	const agent = agentSchema.parse({ id: 'Agent-1', capabilities: ['typescript'] });

	it('names the reason', () => {
		assert.equal(agentRefusal(agent, newTask({ task_id: 't', name: 't' })), undefined);
		assert.equal(
			agentRefusal({ ...agent, enabled: false }, newTask({ task_id: 't', name: 't' })),
			'Agent-1 is disabled',
		);
		assert.equal(
			agentRefusal(agent, newTask({ task_id: 't', name: 't', assigned_agent: 'Agent-2' })),
			'it is assigned to Agent-2',
		);
		assert.equal(
			agentRefusal(agent, newTask({ task_id: 't', name: 't', required_capabilities: ['rust', 'typescript'] })),
			'Agent-1 lacks rust',
		);
	});
});
