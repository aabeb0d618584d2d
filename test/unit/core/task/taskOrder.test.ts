// Checks the order of the ready queue and the reasons an agent may not take a task.

import assert from 'node:assert/strict';
import { agentSchema } from '../../../../src/core/agent/agent.ts';
import type { StoredTask, Task } from '../../../../src/core/task/task.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import { agentRefusal, describeOrder, orderTasks } from '../../../../src/core/task/taskOrder.ts';

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

	it('puts what a person pinned before everything, in the order of the pins', () => {
		const tasks = [
			stored('urgent', 1, { priority: 'CRITICAL' }),
			stored('second', 2, { pinned: 2, priority: 'LOW' }),
			stored('first', 3, { pinned: -1 }),
		];
		assert.deepEqual(
			orderTasks(tasks, new Map()).map(({ task }) => task.task_id),
			['first', 'second', 'urgent'],
		);
	});

	it('takes what is due sooner before what is older, and what waits before what is due', () => {
		const tasks = [
			stored('old', 1),
			stored('december', 2, { due: '2026-12-01T00:00:00.000Z' }),
			stored('november', 3, { due: '2026-11-01T00:00:00.000Z' }),
			stored('awaited', 4),
		];
		assert.deepEqual(
			orderTasks(tasks, new Map([['awaited', 1]])).map(({ task }) => task.task_id),
			['awaited', 'november', 'december', 'old'],
		);
		assert.equal(
			describeOrder(newTask({ task_id: 'a', name: 'a', pinned: 1, due: '2026-11-01T00:00:00.000Z' }), 2),
			'pinned, MEDIUM, 2 tasks wait on it, due 2026-11-01',
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
		const captain = { ...agent, role: 'Captain' };
		assert.equal(
			agentRefusal(
				captain,
				newTask({ task_id: 't', name: 't', required_capabilities: ['Captain', 'typescript'] }),
			),
			undefined,
			'a role counts as a capability',
		);
	});
});
