// Owns the proof of which tasks are offered for which command, and in which order.

import { strict as assert } from 'node:assert';
import type { ShownTask } from '../../../src/core/swarm/swarmSnapshot.ts';
import { tasksAllowing, unfinishedTasks } from '../../../src/editor/commands/taskChoices.ts';
import { taskLine } from '../../../src/editor/commands/taskLine.ts';
import { buildShownAgent, buildSnapshot } from '../../support/snapshotBuilder.ts';
import { buildRun, buildTask } from '../../support/swarmBuilders.ts';

const idsOf = (tasks: readonly ShownTask[]) => tasks.map(({ task }) => task.task_id).join(' ');

describe('tasksAllowing', () => {
	it('offers what the table allows, ready before waiting, as the queue takes them', () => {
		const snapshot = buildSnapshot([
			buildTask('low', { priority: 'LOW' }, 1),
			buildTask('waits', { status: 'PENDING', dependencies: ['low'] }, 2),
			buildTask('shelved', { status: 'PENDING' }, 3),
			buildTask('high', { priority: 'HIGH' }, 4),
			buildTask('done', { status: 'COMPLETED' }, 5),
		]);
		assert.equal(idsOf(tasksAllowing(snapshot, ['claim'])), 'high low shelved');
		assert.equal(idsOf(tasksAllowing(snapshot, ['ready'])), 'shelved');
		assert.equal(idsOf(tasksAllowing(snapshot, ['cancel'])), 'high low waits shelved');
		assert.equal(idsOf(tasksAllowing(snapshot, ['retry'])), '');
		assert.equal(idsOf(unfinishedTasks(snapshot)), 'high low waits shelved');
	});

	it('does not offer to complete by hand what an agent works on', () => {
		const held = (id: string, run_id: string, place: number) => ({
			...buildTask(id, { status: 'IN_PROGRESS' }, place),
			run_id,
		});
		const snapshot = buildSnapshot([held('mine', 'run-1', 1), held('agents', 'run-2', 2)], {
			agents: [buildShownAgent('Agent-1', [buildRun('run-2', { task_id: 'agents' })])],
		});
		assert.equal(idsOf(tasksAllowing(snapshot, ['complete'])), 'mine');
		assert.equal(idsOf(tasksAllowing(snapshot, ['release'])), 'mine agents');
	});

	it('answers with a hundred thousand tasks', () => {
		const tasks = Array.from({ length: 100_000 }, (_each, index) =>
			buildTask(`T${index}`, index % 10 === 0 || index < 10 ? {} : { dependencies: [`T${index - 1}`] }, index),
		);
		// One that went through all for each would not end before the test's time is over.
		assert.equal(tasksAllowing(buildSnapshot(tasks), ['claim']).length, 100_000 - 9 * 9_999);
	});
});

describe('taskLine', () => {
	it('finds the id of a task, whatever the file calls it', () => {
		const json = '[\n  {\n    "task_id": "A",\n    "dependencies": ["B"]\n  },\n  {\n    "id": "B"\n  }\n]';
		assert.deepEqual([taskLine(json, 'A'), taskLine(json, 'B'), taskLine(json, 'C')], [2, 6, undefined]);
	});

	it('finds it in YAML and in text that parses as nothing', () => {
		assert.equal(taskLine('- name: x\n- id: T.1\n  name: y', 'T.1'), 1);
		assert.equal(taskLine('[{"other": "T(1)"}\n{{"task_id": "T(1)"', 'T(1)'), 1);
		assert.equal(taskLine('- id: T11\n- id: T.1', 'T.1'), 1);
	});
});
