// Checks that readers of one version of a task share it, that none is ever given a version that is not the ledger's, and that
// nothing is kept alive for it.

import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Ledger } from '../../../src/core/ledger.ts';
import { LiveTasks, wholeTasks } from '../../../src/core/task/liveTasks.ts';
import type { StoredTask } from '../../../src/core/task/task.ts';
import { KnownTasks } from '../../../src/ledger/knownTasks.ts';
import { ann, buildTask, insertTasks } from '../../support/ledgerBuilders.ts';
import { useLedgerFiles } from '../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const read = (ledger: Ledger, id: string): Promise<StoredTask | undefined> => ledger.read((reader) => reader.task(id));

/** Gives the task another name; fails after it was written when told to. */
function rename(ledger: Ledger, id: string, name: string, failure?: Error): Promise<void> {
	return ledger.write(ann, async (transaction) => {
		const before = await transaction.task(id);
		assert.ok(before !== undefined);
		const { task, record, board, position, epoch, run_id } = before;
		const next = { task: { ...task, name }, record: { ...record, name }, board, position, epoch, run_id };
		await transaction.append({ type: 'task.edited', task_id: id, message: name });
		await transaction.replaceTask(next, { status: task.status, epoch });
		// Read again, as one does who goes on with what was written.
		assert.equal((await transaction.task(id))?.task.name, name);
		assert.equal((await transaction.tasks({ ids: [id] }))[0]?.task.name, name);
		if (failure !== undefined) {
			throw failure;
		}
	});
}

describe('tasks that were read', () => {
	const folders = useTemporaryFolders();
	const open = useLedgerFiles();

	it('are one object for all who keep the same version', async () => {
		const ledger = await open(folders.make());
		await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a'), buildTask('b')));
		const [loop, mirror] = [new LiveTasks(wholeTasks), new LiveTasks(wholeTasks)];
		await ledger.read((reader) => loop.refresh(reader));
		await ledger.read((reader) => mirror.refresh(reader));
		assert.ok(loop.find('a') !== undefined && loop.find('a') === mirror.find('a'));
		assert.equal(await read(ledger, 'a'), loop.find('a'));

		await rename(ledger, 'a', 'another');
		await ledger.read((reader) => mirror.refresh(reader));
		assert.equal(mirror.find('a')?.task.name, 'another');
		assert.equal(loop.find('a')?.task.name, 'Name of a', 'who has not looked keeps what it had');
		await ledger.read((reader) => loop.refresh(reader));
		assert.equal(loop.find('a'), mirror.find('a'));
		assert.equal(loop.find('b'), mirror.find('b'));
	});

	it('are those of whoever wrote last, in whatever program', async () => {
		const folder = folders.make();
		const [one, other] = [await open(folder), await open(folder)];
		await one.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
		const first = await read(one, 'a');
		assert.deepEqual(await read(other, 'a'), first);
		await rename(other, 'a', 'second');
		assert.deepEqual(await read(one, 'a'), await read(other, 'a'));
		assert.deepEqual([first?.task.name, (await read(one, 'a'))?.task.name], ['Name of a', 'second']);
		await one.write(ann, async (transaction) => {
			await transaction.append({ type: 'task.removed', task_id: 'a', message: 'gone' });
			await transaction.removeTask('a');
		});
		assert.deepEqual([await read(one, 'a'), await read(other, 'a')], [undefined, undefined]);
		await other.write(ann, (transaction) => insertTasks(transaction, buildTask('a', { name: 'third' })));
		assert.deepEqual((await read(one, 'a'))?.task.name, 'third');
	});

	it('are never those of a transaction that failed, though its number is given again', async () => {
		const ledger = await open(folders.make());
		await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
		const first = await read(ledger, 'a');
		await assert.rejects(rename(ledger, 'a', 'never', new Error('no')), /no/u);
		assert.equal(await read(ledger, 'a'), first);
		await rename(ledger, 'a', 'truth');
		const second = await read(ledger, 'a');
		assert.deepEqual([second?.task.name, second?.sequence], ['truth', (first?.sequence ?? 0) + 1]);
	});

	it('cannot be changed by one of those who share them', async () => {
		const ledger = await open(folders.make());
		await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
		const stored = await read(ledger, 'a');
		assert.ok(stored !== undefined);
		assert.throws(() => Object.assign(stored, { position: 7 }), TypeError);
		assert.throws(() => Object.assign(stored.task, { name: 'mine' }), TypeError);
	});

	it('are forgotten when nobody keeps them', async () => {
		// Collecting everything takes its time in a process that has run many tests.
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void;
		const tasks = new KnownTasks();
		const remember = (count: number, from: number) =>
			Array.from({ length: count }, (_, index) => {
				const stored: StoredTask = { ...buildTask(`task-${from + index}`), position: 0, sequence: 1 };
				tasks.remember(stored);
				return stored;
			});
		const kept = remember(10, 0);
		for (let round = 1; round <= 5; round += 1) {
			remember(1000, round * 1000);
			// A reference that was made or asked for holds its task until the turn is over.
			await turn();
			collect();
		}
		assert.ok(tasks.size < 3500, `${tasks.size} of 5,010 are known`);
		assert.deepEqual(
			kept.map(({ task }) => tasks.find({ task_id: task.task_id, sequence: 1 })),
			kept,
		);
		assert.equal(tasks.find({ task_id: 'task-0', sequence: 2 }), undefined, 'another version is another task');
	});
});
