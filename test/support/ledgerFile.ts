// Owns ledgers on files of tests: opened with what every test gives alike, closed after it, and looked at past our own code.

import type { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { nullLogger } from '../../src/base/log.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { loadNodeSqlite } from '../../src/ledger/nodeSqlite.ts';
import type { OpenLedgerOptions } from '../../src/ledger/openLedger.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { systemClock } from '../../src/node/systemClock.ts';

/** Call inside `describe`: opens a ledger `dreamos.db` in a folder; it is closed after the test. */
export function useLedgerFiles(): (folder: string, options?: Partial<OpenLedgerOptions>) => Promise<Ledger> {
	const opened: Ledger[] = [];
	afterEach(() => {
		for (const ledger of opened.splice(0)) {
			ledger.dispose();
		}
	});
	return async (folder, options = {}) => {
		const ledger = await openLedger({
			path: join(folder, 'dreamos.db'),
			clock: systemClock,
			log: nullLogger,
			...options,
		});
		opened.push(ledger);
		return ledger;
	};
}

/** Works on the file with plain SQLite, as a person with another tool would. */
export function withDatabase<T>(file: string, work: (database: DatabaseSync) => T): T {
	const { DatabaseSync: Database } = loadNodeSqlite();
	const database = new Database(file);
	try {
		return work(database);
	} finally {
		database.close();
	}
}
