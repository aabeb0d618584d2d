// Owns the tasks of the ledger as this process last read them, so that a change of one task does not read ten thousand.

import type { LedgerReader } from '../core/ledger.ts';
import type { StoredTask } from '../core/task/task.ts';
import type { BoardName } from '../core/task/taskStatus.ts';

export class TaskCache {
	private readonly byId = new Map<string, StoredTask>();
	private newest: number | undefined;

	/** Sequence of the newest event the tasks include. */
	get sequence(): number {
		return this.newest ?? 0;
	}

	get tasks(): ReadonlyMap<string, StoredTask> {
		return this.byId;
	}

	/** Brings the tasks up to the reader's snapshot. */
	async refresh(reader: LedgerReader): Promise<void> {
		if (this.newest === undefined) {
			this.newest = await reader.sequence();
			for (const stored of await reader.tasks()) {
				this.byId.set(stored.task.task_id, stored);
			}
			return;
		}
		const changes = await reader.changesSince(this.newest);
		for (const id of changes.removed) {
			this.byId.delete(id);
		}
		for (const stored of changes.tasks) {
			this.byId.set(stored.task.task_id, stored);
		}
		this.newest = changes.sequence;
	}

	/** Tasks of a board in their order. */
	onBoard(board: BoardName): StoredTask[] {
		const tasks: StoredTask[] = [];
		for (const stored of this.byId.values()) {
			if (stored.board === board) {
				tasks.push(stored);
			}
		}
		return tasks.sort(
			(left, right) => left.position - right.position || (left.task.task_id < right.task.task_id ? -1 : 1),
		);
	}
}
