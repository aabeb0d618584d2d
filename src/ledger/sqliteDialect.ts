// Owns how Kysely talks to our one connection. Transactions are the ledger's own: it must retry, time and announce them.

import type { Dialect, Driver, Kysely } from 'kysely';
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { DreamError } from '../base/errors.ts';
import type { SqliteConnection } from './sqliteConnection.ts';

const refuseTransaction = (): Promise<never> =>
	Promise.reject(new DreamError('internal.transaction', 'Transactions are begun by the ledger, not by Kysely.'));

class SingleConnectionDriver implements Driver {
	private readonly connection: SqliteConnection;

	constructor(connection: SqliteConnection) {
		this.connection = connection;
	}

	init(): Promise<void> {
		return Promise.resolve();
	}

	acquireConnection(): Promise<SqliteConnection> {
		return Promise.resolve(this.connection);
	}

	releaseConnection(): Promise<void> {
		return Promise.resolve();
	}

	destroy(): Promise<void> {
		return Promise.resolve();
	}

	readonly beginTransaction = refuseTransaction;
	readonly commitTransaction = refuseTransaction;
	readonly rollbackTransaction = refuseTransaction;
}

/** Kysely's SQLite language over a connection that the ledger opens, locks and closes. */
export function sqliteDialect(connection: SqliteConnection): Dialect {
	return {
		createDriver: () => new SingleConnectionDriver(connection),
		createQueryCompiler: () => new SqliteQueryCompiler(),
		createAdapter: () => new SqliteAdapter(),
		createIntrospector: (database: Kysely<unknown>) => new SqliteIntrospector(database),
	};
}
