// Owns when what was committed is carried from SQLite's log into the ledger's file: after its writers were told, never while they
// wait. Readers and writers of other processes go on meanwhile.

import type { SqliteConnection } from './sqliteConnection.ts';

/** A change writes about a dozen pages; so many of them are carried over in a few milliseconds. */
const changesLimit = 120;

export class Checkpoints {
	private readonly connection: SqliteConnection;
	/** Gives the connection to a job while no transaction is on it. */
	private readonly inTurn: (job: () => Promise<void>) => Promise<void>;
	private behind = 0;
	private isDue = false;

	constructor(connection: SqliteConnection, inTurn: (job: () => Promise<void>) => Promise<void>) {
		this.connection = connection;
		this.inTurn = inTurn;
	}

	/** @param changes how many changes the transaction held, roughly. */
	committed(changes: number): void {
		this.behind += changes;
		if (this.behind >= changesLimit && !this.isDue) {
			this.isDue = true;
			// Whoever waits for this commit is told before the event loop comes to it.
			setImmediate(() => void this.inTurn(() => this.carry()).finally(() => (this.isDue = false)));
		}
	}

	private carry(): Promise<void> {
		this.behind = 0;
		try {
			this.connection.value('pragma wal_checkpoint(passive)');
		} catch {
			// Another process is at it, or the disk is full: SQLite itself tries again when its log has grown much larger.
		}
		return Promise.resolve();
	}
}
