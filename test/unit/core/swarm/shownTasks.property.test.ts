// What is placed anew after a change must be what a whole new picture would show.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ShownTasks } from '../../../../src/core/swarm/shownTasks.ts';
import type { ShownTask } from '../../../../src/core/swarm/swarmSnapshot.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import { boardNames } from '../../../../src/core/task/taskStatus.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** Where a task is after a change; places meet on purpose. */
const change = fc.record({
	id: fc.constantFrom(...ids),
	to: fc.constantFrom('board', 'board', 'named', 'gone'),
	board: fc.constantFrom(...boardNames),
	position: fc.integer({ min: 0, max: 3 }),
	pinned: fc.option(fc.integer({ min: 0, max: 2 })),
});
const archived = shown('old', { board: 'completed_tasks', archive: 'archive/completed_tasks-2026-01' });

function shown(id: string, fields: Partial<ShownTask>, pinned: number | null = null): ShownTask {
	const task = newTask({ task_id: id, name: id, status: 'READY', pinned });
	return { task, board: 'task_ready_queue', position: 1, epoch: 0, run_id: null, ...fields };
}

describe('the tasks of a picture', () => {
	it('are the same, step by step or all anew', () => {
		fc.assert(
			fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }), (steps) => {
				const archive = new Map([['old', archived]]);
				const named = new Map<string, ShownTask>();
				const onBoards = new Map<string, ShownTask>();
				const followed = new ShownTasks();
				followed.update('everything', { archive, named, onBoards });
				for (const step of steps) {
					const before = [...followed.tasks];
					const held = followed.tasks;
					for (const { id, to, board, position, pinned } of step) {
						onBoards.delete(id);
						named.delete(id);
						if (to === 'board') {
							onBoards.set(id, shown(id, { board, position }, pinned));
						} else if (to === 'named') {
							const file = 'archive/completed_tasks-2026-02';
							named.set(id, shown(id, { board: 'completed_tasks', archive: file, position }));
						}
					}
					followed.update(new Set(step.map(({ id }) => id)), { archive, named, onBoards });
					const anew = new ShownTasks();
					anew.update('everything', { archive, named, onBoards });
					assert.deepEqual(followed.boards, anew.boards);
					assert.deepEqual(sorted(followed.tasks), sorted(anew.tasks));
					assert.deepEqual([...held], before, 'a picture that was handed out has changed');
				}
			}),
		);
	});

	it('leave the lists of boards alone on which nothing moved', () => {
		const onBoards = new Map(ids.map((id) => [id as string, shown(id, {})]));
		const sources = { archive: new Map(), named: new Map(), onBoards };
		const tasks = new ShownTasks();
		tasks.update('everything', sources);
		const { boards } = tasks;
		onBoards.set('a', shown('a', { epoch: 1 }));
		tasks.update(new Set(['a']), sources);
		assert.equal(tasks.tasks.get('a')?.epoch, 1);
		assert.equal(tasks.boards.task_ready_queue, boards.task_ready_queue);
		onBoards.set('a', shown('a', { board: 'working_tasks' }));
		tasks.update(new Set(['a']), sources);
		assert.deepEqual(tasks.boards.working_tasks, ['a']);
		assert.equal(tasks.boards.completed_tasks, boards.completed_tasks);
	});
});

const sorted = (tasks: ReadonlyMap<string, ShownTask>) => [...tasks].sort(([left], [right]) => (left < right ? -1 : 1));
