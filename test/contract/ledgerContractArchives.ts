// Owns the part of the ledger contract about archives: tasks that are on the completed board and stand on another file.

import assert from 'node:assert/strict';
import type { Ledger } from '../../src/core/ledger.ts';
import type { ArchiveName } from '../../src/core/task/archive.ts';
import { boardNames } from '../../src/core/task/taskStatus.ts';
import { ann, buildTask, insertTasks } from '../support/ledgerBuilders.ts';
import type { MakeLedgerStore } from './ledgerContract.ts';

const march: ArchiveName = 'archive/completed_tasks-2026-03';
const april: ArchiveName = 'archive/completed_tasks-2026-04';

export function archiveContract(makeStore: MakeLedgerStore): void {
	const refile = (ledger: Ledger, id: string, file: 'completed_tasks' | ArchiveName) =>
		ledger.write(ann, async (transaction) => {
			const stored = await transaction.task(id);
			assert.ok(stored !== undefined);
			await transaction.append({ type: 'board.archived', message: 'moved' });
			await transaction.refileTask(stored, file);
		});
	/** Finished: a, b; open: c, which waits for a. */
	async function openStore(): Promise<Ledger> {
		const ledger = await makeStore().open();
		await ledger.write(ann, (transaction) =>
			insertTasks(
				transaction,
				buildTask('a', { status: 'COMPLETED' }),
				buildTask('b', { status: 'FAILED' }),
				buildTask('c', { dependencies: ['a'] }),
			),
		);
		return ledger;
	}
	const ids = async (ledger: Ledger, filter: Parameters<Parameters<Parameters<Ledger['read']>[0]>[0]['tasks']>[0]) =>
		(await ledger.read((reader) => reader.tasks(filter))).map(({ task }) => task.task_id);

	describe('archives', () => {
		it('keep the task as it is, on the completed board, and everybody who asks for it finds it', async () => {
			const ledger = await openStore();
			const before = await ledger.read((reader) => reader.task('a'));
			await refile(ledger, 'a', march);
			const after = await ledger.read((reader) => reader.task('a'));
			assert.deepEqual(
				{ ...after, archive: undefined, sequence: 0 },
				{ ...before, archive: undefined, sequence: 0 },
			);
			assert.equal(after?.archive, march);
			assert.ok(!Object.hasOwn(before ?? {}, 'archive'));
			assert.deepEqual(await ids(ledger, {}), ['c', 'a', 'b']);
			assert.deepEqual(await ids(ledger, { board: 'completed_tasks' }), ['a', 'b']);
			assert.deepEqual(await ids(ledger, { status: ['COMPLETED'] }), ['a']);
			assert.deepEqual(await ids(ledger, { ids: ['a'] }), ['a']);
			assert.deepEqual(await ids(ledger, { files: boardNames }), ['c', 'b']);
			assert.deepEqual(await ids(ledger, { files: [march] }), ['a']);
			assert.deepEqual(await ids(ledger, { files: ['completed_tasks'], ids: ['a', 'b'] }), ['b']);
		});

		it('are known from the first task on, oldest month first, each with its own marks', async () => {
			const ledger = await openStore();
			assert.deepEqual(await ledger.read((reader) => reader.archives()), []);
			await refile(ledger, 'b', april);
			await refile(ledger, 'a', march);
			const archives = await ledger.read((reader) => reader.archives());
			assert.deepEqual(
				archives.map(({ name }) => name),
				[march, april],
			);
			assert.ok(
				archives.every((state) => state.dirty_sequence > state.mirrored_sequence && state.stamp === null),
			);
			const base = `[\n"${'ä€'.repeat(100_000)}"]\n`;
			const { sequence } = await ledger.write(ann, async (transaction) => {
				await transaction.setBoard(march, { base, mirrored_sequence: 99, stamp: 'x' });
				return { sequence: await transaction.sequence() };
			});
			assert.equal((await ledger.read((reader) => reader.board(march))).base, base, 'whatever it is kept as');
			await refile(ledger, 'a', 'completed_tasks');
			const [state] = await ledger.read((reader) => reader.archives());
			assert.deepEqual(
				{ ...state },
				{ name: march, dirty_sequence: sequence + 1, mirrored_sequence: 99, halted: null, stamp: 'x' },
			);
			assert.equal((await ledger.read((reader) => reader.board('completed_tasks'))).dirty_sequence, sequence + 1);
			assert.ok(!Object.hasOwn((await ledger.read((reader) => reader.task('a'))) ?? {}, 'archive'));
		});

		it('tell of tasks that came and went, and count them', async () => {
			const ledger = await openStore();
			const since = await ledger.read((reader) => reader.sequence());
			await refile(ledger, 'a', march);
			const changes = await ledger.read((reader) => reader.changesSince(since));
			assert.deepEqual(
				changes.tasks.map(({ task, archive }) => [task.task_id, archive]),
				[['a', march]],
			);
			const archived = await ledger.read((reader) => reader.countByStatus('archived'));
			assert.deepEqual([archived.COMPLETED, archived.FAILED], [1, 0]);
			assert.equal((await ledger.read((reader) => reader.countByStatus())).COMPLETED, 1);
			await ledger.write(ann, async (transaction) => {
				await transaction.append({ type: 'task.removed', task_id: 'a', message: 'gone' });
				await transaction.removeTask('a');
			});
			const [state] = await ledger.read((reader) => reader.archives());
			assert.equal(state?.dirty_sequence, since + 2);
		});

		it('are left by a task that is replaced without naming one, and kept by one that does', async () => {
			const ledger = await openStore();
			await refile(ledger, 'a', march);
			const replace = (isKept: boolean) =>
				ledger.write(ann, async (transaction) => {
					const stored = await transaction.task('a');
					assert.ok(stored !== undefined);
					const { archive, ...rest } = stored;
					await transaction.append({ type: 'task.edited', task_id: 'a', message: 'edited' });
					await transaction.replaceTask(isKept ? { ...rest, archive } : rest, {
						status: 'COMPLETED',
						epoch: stored.epoch,
					});
				});
			await replace(true);
			assert.equal((await ledger.read((reader) => reader.task('a')))?.archive, march);
			await replace(false);
			assert.equal((await ledger.read((reader) => reader.task('a')))?.archive, undefined);
		});
	});
}
