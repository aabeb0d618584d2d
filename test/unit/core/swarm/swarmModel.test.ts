// Checks the picture of a workspace with archives: it counts what was archived, names what somebody waits for, and shows the rest
// only to whoever asks for more.

import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/base/log.ts';
import { SwarmModel } from '../../../../src/core/swarm/swarmModel.ts';
import { countAll } from '../../../../src/core/swarm/swarmSnapshot.ts';
import { LiveTasks, plainTasks } from '../../../../src/core/task/liveTasks.ts';
import { systemClock } from '../../../../src/node/systemClock.ts';
import { finishTasks } from '../../../support/archivedTasks.ts';
import { BoardWorkspace } from '../../../support/boardWorkspace.ts';
import { buildAgent } from '../../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

describe('the picture of a workspace with archives', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let model: SwarmModel;
	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		await finishTasks(workspace.ledger, 'old', 40, '2026-01-01T00:00:00Z');
		await finishTasks(workspace.ledger, 'new', 10, '2026-03-01T00:00:00Z');
		await workspace.mirror({ archive: () => ({ kept: 10, days: 0 }) }).flush();
		await workspace.create({ task_id: 'waits', name: 'waits', dependencies: ['old3'] });
		model = new SwarmModel(systemClock, nullLogger);
		model.follow(workspace.ledger);
		await model.settled();
	});
	afterEach(async () => {
		model.dispose();
		await workspace.close();
	});
	const poked = async () => {
		model.poke();
		await model.settled();
		return model.current;
	};

	it('counts them and leaves them out, but for those that a task waits for', () => {
		const { current } = model;
		assert.equal(countAll(current), 51);
		assert.equal(current.counts.COMPLETED, 50);
		assert.equal(current.archived, 40);
		assert.equal(current.boards.completed_tasks.length, 10);
		assert.equal(current.tasks.size, 12);
		assert.equal(current.tasks.get('old3')?.task.status, 'COMPLETED');
	});

	it('shows more of them, the newest first, and follows what becomes of them', async () => {
		model.showArchived(5);
		await model.settled();
		assert.deepEqual(model.current.boards.completed_tasks.slice(0, 6), [
			'old35',
			'old36',
			'old37',
			'old38',
			'old39',
			'new0',
		]);
		assert.equal(model.current.archived, 35);
		await workspace.move('old39', 'reopen');
		const reopened = await poked();
		assert.equal(reopened.tasks.get('old39')?.task.status, 'READY');
		assert.deepEqual(reopened.boards.task_ready_queue, ['waits', 'old39']);
		assert.equal(reopened.boards.completed_tasks[0], 'old34');
		assert.equal(countAll(reopened), 51);
	});

	it('shows those somebody looks for, in place of those of before, and follows them', async () => {
		model.showNamed(['old7', 'new0', 'nobody']);
		await model.settled();
		assert.deepEqual(model.current.boards.completed_tasks.slice(0, 2), ['old7', 'new0']);
		assert.equal(model.current.archived, 39);
		assert.equal(countAll(model.current), 51);
		model.showNamed(['old8']);
		await model.settled();
		assert.equal(model.current.boards.completed_tasks[0], 'old8');
		model.showNamed([]);
		await model.settled();
		assert.equal(model.current.archived, 40);
	});

	it('follows a task on its way into the archive, and the one that waits for it', async () => {
		await workspace.create({ task_id: 'late', name: 'late', dependencies: ['new0'] });
		await poked();
		await finishTasks(workspace.ledger, 'more', 30, '2026-04-01T00:00:00Z');
		await workspace.mirror({ archive: () => ({ kept: 10, days: 0 }) }).flush();
		const current = await poked();
		assert.equal(current.archived, 70);
		assert.equal(current.tasks.get('new0')?.archive, 'archive/completed_tasks-2026-03');
		assert.ok(!current.tasks.has('new1'));
		assert.ok(!current.boards.completed_tasks.includes('new0'));
	});

	it('reads nothing of the archives when a task on a board changes', async () => {
		const asked: unknown[] = [];
		const tasks = new LiveTasks(plainTasks);
		await workspace.ledger.read((reader) => tasks.refresh(reader));
		await workspace.create({ task_id: 'other', name: 'other' });
		await workspace.ledger.read(async (reader) => {
			const watched = new Proxy(reader, {
				get(target, name) {
					const value: unknown = Reflect.get(target, name);
					return typeof value !== 'function'
						? value
						: (...input: unknown[]) => {
								asked.push(name);
								return Reflect.apply(value, target, input) as unknown;
							};
				},
			});
			await tasks.refresh(watched);
		});
		assert.deepEqual(asked, ['sequence', 'changesSince']);
		assert.ok(
			tasks.find('other') !== undefined && tasks.find('old3') !== undefined && tasks.find('old4') === undefined,
		);
	});

	it('lets go of what nobody waits for any more', async () => {
		const tasks = new LiveTasks(plainTasks);
		await workspace.ledger.read((reader) => tasks.refresh(reader));
		await workspace.ledger.read((reader) => tasks.include(reader, ['old4', ...many]));
		assert.ok(tasks.find('old4') !== undefined);
		await workspace.ledger.read((reader) => tasks.include(reader, ['old5']));
		await workspace.create({ task_id: 'other', name: 'other' });
		await workspace.ledger.read((reader) => tasks.refresh(reader));
		assert.deepEqual([...tasks.archived.keys()].sort(), ['old3', 'old5']);
	});
});

const many = Array.from({ length: 2000 }, (_, index) => `nobody${index}`);

describe('what the picture tells of agents', () => {
	const folders = useTemporaryFolders();

	it('is what they used today and in their run, and why one is left alone, also when no event tells', async () => {
		const workspace = await BoardWorkspace.make(folders.make());
		const model = new SwarmModel(systemClock, nullLogger);
		try {
			await workspace.ledger.write({ kind: 'human', id: 'ann' }, async (transaction) => {
				await transaction.putAgent(buildAgent('Agent-1'));
				const measured = { input_tokens: 900, output_tokens: 100, cached_tokens: 0, is_estimated: false };
				for (const task_id of ['A', 'B', 'A']) {
					await transaction.insertUsage({
						...measured,
						run_id: `run-${task_id}`,
						task_id,
						agent_id: 'Agent-1',
						cost: 0.5,
						currency: 'USD',
						milliseconds: 1000,
					});
				}
			});
			model.follow(workspace.ledger);
			await model.settled();
			const [shown] = model.current.agents;
			assert.deepEqual([shown?.usage?.today.turns, shown?.usage?.today.costs], [3, { USD: 1.5 }]);
			assert.deepEqual([model.current.today.total.turns, model.current.today.taskIds], [3, ['A', 'B']]);
			assert.equal(shown?.held, undefined);
			await workspace.ledger.write({ kind: 'human', id: 'ann' }, (transaction) =>
				transaction.setFact('agents.held', { 'Agent-1': 'Agent-1 is left alone until noon.' }),
			);
			model.poke();
			await model.settled();
			assert.equal(model.current.agents[0]?.held, 'Agent-1 is left alone until noon.');
		} finally {
			model.dispose();
			await workspace.close();
		}
	});
});
