// Owns the opening of the file: its connection, its settings, its tables.

import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DreamError } from '../base/errors.ts';
import type { BusyRetryOptions } from './busyRetry.ts';
import { retryWhileBusy } from './busyRetry.ts';
import { isSqliteError, toLedgerError } from './ledgerErrors.ts';
import type { LedgerPlace } from './ledgerPlace.ts';
import { missingError, refuseForeignFile, refuseNetworkFolder } from './ledgerPlace.ts';
import { ledgerApplicationId, migrations } from './migrations.ts';
import type { DetectNetworkFolder } from './networkFolder.ts';
import { SqliteConnection } from './sqliteConnection.ts';

export interface LedgerFileOptions extends BusyRetryOptions, LedgerPlace {
	readonly detectNetworkFolder: DetectNetworkFolder;
}

export interface LedgerFile {
	readonly connection: SqliteConnection;
	/** Version of the tables; higher than the number of our migrations in a ledger of a newer Dream.OS. */
	readonly version: number;
}

/**
 * Opens a ledger, and makes or migrates it unless it is opened read-only. Fails with `ledger.foreign`, `ledger.corrupt`,
 * `ledger.networkFolder`, `ledger.missing`, `ledger.noFolder`, `ledger.readOnly`, `ledger.full`, `ledger.busy`.
 */
export async function openLedgerFile(options: LedgerFileOptions): Promise<LedgerFile> {
	await refuseNetworkFolder(options.path, options.detectNetworkFolder);
	await refuseForeignFile(options);
	try {
		return await openAndPrepare(options, options.path);
	} catch (error) {
		// Without write permission, or room, SQLite cannot share memory with writers; where none can be, the file stands still.
		if (options.isReadOnly && isSqliteError(error) && !hasLog(options.path)) {
			return await openAndPrepare(options, new URL(`${pathToFileURL(options.path).href}?immutable=1`)).catch(
				() => {
					throw toLedgerError(error, options.path);
				},
			);
		}
		throw toLedgerError(error, options.path);
	}
}

/** Whether anything was written that is not in the file itself yet. */
function hasLog(path: string): boolean {
	return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

async function openAndPrepare(options: LedgerFileOptions, location: string | URL): Promise<LedgerFile> {
	const connection = new SqliteConnection(
		new options.sqlite.DatabaseSync(location, { readOnly: options.isReadOnly }),
	);
	try {
		return await retryWhileBusy(options, () => ({ connection, version: prepare(connection, options) }));
	} catch (error) {
		connection.close();
		throw error;
	}
}

function prepare(connection: SqliteConnection, { isReadOnly, path: file }: LedgerFileOptions): number {
	// Waiting inside SQLite blocks the whole event loop and knows no order; we wait outside of it.
	connection.value('pragma busy_timeout = 0');
	connection.value('pragma foreign_keys = on');
	connection.value('pragma trusted_schema = off');
	connection.value('pragma temp_store = memory');
	connection.value('pragma cache_size = -16000');
	if (!isReadOnly) {
		// First of all the application id, outside of the log: from its first byte on the file says whose it is.
		if (connection.value('pragma application_id') !== ledgerApplicationId) {
			inTransaction(connection, () => connection.value(`pragma application_id = ${ledgerApplicationId}`));
		}
		const mode = connection.value('pragma journal_mode = wal');
		if (mode !== 'wal') {
			throw new DreamError(
				'ledger.networkFolder',
				`This folder cannot hold a ledger: SQLite offers no write-ahead log here (${String(mode)}).`,
				{ details: { file }, advice: 'Keep the workspace in a folder on a disk of this machine.' },
			);
		}
		connection.value('pragma synchronous = full');
		// On a Mac a plain fsync stops at the cache of the disk; elsewhere these two mean nothing.
		connection.value('pragma fullfsync = on');
		connection.value('pragma checkpoint_fullfsync = on');
		// Only where nobody does it beforehand (checkpoints.ts): after large boards, or many short commands. Here a writer waits.
		connection.value('pragma wal_autocheckpoint = 4000');
		connection.value('pragma journal_size_limit = 33554432');
		migrate(connection);
	}
	const version = versionOf(connection);
	if (version === 0) {
		// Read-only, and whoever made the file was ended before it had tables.
		throw missingError(file);
	}
	return version;
}

const versionOf = (connection: SqliteConnection): number => Number(connection.value('pragma user_version'));

function migrate(connection: SqliteConnection): void {
	if (versionOf(connection) >= migrations.length) {
		return;
	}
	inTransaction(connection, () => {
		// Another process may have been faster while we waited for the lock.
		for (const migration of migrations.slice(versionOf(connection))) {
			connection.execute(migration);
		}
		if (versionOf(connection) < migrations.length) {
			connection.value(`pragma user_version = ${migrations.length}`);
		}
	});
}

function inTransaction(connection: SqliteConnection, work: () => void): void {
	connection.begin('immediate');
	try {
		work();
		connection.commit();
	} catch (error) {
		connection.rollback();
		throw error;
	}
}
