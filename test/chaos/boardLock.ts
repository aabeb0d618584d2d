// Owns whose turn it is to write board files past Dream.OS. People, git and careless programs may spoil each other's files; only
// while one of them has the boards to itself can a lost edit be laid at our door. The mirrors know nothing of it.

import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export class BoardLock {
	private readonly path: string;

	constructor(journals: string) {
		this.path = join(journals, 'boards.lock');
	}

	/** Waits for the turn, does the work, and gives the turn on. Undefined when it is to end first. */
	async during<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
		while (!this.take(name)) {
			if (signal.aborted) {
				return undefined;
			}
			await delay(20);
		}
		try {
			return await work();
		} finally {
			this.free(name);
		}
	}

	/** Gives the turn on; also on behalf of a life that was killed. */
	free(name: string): void {
		try {
			if (readlinkSync(this.path) === name) {
				rmSync(this.path);
			}
		} catch {
			// Nobody has it.
		}
	}

	private take(name: string): boolean {
		try {
			// A link is made by one of several only, and says who made it.
			symlinkSync(name, this.path);
			return true;
		} catch {
			return false;
		}
	}
}
