// Owns what a picture shows of the archives: how many tasks they hold, and as many of the newest as somebody asked to see. It is read
// again only when an archived task changed.

import type { LedgerReader } from '../ledger.ts';
import type { TaskStatus } from '../task/taskStatus.ts';
import { taskStatuses } from '../task/taskStatus.ts';
import type { ShownTask } from './swarmSnapshot.ts';
import { countStatuses } from './swarmSnapshot.ts';

export class ArchiveWindow {
	private tasks: ReadonlyMap<string, ShownTask> = new Map();
	private counts: Readonly<Record<TaskStatus, number>> = countStatuses([]);
	private wanted = 0;
	private read: { readonly version: number; readonly wanted: number } | undefined;

	/** The newest archived tasks, by id. */
	get shown(): ReadonlyMap<string, ShownTask> {
		return this.tasks;
	}

	get total(): number {
		return taskStatuses.reduce((sum, status) => sum + this.counts[status], 0);
	}

	widen(count: number): void {
		this.wanted += count;
	}

	/** Counts of the boards with those of the archives. */
	addTo(counts: Readonly<Record<TaskStatus, number>>): Record<TaskStatus, number> {
		return Object.fromEntries(
			taskStatuses.map((status) => [status, counts[status] + this.counts[status]]),
		) as Record<TaskStatus, number>;
	}

	isBehind(version: number): boolean {
		return this.read?.version !== version || this.read.wanted !== this.wanted;
	}

	/** @param version `archiveChanges` of the tasks. True when something was read. */
	async refresh(reader: LedgerReader, version: number): Promise<boolean> {
		if (!this.isBehind(version)) {
			return false;
		}
		this.read = { version, wanted: this.wanted };
		this.counts = await reader.countByStatus('archived');
		const found: ShownTask[] = [];
		const archives = this.wanted === 0 ? [] : await reader.archives();
		for (const { name } of archives.toReversed()) {
			if (found.length >= this.wanted) {
				break;
			}
			found.push(...(await reader.tasks({ files: [name] })).toReversed());
		}
		this.tasks = new Map(found.slice(0, this.wanted).map((shown) => [shown.task.task_id, shown]));
		return true;
	}
}
