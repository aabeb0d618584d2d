// Owns that what was committed is on the disk before anybody is told. SQLite's own sync at a commit is a whole fsync, made while it
// holds the write lock; ours is an fdatasync of its log after the lock is free, and one serves all who wait for it.

import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/** Resolves when everything written to the file before the call is on the disk. */
export type SyncFile = (descriptor: number) => Promise<void>;

export class LogSync {
	private readonly descriptor: number;
	private readonly syncFile: SyncFile;
	private running: Promise<void> | undefined;
	/** Those who came while one was running: it may have begun before their commit. */
	private next: Promise<void> | undefined;

	private constructor(descriptor: number, syncFile: SyncFile) {
		this.descriptor = descriptor;
		this.syncFile = syncFile;
	}

	/** Undefined where the log cannot be opened beside SQLite: then SQLite has to sync by itself. */
	static open(ledger: string, syncFile: SyncFile = promisify(fdatasync)): LogSync | undefined {
		try {
			// Writable, because Windows syncs nothing else.
			return new LogSync(openSync(`${ledger}-wal`, 'r+'), syncFile);
		} catch {
			return undefined;
		}
	}

	/** Resolves when everything committed before the call is on the disk. Rejects with what the system says of the disk. */
	sync(): Promise<void> {
		if (this.running === undefined) {
			return this.begin();
		}
		const begin = () => {
			this.next = undefined;
			return this.begin();
		};
		this.next ??= this.running.then(begin, begin);
		return this.next;
	}

	/** Call it when nobody waits. */
	close(): void {
		closeSync(this.descriptor);
	}

	private begin(): Promise<void> {
		const running = this.syncFile(this.descriptor).finally(() => {
			if (this.running === running) {
				this.running = undefined;
			}
		});
		this.running = running;
		return running;
	}
}
