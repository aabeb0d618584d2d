// Owns the part of the ledger contract about tasks: kept exactly, ordered, compared and set, and found again by their changes.

import assert from 'node:assert/strict';
import { isDreamError } from '../../src/base/errors.ts';
import type { JsonObject } from '../../src/base/json.ts';
import type { Ledger, TaskFilter } from '../../src/core/ledger.ts';
import type { Task } from '../../src/core/task/task.ts';
import { taskStatuses } from '../../src/core/task/taskStatus.ts';
import type { UnplacedTask } from '../support/ledgerBuilders.ts';
import { ann, buildTask, claim, insertTasks } from '../support/ledgerBuilders.ts';
import type { MakeLedgerStore } from './ledgerContract.ts';

const add = (ledger: Ledger, ...tasks: readonly UnplacedTask[]) =>
	ledger.write(ann, (transaction) => insertTasks(transaction, ...tasks));

const idsOf = async (ledger: Ledger, filter?: TaskFilter) =>
	(await ledger.read((reader) => reader.tasks(filter))).map(({ task }) => task.task_id);

export function taskContract(makeStore: MakeLedgerStore): void {
	describe('tasks', () => {
		it('come back exactly as they were put in, whatever text they hold', async () => {
			const ledger = await makeStore().open();
			const strange = 'ä\u0000\u001b[31m\u202e\ud800 <b>𝕏</b> "\\\'; DROP TABLE tasks;--';
			const record = JSON.parse(
				'{"z":1,"__proto__":{"a":1},"a":[1.5,-7,1e300,null],"":"","2":2,"1":1}',
			) as JsonObject;
			const task: UnplacedTask = {
				...buildTask('odd', {
					name: strange,
					description: 'x'.repeat(1_000_000),
					params: { run: ['a'], deep: { list: [{ constructor: 1 }] } },
					validation: { commands: [strange] },
					result: { summary: strange, gates: [], more: [1] },
					block_reason: { kind: 'needs_input', text: strange },
				}),
				record: { ...record, text: strange },
				epoch: 7,
				run_id: 'run-x',
			};
			await add(ledger, task);
			const found = await ledger.read((reader) => reader.task('odd'));
			assert.deepEqual(found, { ...task, position: 0, sequence: 1 });
			assert.deepEqual(Object.keys(found?.record ?? {}), Object.keys(task.record));
			assert.deepEqual({ ...found }, { ...task, position: 0, sequence: 1 });
		});

		it('are unknown until they are there, and never twice', async () => {
			const ledger = await makeStore().open();
			assert.equal(await ledger.read((reader) => reader.task('a')), undefined);
			await add(ledger, buildTask('a'));
			const again = ledger.write(ann, async (transaction) => {
				await transaction.append({ type: 'task.created', task_id: 'a', message: 'again' });
				await transaction.insertTask(buildTask('a', { name: 'another' }));
			});
			await assert.rejects(
				again,
				(error) => isDreamError(error, 'task.duplicate') && error.details['task_id'] === 'a',
			);
			assert.equal((await ledger.read((reader) => reader.task('a')))?.task.name, 'Name of a');
		});

		it('stand in board order: board, then position', async () => {
			const ledger = await makeStore().open();
			await add(
				ledger,
				buildTask('done', { status: 'COMPLETED' }),
				buildTask('ready-1'),
				buildTask('shelved', { status: 'PENDING' }),
			);
			await add(ledger, buildTask('ready-2'), buildTask('held', { status: 'CLAIMED' }), {
				...buildTask('first'),
				position: -1,
			} as UnplacedTask);
			await add(ledger, { ...buildTask('between'), position: 0.5 } as UnplacedTask);
			assert.deepEqual(await idsOf(ledger), [
				'shelved',
				'first',
				'ready-1',
				'between',
				'ready-2',
				'held',
				'done',
			]);
		});

		it('are appended behind everything that ever stood on the board', async () => {
			const ledger = await makeStore().open();
			await add(ledger, buildTask('a'), { ...buildTask('far'), position: 41.5 } as UnplacedTask);
			const end = () => ledger.write(ann, (transaction) => transaction.endOfBoard('task_ready_queue'));
			assert.equal(await end(), 42);
			await add(ledger, buildTask('b'));
			assert.equal((await ledger.read((reader) => reader.task('b')))?.position, 42);
			assert.equal(await end(), 43);
			assert.equal(await ledger.write(ann, (transaction) => transaction.endOfBoard('task_backlog')), 0);
		});

		it('are found by status, board, worker and id, and by all of these together', async () => {
			const ledger = await makeStore().open();
			const held: Partial<Task> = { status: 'IN_PROGRESS', claimed_by: 'Agent-1' };
			await add(
				ledger,
				buildTask('a'),
				buildTask('b', { assigned_agent: 'Agent-1' }),
				buildTask('c', held),
				buildTask('d', { status: 'BLOCKED' }),
				buildTask('e', { status: 'FAILED', claimed_by: 'Agent-2' }),
			);
			assert.deepEqual(await idsOf(ledger, { status: ['READY', 'FAILED'] }), ['a', 'b', 'e']);
			assert.deepEqual(await idsOf(ledger, { status: [] }), []);
			assert.deepEqual(await idsOf(ledger, { board: 'working_tasks' }), ['c', 'd']);
			assert.deepEqual(await idsOf(ledger, { agent: 'Agent-1' }), ['b', 'c']);
			assert.deepEqual(await idsOf(ledger, { ids: ['e', 'a', 'nobody', "'"] }), ['a', 'e']);
			assert.deepEqual(await idsOf(ledger, { ids: [] }), []);
			assert.deepEqual(
				await idsOf(ledger, { ids: Array.from({ length: 40_000 }, (_, index) => `x${index}`).concat('a') }),
				['a'],
			);
			assert.deepEqual(
				await idsOf(ledger, { agent: 'Agent-1', board: 'working_tasks', status: ['IN_PROGRESS'] }),
				['c'],
			);
			assert.deepEqual(await idsOf(ledger, { agent: 'Agent-1', ids: ['a'] }), []);
		});

		it('are counted by status, with every status named', async () => {
			const ledger = await makeStore().open();
			await add(ledger, buildTask('a'), buildTask('b'), buildTask('c', { status: 'REVIEW' }));
			// An imported task may stand on a board that is not the one of its status.
			await add(ledger, { ...buildTask('d'), board: 'working_tasks' });
			const counts = await ledger.read((reader) => reader.countByStatus());
			assert.deepEqual(Object.keys(counts), [...taskStatuses]);
			assert.deepEqual([counts.READY, counts.REVIEW, counts.PENDING], [3, 1, 0]);
			assert.deepEqual(await idsOf(ledger, { status: ['READY'] }), ['a', 'b', 'd']);
		});

		it('are found as parts of others, and by their pin', async () => {
			const ledger = await makeStore().open();
			await add(
				ledger,
				buildTask('a'),
				buildTask('b', { parent: 'a', pinned: 0, status: 'BLOCKED' }),
				buildTask('7', { parent: '8' }),
			);
			assert.deepEqual(
				(await ledger.read((reader) => reader.parts())).toSorted((left, right) =>
					left.task_id < right.task_id ? -1 : 1,
				),
				[
					{ task_id: '7', parent: '8', status: 'READY' },
					{ task_id: 'b', parent: 'a', status: 'BLOCKED' },
				],
			);
			const pinned = await ledger.read((reader) => reader.tasks({ isPinned: true }));
			assert.deepEqual(
				pinned.map(({ task }) => task.task_id),
				['b'],
			);
			await replace(ledger, 'b', { pinned: null, parent: null });
			assert.deepEqual(await ledger.read((reader) => reader.tasks({ isPinned: true })), []);
			assert.equal((await ledger.read((reader) => reader.parts())).length, 1);
		});

		it('know their dependants, also after the dependencies changed', async () => {
			const ledger = await makeStore().open();
			await add(
				ledger,
				buildTask('a'),
				buildTask('b', { dependencies: ['a', 'later', 'a'] }),
				buildTask('c', { dependencies: ['a'] }),
			);
			const dependants = async (id: string) =>
				(await ledger.read((reader) => reader.dependants(id))).map(({ task }) => task.task_id);
			assert.deepEqual(await dependants('a'), ['b', 'c']);
			assert.deepEqual(await dependants('later'), ['b']);
			await replace(ledger, 'b', { dependencies: ['c'] });
			assert.deepEqual(
				[await dependants('a'), await dependants('c'), await dependants('later')],
				[['c'], ['b'], []],
			);
			await ledger.write(ann, async (transaction) => {
				await transaction.removeTask('c');
				await transaction.append({ type: 'task.removed', task_id: 'c', message: 'gone' });
			});
			assert.deepEqual([await dependants('a'), await dependants('c')], [[], ['b']]);
		});

		it('are replaced only while status and epoch are the expected ones', async () => {
			const ledger = await makeStore().open();
			await add(ledger, buildTask('a'));
			const attempt = (status: 'READY' | 'CLAIMED', epoch: number, id = 'a') =>
				ledger.write(ann, async (transaction) => {
					await transaction.append({ type: 'task.edited', task_id: id, message: 'edited' });
					return transaction.replaceTask(
						{ ...buildTask(id, { name: 'new' }), epoch: 1, position: 3 },
						{ status, epoch },
					);
				});
			assert.equal(await attempt('CLAIMED', 0), false);
			assert.equal(await attempt('READY', 1), false);
			assert.equal(await attempt('READY', 0, 'nobody'), false);
			assert.equal((await ledger.read((reader) => reader.task('a')))?.task.name, 'Name of a');
			assert.equal(await attempt('READY', 0), true);
			assert.equal(await attempt('READY', 0), false);
			const found = await ledger.read((reader) => reader.task('a'));
			assert.deepEqual([found?.task.name, found?.epoch, found?.position], ['new', 1, 3]);
		});

		it('mark the boards they leave and enter, and no others', async () => {
			const ledger = await makeStore().open();
			await add(ledger, buildTask('a'), buildTask('b', { status: 'PENDING' }));
			const dirty = () =>
				ledger.read(async (reader) => [
					(await reader.board('task_backlog')).dirty_sequence,
					(await reader.board('task_ready_queue')).dirty_sequence,
					(await reader.board('working_tasks')).dirty_sequence,
					(await reader.board('completed_tasks')).dirty_sequence,
				]);
			assert.deepEqual(await dirty(), [2, 2, 0, 0]);
			await ledger.write(ann, (transaction) => claim(transaction, 'a', 'Agent-1', 'run-1'));
			const after = await dirty();
			assert.deepEqual([after[0], after[3]], [2, 0]);
			assert.ok((after[1] ?? 0) > 2 && after[1] === after[2], String(after));
			await ledger.write(ann, async (transaction) => {
				await transaction.removeTask('b');
				await transaction.append({ type: 'task.removed', task_id: 'b', message: 'gone' });
			});
			assert.deepEqual(await dirty(), [5, after[1], after[2], 0]);
		});

		it('are told as changed since a sequence, wherever in the transaction their event stood', async () => {
			const ledger = await makeStore().open();
			const since = (sequence: number) =>
				ledger.read(async (reader) => {
					const changes = await reader.changesSince(sequence);
					return { ...changes, tasks: changes.tasks.map(({ task }) => task.task_id) };
				});
			assert.deepEqual(await since(0), { sequence: 0, tasks: [], removed: [] });
			await add(ledger, buildTask('before'), buildTask('untouched'));
			await ledger.write(ann, async (transaction) => {
				await transaction.insertTask(buildTask('after'));
				await transaction.append({ type: 'task.created', task_id: 'after', message: 'told afterwards' });
			});
			assert.deepEqual(await since(2), { sequence: 3, tasks: ['after'], removed: [] });
			await ledger.write(ann, async (transaction) => {
				await transaction.append({ type: 'workspace.adopted', message: 'names no task' });
				await transaction.insertTask(buildTask('silent'));
			});
			assert.deepEqual(await since(3), { sequence: 4, tasks: ['silent'], removed: [] });
			await ledger.write(ann, (transaction) => claim(transaction, 'before', 'Agent-1', 'run-1'));
			assert.deepEqual(await since(4), { sequence: 6, tasks: ['before'], removed: [] });
			await ledger.write(ann, (transaction) =>
				transaction.append({ type: 'gate.finished', task_id: 'untouched', message: 'only told of' }),
			);
			assert.deepEqual(await since(6), { sequence: 7, tasks: [], removed: [] });
			assert.deepEqual(await since(0), {
				sequence: 7,
				tasks: ['untouched', 'after', 'silent', 'before'],
				removed: [],
			});
		});

		it('are told as removed, until they are there again', async () => {
			const ledger = await makeStore().open();
			await add(ledger, buildTask('a'), buildTask('b'));
			const remove = (id: string) =>
				ledger.write(ann, async (transaction) => {
					await transaction.removeTask(id);
					await transaction.append({ type: 'task.removed', task_id: id, message: 'gone' });
				});
			await remove('a');
			const changes = () => ledger.read((reader) => reader.changesSince(2));
			assert.deepEqual({ ...(await changes()), tasks: [] }, { sequence: 3, tasks: [], removed: ['a'] });
			assert.deepEqual(await idsOf(ledger), ['b']);
			await add(ledger, buildTask('a', { name: 'back' }));
			assert.deepEqual((await changes()).removed, []);
			assert.deepEqual(
				(await changes()).tasks.map(({ task }) => task.name),
				['back'],
			);
			await remove('a');
			assert.deepEqual((await ledger.read((reader) => reader.changesSince(4))).removed, ['a']);
			await ledger.write(ann, (transaction) => transaction.removeTask('nobody'));
		});
	});
}

function replace(ledger: Ledger, id: string, fields: Partial<Task>): Promise<boolean> {
	return ledger.write(ann, async (transaction) => {
		const stored = await transaction.task(id);
		assert.ok(stored);
		await transaction.append({ type: 'task.edited', task_id: id, message: 'edited' });
		const { status } = stored.task;
		return transaction.replaceTask(
			{ ...stored, task: { ...stored.task, ...fields } },
			{ status, epoch: stored.epoch },
		);
	});
}
