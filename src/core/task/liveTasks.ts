// Owns the tasks a program keeps in memory: those on the four boards, and of the archived ones only those that a task on a board
// waits for. So neither start nor change costs anything for what was finished long ago.

import type { LedgerReader, TaskFilter } from '../ledger.ts';
import type { BoardFileName } from './archive.ts';
import { fileOf } from './archive.ts';
import type { StoredTask } from './task.ts';
import type { PlainTask } from './plainTask.ts';
import { withoutRecord } from './plainTask.ts';
import { boardNames } from './taskStatus.ts';

/** So many ids may gather before those nobody asks for any more are let go. */
const pruneSlack = 1000;

/** What is kept of each task. */
export interface KeptTasks<Kept extends PlainTask> {
	read(reader: LedgerReader, filter: TaskFilter): Promise<Kept[]>;
	keep(stored: StoredTask): Kept;
}

/** All of it, for whoever writes boards or shares tasks with who does. */
export const wholeTasks: KeptTasks<StoredTask> = {
	read: (reader, filter) => reader.tasks(filter),
	keep: (stored) => stored,
};

/** All but the record its board shows, for whoever only looks. */
export const plainTasks: KeptTasks<PlainTask> = {
	read: (reader, filter) => reader.plainTasks(filter),
	keep: withoutRecord,
};

/** Ids of tasks that are another now, or are kept no more; everything after the first reading. */
export type ChangedIds = ReadonlySet<string> | 'everything';

export class LiveTasks<Kept extends PlainTask> {
	private readonly kept: KeptTasks<Kept>;
	private readonly live = new Map<string, Kept>();
	/** Archived tasks that a live one names as a dependency, or somebody asked for. */
	private readonly named = new Map<string, Kept>();
	/** Ids that were named, whether or not there is such a task. */
	private asked = new Set<string>();
	/** What somebody asked for last, besides dependencies. */
	private included: readonly string[] = [];
	private prunedSize = 0;
	private newest: number | undefined;

	constructor(kept: KeptTasks<Kept>) {
		this.kept = kept;
	}

	/** Sequence of the newest event the tasks include. */
	get sequence(): number {
		return this.newest ?? 0;
	}

	/** Every task on a board by id. */
	get onBoards(): ReadonlyMap<string, Kept> {
		return this.live;
	}

	/** Archived tasks by id that a task on a board waits for, or that were asked for. */
	get archived(): ReadonlyMap<string, Kept> {
		return this.named;
	}

	/** Every task that is kept. */
	get all(): Kept[] {
		return [...this.live.values(), ...this.named.values()];
	}

	/** A task on a board, or an archived one that such a task waits for. */
	find(id: string): Kept | undefined {
		return this.live.get(id) ?? this.named.get(id);
	}

	/** Brings the tasks up to the reader's snapshot, and says which of them are another now. */
	async refresh(reader: LedgerReader): Promise<ChangedIds> {
		const changed = new Set<string>();
		if (this.newest === undefined) {
			this.newest = await reader.sequence();
			for (const stored of await this.kept.read(reader, { files: boardNames })) {
				this.live.set(stored.task.task_id, stored);
			}
			await this.ask(reader, dependenciesOf(this.live.values()));
			return 'everything';
		}
		// Asked for every second by a host that has nothing to do.
		if ((await reader.sequence()) === this.newest) {
			return changed;
		}
		const changes = await reader.changesSince(this.newest);
		for (const id of changes.removed) {
			this.forget(id, changed);
		}
		for (const stored of changes.tasks) {
			const id = stored.task.task_id;
			this.forget(id, changed);
			if (stored.archive === undefined) {
				this.live.set(id, this.kept.keep(stored));
				changed.add(id);
			} else if (this.asked.has(id)) {
				this.named.set(id, this.kept.keep(stored));
				changed.add(id);
			}
		}
		this.newest = changes.sequence;
		for (const id of await this.ask(reader, dependenciesOf(changes.tasks))) {
			changed.add(id);
		}
		this.prune(changed);
		return changed;
	}

	/** Tasks of a board in their order. */
	onBoard(board: BoardFileName): Kept[] {
		const tasks: Kept[] = [];
		for (const stored of this.live.values()) {
			if (fileOf(stored) === board) {
				tasks.push(stored);
			}
		}
		return tasks.sort(
			(left, right) => left.position - right.position || (left.task.task_id < right.task.task_id ? -1 : 1),
		);
	}

	private forget(id: string, changed: Set<string>): void {
		const wasLive = this.live.delete(id);
		if (this.named.delete(id) || wasLive) {
			changed.add(id);
		}
	}

	/** Keeps these tasks, too, should they be archived, until others are asked for. Returns those that had to be read. */
	async include(reader: LedgerReader, ids: readonly string[]): Promise<readonly string[]> {
		this.included = ids;
		return this.ask(reader, ids);
	}

	private async ask(reader: LedgerReader, wanted: Iterable<string>): Promise<readonly string[]> {
		const ids = [...new Set(wanted)].filter((id) => !this.asked.has(id));
		ids.forEach((id) => this.asked.add(id));
		const unknown = ids.filter((id) => !this.live.has(id));
		for (const stored of unknown.length === 0 ? [] : await this.kept.read(reader, { ids: unknown })) {
			this.named.set(stored.task.task_id, stored);
		}
		return unknown;
	}

	/** Whoever runs for months must not keep every task that was ever waited for. */
	private prune(changed: Set<string>): void {
		if (this.asked.size <= 2 * this.prunedSize + pruneSlack) {
			return;
		}
		this.asked = new Set([...dependenciesOf(this.live.values()), ...this.included]);
		for (const id of [...this.named.keys()].filter((each) => !this.asked.has(each))) {
			this.named.delete(id);
			changed.add(id);
		}
		this.prunedSize = this.asked.size;
	}
}

function* dependenciesOf(tasks: Iterable<PlainTask>): Generator<string> {
	for (const { task, archive } of tasks) {
		yield* archive === undefined ? task.dependencies : [];
	}
}
