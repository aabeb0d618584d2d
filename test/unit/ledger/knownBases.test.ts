// Checks that a board's text is never taken for one that was there before, whoever wrote the one after it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Ledger } from '../../../src/core/ledger.ts';
import { useLedgerFiles, withDatabase } from '../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

describe('the texts of boards', () => {
	const folders = useTemporaryFolders();
	const open = useLedgerFiles();
	const board = 'task_backlog';
	const base = (ledger: Ledger) => ledger.read(async (reader) => (await reader.board(board)).base);
	const write = (ledger: Ledger, text: string | null) =>
		ledger.write(ann, (transaction) => transaction.setBoard(board, { base: text }));

	it('are those of whoever wrote last', async () => {
		const folder = folders.make();
		const [one, other] = [await open(folder), await open(folder)];
		await write(one, 'first');
		assert.deepEqual([await base(one), await base(other), await base(other)], ['first', 'first', 'first']);
		await write(other, 'second');
		assert.deepEqual([await base(one), await base(other)], ['second', 'second']);
		await write(one, null);
		assert.deepEqual([await base(one), await base(other)], [null, null]);
	});

	it('of a transaction that failed were never there', async () => {
		const ledger = await open(folders.make());
		await write(ledger, 'first');
		const failing = ledger.write(ann, async (transaction) => {
			await transaction.setBoard(board, { base: 'never' });
			assert.equal((await transaction.board(board)).base, 'never', 'inside it they are');
			throw new Error('no');
		});
		await assert.rejects(failing, /no/u);
		assert.equal(await base(ledger), 'first');
	});

	it('of a program that knows nothing of their names are read anew', async () => {
		const folder = folders.make();
		const ledger = await open(folder);
		await write(ledger, 'first');
		assert.equal(await base(ledger), 'first');
		const change = (sql: string) => withDatabase(join(folder, 'dreamos.db'), (database) => database.exec(sql));
		change(`update board_bases set base = 'second' where name = '${board}'`);
		assert.equal(await base(ledger), 'second');
		change(`insert into board_bases values ('${board}', 'third') on conflict do update set base = 'third'`);
		assert.equal(await base(ledger), 'third');
		change(`delete from board_bases where name = '${board}'`);
		assert.equal(await base(ledger), null);
	});
});
