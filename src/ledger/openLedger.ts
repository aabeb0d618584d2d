// Owns the door to the ledger: opens the file and says at once what this process may do with it.

import { DreamError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Ledger } from '../core/ledger.ts';
import type { Clock, Watcher } from '../core/ports.ts';
import { openLedgerFile } from './ledgerFile.ts';
import { ledgerError } from './ledgerErrors.ts';
import type { DiskSync } from './logSync.ts';
import { LogSync } from './logSync.ts';
import { migrations } from './migrations.ts';
import type { DetectNetworkFolder } from './networkFolder.ts';
import { detectNetworkFolder } from './networkFolder.ts';
import { loadNodeSqlite } from './nodeSqlite.ts';
import type { DetectFullText } from './search/indexFile.ts';
import { detectFullText } from './search/indexFile.ts';
import { SqliteLedger } from './sqliteLedger.ts';

export interface OpenLedgerOptions {
	/** Absolute path of the file; its folder must exist. */
	readonly path: string;
	readonly clock: Clock;
	readonly log: Logger;
	/** Without one, changes of other processes are noticed at the next poll. */
	readonly watcher?: Watcher;
	/** How often it looks for changes nobody told it of. Default 1 s. */
	readonly pollMilliseconds?: number;
	/** Makes nothing, changes nothing, and fails with `ledger.missing` when there is no file. */
	readonly readOnly?: boolean;
	/** Why it is opened for reading only, for whoever wants to write nevertheless. */
	readonly readOnlyBecause?: DreamError;
	/** How long a transaction waits for other processes before `ledger.busy`. Default 10 s. */
	readonly busyMilliseconds?: number;
	readonly detectNetworkFolder?: DetectNetworkFolder;
	readonly detectFullText?: DetectFullText;
	/** How what was committed gets to the disk. */
	readonly diskSync?: Partial<DiskSync>;
}

/**
 * Opens the ledger, making or migrating it when needed. A ledger of a newer version opens read-only: its writes fail with
 * `ledger.newer`. Fails as `openLedgerFile` does, and with `ledger.noSqlite`.
 */
export async function openLedger(options: OpenLedgerOptions): Promise<Ledger> {
	const { path, clock, log, watcher } = options;
	const deadlineMilliseconds = options.busyMilliseconds ?? 10_000;
	const isReadOnly = options.readOnly === true;
	const sqlite = loadNodeSqlite();
	const { connection, version } = await openLedgerFile({
		path,
		isReadOnly,
		deadlineMilliseconds,
		sqlite,
		detectNetworkFolder: options.detectNetworkFolder ?? detectNetworkFolder,
	});
	const refusal = refusalOf(options, version);
	if (refusal !== undefined) {
		// Whoever asked for reading only knows; that somebody else's version is newer is news.
		(isReadOnly ? log.info : log.warn)(refusal.fullMessage);
	}
	const logSync = refusal === undefined ? LogSync.open(path, options.diskSync) : undefined;
	if (logSync !== undefined) {
		// A commit is in the log, and safe from the end of any process; `logSync` makes it safe from a power cut.
		connection.value('pragma synchronous = normal');
	}
	return new SqliteLedger({
		path,
		connection,
		logSync,
		clock,
		log,
		watcher,
		pollMilliseconds: options.pollMilliseconds ?? 1_000,
		deadlineMilliseconds,
		refusal,
		sqlite,
		detectFullText: options.detectFullText ?? detectFullText,
	});
}

function refusalOf({ path, readOnly, readOnlyBecause }: OpenLedgerOptions, version: number): DreamError | undefined {
	if (version > migrations.length) {
		return new DreamError(
			'ledger.newer',
			`The ledger ${path} was written by a newer Dream.OS; this one only shows it.`,
			{
				details: { file: path, version, known: migrations.length },
				advice: 'Update Dream.OS to change tasks here.',
			},
		);
	}
	if (readOnly !== true) {
		return undefined;
	}
	return (
		readOnlyBecause ??
		ledgerError(
			'ledger.readOnly',
			`The ledger ${path} was opened for reading only.`,
			path,
			'Open it for writing to change it.',
		)
	);
}
