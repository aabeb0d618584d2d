// Checks that SQLite's log is carried into the file while a ledger is at work, and that nobody waits for it.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { ann, buildTask, insertTasks } from '../../support/ledgerBuilders.ts';
import { useLedgerFiles, withDatabase } from '../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('checkpoints', () => {
	const folders = useTemporaryFolders();
	const openIn = useLedgerFiles();
	const megabytes = (path: string) => statSync(path).size / 1_000_000;

	it('keep the log small however long a process writes', async () => {
		const folder = folders.make();
		const ledger = await openIn(folder);
		const log = join(folder, 'dreamos.db-wal');
		let grown = 0;
		const description = 'x'.repeat(20_000);
		for (let index = 0; index < 600; index += 1) {
			await ledger.write(ann, (transaction) =>
				insertTasks(transaction, buildTask(`task-${index}`, { description })),
			);
			grown = Math.max(grown, megabytes(log));
			await turn();
		}
		// Without them it grows to 16 MB, where SQLite makes a writer wait.
		assert.ok(grown < 12, `the log grew to ${grown} MB`);
		const rows = withDatabase(join(folder, 'dreamos.db'), (database) =>
			database.prepare('select count(*) as count from tasks').get(),
		);
		assert.equal(Number(rows?.['count']), 600);
	});
});
