// Runs the search contract with and without an index, and checks that whatever happens to the index harms nobody.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '../../../../src/core/ledger.ts';
import { parseSearch } from '../../../../src/core/search/searchQuery.ts';
import { createTask } from '../../../../src/core/task/createTask.ts';
import { taskSearchContract } from '../../../contract/taskSearchContract.ts';
import { ann } from '../../../support/ledgerBuilders.ts';
import { useLedgerFiles, withDatabase } from '../../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

describe('LedgerSearch', () => {
	const folders = useTemporaryFolders();
	const open = useLedgerFiles();
	const withoutFullText = { detectFullText: () => false };

	taskSearchContract('index in a file', () => {
		const folder = folders.make();
		let opened: Promise<Ledger> | undefined;
		const ledger = () => (opened ??= open(folder));
		return { writer: ledger, searcher: ledger };
	});
	taskSearchContract('index in a file, another program writes', () => {
		const folder = folders.make();
		return { writer: () => open(folder), searcher: () => open(folder) };
	});
	taskSearchContract('index in memory, read-only', () => {
		const folder = folders.make();
		return { writer: () => open(folder), searcher: () => open(folder, { readOnly: true }) };
	});
	taskSearchContract('no FTS5', () => {
		const folder = folders.make();
		return { writer: () => open(folder), searcher: () => open(folder, withoutFullText) };
	});

	const create = (ledger: Ledger, ...ids: readonly string[]) =>
		ledger.write(ann, async (transaction) => {
			for (const task_id of ids) {
				await createTask(transaction, { task_id, name: `needle ${task_id}` });
			}
		});
	const find = async (ledger: Ledger, text: string) =>
		(await ledger.search(parseSearch(text, Date.now()), { limit: 100, offset: 0 })).tasks.map(
			({ task_id }) => task_id,
		);
	const place = () => {
		const folder = folders.make();
		return { folder, file: join(folder, 'dreamos.db'), index: join(folder, 'dreamos.db-search') };
	};
	const indexed = (index: string) =>
		withDatabase(index, (database) => database.prepare('select count(*) as count from documents').get()?.['count']);

	it('makes no file before somebody searches, and none at all where nothing may be written', async () => {
		const { folder, index } = place();
		const ledger = await open(folder);
		await create(ledger, 'A');
		const reader = await open(folder, { readOnly: true });
		assert.deepEqual(await find(reader, 'needle'), ['A']);
		assert.equal(existsSync(index), false);
		assert.deepEqual(await find(ledger, 'needle'), ['A']);
		assert.equal(indexed(index), 1);
	});

	it('goes on from where an earlier program came to, and reads nothing twice', async () => {
		const { folder, index } = place();
		const first = await open(folder);
		await create(first, 'A', 'B');
		await first.refreshSearch();
		first.dispose();
		// Planted, to show that B is not read again: an index is believed.
		withDatabase(index, (database) => database.exec("update documents set status = 'FAILED' where task_id = 'B'"));
		const second = await open(folder);
		await create(second, 'C');
		assert.deepEqual(await find(second, 'needle status:ready'), ['C', 'A']);
	});

	const broken: Readonly<Record<string, (index: string) => void>> = {
		'is gone': (index) => rmSync(index),
		'is text': (index) => writeFileSync(index, 'not an index at all, and long enough to be looked at'.repeat(40)),
		'has garbage for pages': (index) => {
			const bytes = readFileSync(index);
			writeFileSync(index, bytes.fill(0xa5, 100));
		},
		'lost a table': (index) => withDatabase(index, (database) => database.exec('drop table documents')),
		'is of another version': (index) =>
			withDatabase(index, (database) => database.exec('delete from documents; pragma user_version = 99')),
		'belongs to another ledger': (index) =>
			withDatabase(index, (database) => database.exec("delete from documents; update state set mark = 'else'")),
		'is ahead of the ledger': (index) =>
			withDatabase(index, (database) => database.exec('delete from documents; update state set sequence = 999')),
	};
	for (const [what, harm] of Object.entries(broken)) {
		it(`makes an index anew that ${what}`, async () => {
			const { folder, index, file } = place();
			const first = await open(folder);
			await create(first, 'A', 'B');
			await first.refreshSearch();
			first.dispose();
			for (const suffix of ['-wal', '-shm']) {
				rmSync(`${index}${suffix}`, { force: true });
			}
			harm(index);
			const before = statSync(file).size;
			const ledger = await open(folder);
			assert.deepEqual(await find(ledger, 'needle'), ['B', 'A']);
			assert.equal(indexed(index), 2);
			assert.equal(statSync(file).size, before);
		});
	}

	it('repairs an index that breaks while it is open', async () => {
		const { folder, index } = place();
		const ledger = await open(folder);
		await create(ledger, 'A');
		assert.deepEqual(await find(ledger, 'needle'), ['A']);
		withDatabase(index, (database) => database.exec('drop table texts'));
		assert.deepEqual(await find(ledger, 'needle'), ['A']);
		assert.equal(indexed(index), 1);
	});

	it('searches in memory where no file can be made', async () => {
		const { folder, index } = place();
		const ledger = await open(folder);
		await create(ledger, 'A');
		mkdirSync(index);
		assert.deepEqual(await find(ledger, 'needle'), ['A']);
		assert.ok(statSync(index).isDirectory());
	});

	it('shares one index among programs that write it at the same time', async () => {
		const { folder, index } = place();
		const [first, second] = [await open(folder), await open(folder)];
		const ids = Array.from({ length: 120 }, (_, number) => `T-${number}`);
		await create(first, ...ids);
		const answers = await Promise.all([
			find(first, 'needle'),
			find(second, 'needle'),
			find(first, 'T-7'),
			create(second, 'Z'),
		]);
		assert.deepEqual([answers[0].length >= 100, answers[1].length >= 100], [true, true]);
		assert.equal((await find(second, 'needle')).length, 100);
		assert.equal(indexed(index), 121);
	});

	it('ends when the ledger is closed', async () => {
		const { folder } = place();
		const ledger = await open(folder);
		await create(ledger, ...Array.from({ length: 200 }, (_, number) => `T-${number}`));
		const search = find(ledger, 'needle');
		ledger.dispose();
		await assert.rejects(search, /is closed/u);
	});
});
