// Checks that the host brings the search's index up to date by itself.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nullLogger } from '../../../src/base/log.ts';
import { createTask } from '../../../src/core/task/createTask.ts';
import { keepSearchReady } from '../../../src/host/searchUpkeep.ts';
import { ann } from '../../support/ledgerBuilders.ts';
import { useLedgerFiles, withDatabase } from '../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('keepSearchReady', () => {
	const folders = useTemporaryFolders();
	const open = useLedgerFiles();

	it('indexes what changes until it is disposed', async () => {
		const folder = folders.make();
		const index = join(folder, 'dreamos.db-search');
		const ledger = await open(folder);
		const create = (task_id: string) =>
			ledger.write(ann, (transaction) => createTask(transaction, { task_id, name: task_id }));
		const indexed = () =>
			existsSync(index)
				? withDatabase(index, (database) => database.prepare('select task_id from documents').all()).length
				: 0;
		const upkeep = keepSearchReady(ledger, nullLogger, 20);
		await create('A');
		while (indexed() !== 1) {
			await delay(10);
		}
		await create('B');
		while (indexed() !== 2) {
			await delay(10);
		}
		upkeep.dispose();
		await create('C');
		await delay(100);
		assert.equal(indexed(), 2);
	});
});
