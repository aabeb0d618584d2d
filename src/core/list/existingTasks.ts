// Owns the comparison of a list with the tasks that are there already, so that importing a list twice changes nothing.

import type { JsonObject, JsonValue } from '../../base/json.ts';
import { jsonEquals } from '../../base/json.ts';
import type { ReadRecord } from '../board/boardRecord.ts';
import { isFieldKey, taskFromRecord } from '../board/boardRecord.ts';
import type { StoredTask, Task } from '../task/task.ts';

/** Stamps of ours; two records that differ in these alone say the same. */
const stamps: readonly string[] = ['updated_at', 'updated_by', 'created_at', 'created_by'];

export class ExistingTasks {
	private readonly tasks: ReadonlyMap<string, StoredTask>;
	/** Tasks by name that no entry of the list was taken for yet. */
	private readonly free = new Map<string, StoredTask[]>();

	constructor(tasks: readonly StoredTask[]) {
		this.tasks = new Map(tasks.map((stored) => [stored.task.task_id, stored]));
		for (const stored of tasks) {
			const list = this.free.get(stored.task.name);
			if (list === undefined) {
				this.free.set(stored.task.name, [stored]);
			} else {
				list.push(stored);
			}
		}
	}

	byId(id: string): StoredTask | undefined {
		return this.tasks.get(id);
	}

	/**
	 * The task an entry without an id is taken for: one of the same name about which everything the entry says is true. Each task is
	 * given to one entry only. What it waits for may be told by titles. A status is not compared: one that differs is told, and
	 * does not make a second task.
	 */
	takeEqual(record: JsonObject, agents: ReadonlySet<string>): string | undefined {
		const read = taskFromRecord({ ...record, task_id: 'none' }, { agents });
		const { task } = read;
		const candidates = task === undefined ? [] : (this.free.get(task.name) ?? []);
		const index = candidates.findIndex(
			(stored) =>
				task !== undefined &&
				this.waitsForSame(stored.task, task) &&
				this.differences(stored, task, read, record).every((key) =>
					['task_id', 'dependencies', 'parent', 'status'].includes(key),
				),
		);
		return index < 0 ? undefined : candidates.splice(index, 1)[0]?.task.task_id;
	}

	private waitsForSame(stored: Task, listed: Task): boolean {
		const names = stored.dependencies.flatMap((id) => [id, foldTitle(this.byId(id)?.task.name ?? id)]);
		return (
			stored.dependencies.length === listed.dependencies.length &&
			listed.dependencies.every((text) => names.includes(text) || names.includes(foldTitle(text)))
		);
	}

	/** Fields and keys in which an entry says something else than the task; what it does not mention is no difference. */
	differences(stored: StoredTask, task: Task, read: ReadRecord, record: JsonObject): string[] {
		const fields = (Object.keys(read.keys) as (keyof Task)[]).filter(
			(field) =>
				!stamps.includes(field) &&
				!jsonEquals(task[field] as JsonValue, stored.task[field] as JsonValue) &&
				!(field === 'status' && isQueued(task) && isQueued(stored.task)),
		);
		const keys = Object.keys(record).filter(
			(key) =>
				!isFieldKey(read, key) && key !== 'parent' && !jsonEquals(record[key], ownValue(stored.record, key)),
		);
		return [...fields, ...keys];
	}
}

/** Titles that differ in case or white space alone mean the same task. */
export const foldTitle = (title: string): string => title.trim().replace(/\s+/gu, ' ').toLowerCase();

/** Whether it is ready depends on others, and is no word of the list's. */
const isQueued = ({ status }: Task): boolean => status === 'PENDING' || status === 'READY';
const ownValue = (record: JsonObject, key: string): JsonValue | undefined =>
	Object.hasOwn(record, key) ? record[key] : undefined;
