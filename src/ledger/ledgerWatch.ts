// Owns when we look for changes: after own commits, when a file of the ledger moves, and now and then in case no one told us.

import type { Coalescer } from '../base/async.ts';
import { coalesce } from '../base/async.ts';
import type { Disposable } from '../base/event.ts';
import type { Watcher } from '../core/ports.ts';

/** Folds the events of one commit (the log is written page by page) into one look. */
const windowMilliseconds = 5;

export interface WatchedLedger {
	readonly path: string;
	readonly watcher: Watcher | undefined;
	readonly pollMilliseconds: number;
}

export class LedgerWatch implements Disposable {
	private readonly look: Coalescer;
	private readonly timer: ReturnType<typeof setInterval>;
	private readonly watched: Disposable | undefined;

	/** @param look told that something may have changed; never two at once. */
	constructor(
		{ path, watcher, pollMilliseconds }: WatchedLedger,
		look: () => Promise<void>,
		onError: (error: unknown) => void,
	) {
		this.look = coalesce(windowMilliseconds, look, onError);
		this.watched = watcher?.watch([`${path}-wal`, path], () => this.trigger());
		this.timer = setInterval(() => this.trigger(), pollMilliseconds);
		this.timer.unref();
	}

	trigger(): void {
		this.look.trigger();
	}

	dispose(): void {
		clearInterval(this.timer);
		this.watched?.dispose();
		this.look.dispose();
	}
}
