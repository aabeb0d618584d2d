// Owns how a process that waits is woken by another: one file that everybody who waits watches, and that is touched to ring. Where
// files cannot be watched nobody hears it, and whoever waits looks again after a while.

import type { FSWatcher } from 'node:fs';
import { closeSync, constants, openSync, watch, writeSync } from 'node:fs';
import type { Disposable } from '../base/event.ts';

/** Whoever waited so recently may wait again at once; after that, hearing in vain costs more than watching anew. */
const lingerMilliseconds = 20;
const stroke = Buffer.from('.');

export class Bell implements Disposable {
	private readonly path: string;
	/** undefined before the first use, null when there can be none. */
	private file: number | null | undefined;
	private watcher: FSWatcher | undefined;
	private lingering: ReturnType<typeof setTimeout> | undefined;
	private wake: (() => void) | undefined;
	private rings = 0;

	/** @param path of the file; it is made when missing, and holds nothing. */
	constructor(path: string) {
		this.path = path;
	}

	/** How often it has rung. */
	get heard(): number {
		return this.rings;
	}

	/** Begins to listen. */
	listen(): void {
		clearTimeout(this.lingering);
		this.lingering = undefined;
		if (this.watcher !== undefined || this.open() === null) {
			return;
		}
		try {
			this.watcher = watch(this.path, { persistent: false }, () => {
				this.rings += 1;
				this.wake?.();
			});
			this.watcher.on('error', () => this.forget());
		} catch {
			// The system has no watcher left for us: we look again after a while.
		}
	}

	/** Resolves once it has rung since `heard`, at the latest after the given time. One at a time. */
	wait(heard: number, milliseconds: number): Promise<void> {
		if (heard !== this.rings) {
			return Promise.resolve();
		}
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
			this.lingering ??= setTimeout(() => this.forget(), lingerMilliseconds).unref();
		}
	}

	ring(): void {
		const file = this.open();
		if (file !== null) {
			try {
				writeSync(file, stroke, 0, 1, 0);
			} catch {
				// A full disk: those who wait look again after a while.
			}
		}
	}

	dispose(): void {
		this.forget();
		if (typeof this.file === 'number') {
			closeSync(this.file);
		}
		this.file = null;
	}

	private open(): number | null {
		if (this.file === undefined) {
			try {
				// A link in its place may lead to a file of somebody's.
				this.file = openSync(this.path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
			} catch {
				this.file = null;
			}
		}
		return this.file;
	}

	private forget(): void {
		clearTimeout(this.lingering);
		this.lingering = undefined;
		this.watcher?.close();
		this.watcher = undefined;
	}
}
