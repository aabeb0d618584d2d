// Checks that nobody is told of a change that is not on the disk, and that one sync serves all who wait for it.

import assert from 'node:assert/strict';
import { fdatasyncSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTask } from '../../../src/core/task/createTask.ts';
import { LogSync } from '../../../src/ledger/logSync.ts';
import { useLedgerFiles } from '../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

/** Syncs that end when they are let. */
function gate() {
	const waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
	return {
		begun: 0,
		waiting,
		sync(descriptor: number): Promise<void> {
			this.begun += 1;
			fdatasyncSync(descriptor);
			return new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }));
		},
	};
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('the sync of the log', () => {
	const folders = useTemporaryFolders();
	const open = useLedgerFiles();

	it('serves everybody who came before it began, and begins once more for who came after', async () => {
		const folder = folders.make();
		writeFileSync(join(folder, 'ledger-wal'), '');
		const disk = gate();
		const log = LogSync.open(join(folder, 'ledger'), { inThread: (descriptor) => disk.sync(descriptor) });
		assert.ok(log !== undefined);
		const done: string[] = [];
		const note = (name: string) => log.sync().then(() => done.push(name));
		const all = [note('first')];
		all.push(note('second'), note('third'));
		assert.equal(disk.begun, 1);
		disk.waiting.shift()?.resolve();
		await turn();
		assert.deepEqual([done, disk.begun], [['first'], 2]);
		disk.waiting.shift()?.resolve();
		await Promise.all(all);
		assert.deepEqual([done, disk.begun], [['first', 'second', 'third'], 2]);
		const failing = log.sync();
		const after = log.sync();
		disk.waiting.shift()?.reject(new Error('EIO'));
		await assert.rejects(failing, /EIO/u);
		disk.waiting.shift()?.resolve();
		await after;
		log.close();
		rmSync(join(folder, 'ledger-wal'));
		assert.equal(LogSync.open(join(folder, 'ledger')), undefined);
	});

	it('waits in place for a disk that is quick, and no longer once it was slow or failed', async () => {
		const folder = folders.make();
		writeFileSync(join(folder, 'ledger-wal'), '');
		const calls: string[] = [];
		let time = 0;
		let takes = 0.1;
		let failure: Error | undefined;
		const log = LogSync.open(join(folder, 'ledger'), {
			inThread: async () => {
				calls.push('thread');
				time += takes;
			},
			inPlace: () => {
				calls.push('place');
				time += takes;
				if (failure !== undefined) {
					throw failure;
				}
			},
			now: () => time,
		});
		assert.ok(log !== undefined);
		const callsOf = async (count: number) => {
			calls.length = 0;
			for (let index = 0; index < count; index += 1) {
				await log.sync();
			}
			return calls.join(' ');
		};
		assert.equal(await callsOf(5), 'thread thread thread place place');
		takes = 20;
		assert.equal(await callsOf(3), 'place thread thread');
		takes = 0.1;
		assert.match(
			await callsOf(50),
			/^(?:thread ){20}(?:place ?)+$/u,
			'a disk that was slow has to be quick for longer',
		);
		failure = new Error('EIO');
		await assert.rejects(log.sync(), /EIO/u);
		failure = undefined;
		assert.equal(await callsOf(1), 'thread');
		log.close();
	});

	it('comes before the answer, after the lock is free', async () => {
		const folder = folders.make();
		const disk = gate();
		const slow = await open(folder, { diskSync: { inThread: (descriptor) => disk.sync(descriptor) } });
		const other = await open(folder);
		const told: string[] = [];
		const create = (task_id: string) =>
			slow
				.write(ann, (transaction) => createTask(transaction, { task_id, name: task_id }))
				.then(() => told.push(task_id));
		const first = create('A');
		while (disk.begun === 0) {
			await turn();
		}
		const second = create('B');
		await other.write(ann, (transaction) => createTask(transaction, { task_id: 'C', name: 'C' }));
		const seen = await other.read((reader) => reader.tasks());
		assert.ok(
			seen.some(({ task }) => task.task_id === 'A'),
			'the lock was free for others',
		);
		await turn();
		assert.deepEqual(told, [], 'nobody is told before the disk has it');
		disk.waiting.shift()?.resolve();
		await first;
		assert.deepEqual(told, ['A']);
		while (disk.waiting.length === 0) {
			await turn();
		}
		disk.waiting.shift()?.reject(new Error('EIO: i/o error'));
		await assert.rejects(second, { code: 'ledger.disk', message: /did not confirm .*EIO/u });
		const claim = slow.claim(ann, { taskId: 'A', worker: 'ann', driver: 'human', hostId: null, now: Date.now() });
		while (disk.waiting.length === 0) {
			await turn();
		}
		let isClaimed = false;
		void claim.then(() => (isClaimed = true));
		await turn();
		assert.equal(isClaimed, false);
		disk.waiting.shift()?.resolve();
		assert.equal((await claim).stored.task.status, 'CLAIMED');
	});
});
