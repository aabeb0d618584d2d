// Owns what a picture shows of the archives: how many tasks they hold, as many of the newest as somebody asked to see, and those
// somebody looks for. It is read again only when an archived task changed, or others are looked for.

import type { LedgerReader } from '../ledger.ts';
import type { TaskStatus } from '../task/taskStatus.ts';
import { taskStatuses } from '../task/taskStatus.ts';
import type { ShownTask } from './swarmSnapshot.ts';
import { countStatuses } from './swarmSnapshot.ts';

export class ArchiveWindow {
	private tasks: ReadonlyMap<string, ShownTask> = new Map();
	private counts: Readonly<Record<TaskStatus, number>> = countStatuses([]);
	private wanted = 0;
	private named: readonly string[] = [];
	/** What the last reading was made of: which were wanted, and the last change of each archive. */
	private read: { readonly wanted: number; readonly named: readonly string[]; readonly changes: string } | undefined;

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

	/** Shows these as well, in place of those named before, as far as they are archived. False when it does already. */
	name(ids: readonly string[]): boolean {
		const isSame = ids.length === this.named.length && ids.every((id, index) => id === this.named[index]);
		this.named = isSame ? this.named : ids;
		return !isSame;
	}

	/** Counts of the boards with those of the archives. */
	addTo(counts: Readonly<Record<TaskStatus, number>>): Record<TaskStatus, number> {
		return Object.fromEntries(
			taskStatuses.map((status) => [status, counts[status] + this.counts[status]]),
		) as Record<TaskStatus, number>;
	}

	/** True when as many were read as are wanted. */
	get isWide(): boolean {
		return this.read?.wanted === this.wanted && this.read.named === this.named;
	}

	/** True when there was something to read. */
	async refresh(reader: LedgerReader): Promise<boolean> {
		const archives = await reader.archives();
		const changes = JSON.stringify(archives.map(({ name, dirty_sequence }) => [name, dirty_sequence]));
		if (this.isWide && this.read?.changes === changes) {
			return false;
		}
		this.read = { wanted: this.wanted, named: this.named, changes };
		this.counts = await reader.countByStatus('archived');
		const found: ShownTask[] = [];
		for (const { name } of archives.toReversed()) {
			if (found.length >= this.wanted) {
				break;
			}
			found.push(...(await reader.plainTasks({ files: [name] })).toReversed());
		}
		const looked = this.named.length === 0 ? [] : await reader.plainTasks({ ids: this.named });
		const shown = [...found.slice(0, this.wanted), ...looked.filter(({ archive }) => archive !== undefined)];
		this.tasks = new Map(shown.map((each) => [each.task.task_id, each]));
		return true;
	}
}
