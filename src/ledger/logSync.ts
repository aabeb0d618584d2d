// Owns that what was committed is on the disk before anybody is told. SQLite's own sync at a commit is a whole fsync, made while it
// holds the write lock; ours is an fdatasync of its log after the lock is free, and one serves all who wait for it. A disk that is
// quicker than the way to another thread and back is waited for in place.

import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { toError } from '../base/errors.ts';

/** Resolves when everything written to the file before the call is on the disk. */
export type SyncFile = (descriptor: number) => Promise<void>;

/** How the system brings a file to the disk. */
export interface DiskSync {
	readonly inThread: SyncFile;
	/** Nothing else of this process runs meanwhile. */
	readonly inPlace: (descriptor: number) => void;
	/** Milliseconds of a clock that only goes on. */
	readonly now: () => number;
}

const systemSync: DiskSync = {
	inThread: promisify(fdatasync),
	inPlace: fdatasyncSync,
	now: () => performance.now(),
};

/** A sync that takes no longer is quick: the rest of the process does not feel it. */
const quickMilliseconds = 1;
/** So many quick ones in a row make a disk one that is waited for in place; after a slow one it takes more. */
const trust = 3;
const regainedTrust = 20;

export class LogSync {
	private readonly descriptor: number;
	private readonly disk: DiskSync;
	/** How many more quick syncs it takes until the disk is waited for in place. */
	private doubt = trust;
	private running: Promise<void> | undefined;
	/** Those who came while one was running: it may have begun before their commit. */
	private next: Promise<void> | undefined;

	private constructor(descriptor: number, disk: DiskSync) {
		this.descriptor = descriptor;
		this.disk = disk;
	}

	/** Undefined where the log cannot be opened beside SQLite: then SQLite has to sync by itself. */
	static open(ledger: string, disk: Partial<DiskSync> = {}): LogSync | undefined {
		try {
			// Writable, because Windows syncs nothing else.
			return new LogSync(openSync(`${ledger}-wal`, 'r+'), { ...systemSync, ...disk });
		} catch {
			return undefined;
		}
	}

	/** Resolves when everything committed before the call is on the disk. Rejects with what the system says of the disk. */
	sync(): Promise<void> {
		if (this.running === undefined) {
			return this.doubt > 0 ? this.begin() : this.syncInPlace();
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
		const started = this.disk.now();
		const running = this.disk.inThread(this.descriptor).finally(() => {
			if (this.running === running) {
				this.running = undefined;
			}
			this.judge(started);
		});
		this.running = running;
		return running;
	}

	private syncInPlace(): Promise<void> {
		const started = this.disk.now();
		try {
			this.disk.inPlace(this.descriptor);
			this.judge(started);
			return Promise.resolve();
		} catch (error) {
			this.doubt = regainedTrust;
			return Promise.reject(toError(error));
		}
	}

	private judge(started: number): void {
		if (this.disk.now() - started > quickMilliseconds) {
			this.doubt = this.doubt > 0 ? Math.max(this.doubt, trust) : regainedTrust;
		} else if (this.doubt > 0) {
			this.doubt -= 1;
		}
	}
}
