// Owns how a process is woken by another that writes to a file. Where files cannot be watched, or are watched badly, it wakes by
// itself after a while.

import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import type { Disposable } from '../base/event.ts';

/** Whoever waited so recently will soon wait again, and watching anew costs more than hearing once in vain. */
const lingerMilliseconds = 2000;

export class Bell implements Disposable {
	private readonly path: string;
	private watcher: FSWatcher | undefined;
	private lingering: ReturnType<typeof setTimeout> | undefined;
	private wake: (() => void) | undefined;

	/** @param path of a file that is there. */
	constructor(path: string) {
		this.path = path;
	}

	/** Begins to listen: what is written from now on ends the next `wait`. */
	listen(): void {
		clearTimeout(this.lingering);
		this.lingering = undefined;
		if (this.watcher === undefined) {
			try {
				this.watcher = watch(this.path, { persistent: false }, () => this.wake?.());
				this.watcher.on('error', () => this.dispose());
			} catch {
				// The system has no watcher left for us.
			}
		}
	}

	/** Resolves when somebody writes, at the latest after the given time. One at a time. */
	wait(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(() => this.wake?.(), milliseconds);
			this.wake = () => {
				clearTimeout(timer);
				this.wake = undefined;
				resolve();
			};
		});
	}

	/** No more waiting for now. */
	rest(): void {
		if (this.watcher !== undefined) {
			this.lingering ??= setTimeout(() => this.dispose(), lingerMilliseconds).unref();
		}
	}

	dispose(): void {
		clearTimeout(this.lingering);
		this.lingering = undefined;
		this.watcher?.close();
		this.watcher = undefined;
	}
}
