// Owns what hangs below a task: its parts at any depth, and how many of them are how far.

import type { LedgerReader, TaskPart } from '../ledger.ts';
import type { Task } from './task.ts';
import type { TaskStatus } from './taskStatus.ts';
import { taskStatuses } from './taskStatus.ts';

export interface TaskFamily {
	/** The parts directly below it, in board order, each with the number of parts below that. */
	readonly children: readonly (Pick<Task, 'task_id' | 'name' | 'status'> & { readonly parts: number })[];
	/** How many parts at any depth are in which status; statuses nothing is in are left out. */
	readonly parts: Partial<Record<TaskStatus, number>>;
	readonly completed: number;
	readonly total: number;
}

/** Parts of a task. A circle of parents, which only a file can hold, is walked once. */
export async function readFamily(reader: Pick<LedgerReader, 'parts' | 'tasks'>, taskId: string): Promise<TaskFamily> {
	const byParent = new Map<string, TaskPart[]>();
	for (const part of await reader.parts()) {
		const list = byParent.get(part.parent) ?? [];
		list.push(part);
		byParent.set(part.parent, list);
	}
	const all = below(taskId, byParent);
	const direct = (byParent.get(taskId) ?? []).filter(({ task_id }) => task_id !== taskId);
	const children = direct.length === 0 ? [] : await reader.tasks({ ids: direct.map(({ task_id }) => task_id) });
	const count = (status: TaskStatus) => all.filter((part) => part.status === status).length;
	return {
		children: children.map(({ task: { task_id, name, status } }) => ({
			task_id,
			name,
			status,
			parts: below(task_id, byParent).length,
		})),
		parts: Object.fromEntries(
			taskStatuses.map((status) => [status, count(status)] as const).filter(([, each]) => each > 0),
		),
		completed: count('COMPLETED'),
		total: all.length,
	};
}

function below(taskId: string, byParent: ReadonlyMap<string, readonly TaskPart[]>): TaskPart[] {
	const seen = new Set([taskId]);
	const found: TaskPart[] = [];
	const queue = [taskId];
	for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
		for (const part of byParent.get(id) ?? []) {
			if (!seen.has(part.task_id)) {
				seen.add(part.task_id);
				found.push(part);
				queue.push(part.task_id);
			}
		}
	}
	return found;
}
