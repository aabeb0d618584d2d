// Owns opening the index: which file, in memory where nothing may be written, and what to do with one that cannot be read.

import { rmSync } from 'node:fs';
import type { NodeSqlite } from '../nodeSqlite.ts';
import { SqliteConnection } from '../sqliteConnection.ts';

/**
 * Beside the ledger and not in it: a claim must not pay for searches, and what can be made anew must not be able to harm what
 * cannot. The name begins as the ledger's does, so that ignore lists and people know where it belongs.
 */
export const indexPath = (ledgerPath: string): string => `${ledgerPath}-search`;

export type DetectFullText = (connection: SqliteConnection) => boolean;

/** Whether this SQLite has FTS5; an editor's own may not. */
export const detectFullText: DetectFullText = (connection) =>
	connection.all("select 1 from pragma_module_list where name = 'fts5'").length > 0;

/** Opens the index file, or one in memory without a path. Throws what SQLite says of a file that is none. */
export function openIndexFile(sqlite: NodeSqlite, path: string | undefined): SqliteConnection {
	const connection = new SqliteConnection(new sqlite.DatabaseSync(path ?? ':memory:'));
	try {
		connection.value('pragma busy_timeout = 0');
		connection.value('pragma trusted_schema = off');
		connection.value('pragma temp_store = memory');
		connection.value('pragma cache_size = -8000');
		if (path !== undefined) {
			connection.value('pragma journal_mode = wal');
			// A lost last step is taken again; a torn file would answer wrongly.
			connection.value('pragma synchronous = normal');
		}
		return connection;
	} catch (error) {
		connection.close();
		throw error;
	}
}

/** Removes a broken index with what SQLite keeps beside it. */
export function removeIndexFile(path: string): void {
	for (const suffix of ['', '-wal', '-shm']) {
		rmSync(`${path}${suffix}`, { force: true });
	}
}
