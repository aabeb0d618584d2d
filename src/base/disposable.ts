// Owns lifetimes: what is added to a store is disposed with it, in reverse order, exactly once.

import type { Disposable } from './event.ts';

export class DisposableStore implements Disposable {
	private items: Disposable[] = [];
	private isDisposed = false;

	/** Registers a lifetime and returns it. After disposal the item is disposed at once: a late addition must not leak. */
	add<T extends Disposable>(item: T): T {
		if (this.isDisposed) {
			item.dispose();
		} else {
			this.items.push(item);
		}
		return item;
	}

	/** Disposes everything in reverse order; the first error is rethrown after all were tried. */
	dispose(): void {
		if (this.isDisposed) {
			return;
		}
		this.isDisposed = true;
		const errors: unknown[] = [];
		for (const item of this.items.reverse()) {
			try {
				item.dispose();
			} catch (error) {
				errors.push(error);
			}
		}
		this.items = [];
		if (errors.length > 0) {
			throw errors[0];
		}
	}
}

export function toDisposable(dispose: () => void): Disposable {
	return { dispose };
}
