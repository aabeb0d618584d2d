// Owns the proof of how the Tasks view groups and sorts.

import { strict as assert } from 'node:assert';
import type { Arrangement } from '../../../src/editor/views/taskArrangement.ts';
import { arrangeTasks } from '../../../src/editor/views/taskArrangement.ts';
import { buildShownAgent, buildSnapshot } from '../../support/snapshotBuilder.ts';
import { buildTask } from '../../support/swarmBuilders.ts';

describe('arrangeTasks', () => {
	const snapshot = buildSnapshot([
		buildTask('E', { name: 'The epic', tags: ['x'] }),
		buildTask('A', { parent: 'E', tags: ['x', 'y', 'x'], assigned_agent: 'Agent-10', due: '2026-02-01T00:00:00Z' }),
		buildTask('B', {
			parent: 'E',
			status: 'COMPLETED',
			priority: 'CRITICAL',
			completed_at: '2026-01-01T00:00:00Z',
		}),
		buildTask('C', { priority: 'HIGH', task_type: 'bug', claimed_by: 'Agent-2', name: 'alpha' }),
	]);
	const draw = (arrangement: Partial<Arrangement>) =>
		arrangeTasks(snapshot, snapshot.boards, { grouping: 'board', order: 'place', ...arrangement })
			.filter(({ tasks }) => tasks.length > 0)
			.map(({ title, tasks }) => `${title}: ${tasks.join(' ')}`);

	it('groups by board, epic, agent, tag and kind of work', () => {
		assert.deepEqual(draw({}), ['Ready: E A C', 'Completed: B']);
		assert.deepEqual(draw({ grouping: 'epic' }), ['The epic: E A B', 'No epic: C']);
		assert.deepEqual(draw({ grouping: 'agent' }), ['Agent-2: C', 'Agent-10: A', 'Nobody in particular: E B']);
		assert.deepEqual(draw({ grouping: 'tag' }), ['x: E A', 'y: A', 'No tag: C B']);
		assert.deepEqual(draw({ grouping: 'type' }), ['bug: C', 'task: E A B']);
	});

	it('has a group for every agent that may be given a task', () => {
		const withAgents = { ...snapshot, agents: [buildShownAgent('Agent-2'), buildShownAgent('Agent-3')] };
		const groups = arrangeTasks(withAgents, snapshot.boards, { grouping: 'agent', order: 'place' });
		assert.deepEqual(
			groups.map(({ title, tasks }) => `${title} ${tasks.length}`),
			['Agent-2 1', 'Agent-3 0', 'Agent-10 1', 'Nobody in particular 2'],
		);
	});

	it('sorts within the groups, with what is over last', () => {
		assert.deepEqual(draw({ order: 'priority' })[0], 'Ready: C E A');
		assert.deepEqual(draw({ order: 'due' })[0], 'Ready: A E C');
		assert.deepEqual(draw({ order: 'name' })[0], 'Ready: C A E');
		assert.deepEqual(draw({ grouping: 'epic', order: 'priority' })[0], 'The epic: E A B');
	});

	it('shows a task in every group it belongs to, and no task is lost', () => {
		for (const grouping of ['board', 'epic', 'agent', 'tag', 'type'] as const) {
			for (const order of ['place', 'priority', 'name', 'changed', 'due'] as const) {
				const groups = arrangeTasks(snapshot, snapshot.boards, { grouping, order });
				assert.deepEqual([...new Set(groups.flatMap(({ tasks }) => tasks))].toSorted(), ['A', 'B', 'C', 'E']);
				assert.equal(new Set(groups.map(({ key }) => key)).size, groups.length);
			}
		}
	});
});
