// Owns the tasks a process has read and still keeps somewhere: who reads the same version of a task gets the same object, so that
// a host's loop and mirror keep ten thousand tasks once. It keeps none of them alive, and knows only what was committed.

import type { StoredTask } from '../core/task/task.ts';
import type { StoredTaskRow } from './taskRows.ts';

/** So many may be known before those that nobody keeps any more are looked for. */
const firstSweep = 1000;

export class KnownTasks {
	private readonly known = new Map<string, WeakRef<StoredTask>>();
	private sweepAt = firstSweep;

	/**
	 * The task of a row that was read before. No two commits give a task the same sequence, so that knowing the sequence is knowing
	 * all of the row.
	 */
	find({ task_id, sequence }: Pick<StoredTaskRow, 'task_id' | 'sequence'>): StoredTask | undefined {
		const found = this.known.get(task_id)?.deref();
		return found?.sequence === sequence ? found : undefined;
	}

	/** Only the latest version of a task is known; a transaction that can still fail must not tell of its own. */
	remember(stored: StoredTask): void {
		if (this.known.size >= this.sweepAt) {
			this.sweep();
		}
		this.known.set(stored.task.task_id, new WeakRef(stored));
	}

	/** Tasks that are or were known and not yet forgotten; for whoever wants to see that it does not grow. */
	get size(): number {
		return this.known.size;
	}

	private sweep(): void {
		for (const [id, reference] of this.known) {
			if (reference.deref() === undefined) {
				this.known.delete(id);
			}
		}
		this.sweepAt = Math.max(firstSweep, 2 * this.known.size);
	}
}
