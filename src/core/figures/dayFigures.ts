// Owns the figures of a day: what was finished since a moment, and what it took. Pure.

import type { Task } from '../task/task.ts';
import { readSpending, sumTold } from './spending.ts';

export interface DayFigures {
	readonly completed: number;
	readonly failed: number;
	/** Null where no worker told any. */
	readonly tokens: number | null;
	readonly cost: number | null;
}

/** A time as we write it. */
const isOwnTime = (at: string): boolean => at.length === '2026-01-31T12:00:00.000Z'.length && at.endsWith('Z');

function overSince(tasks: Iterable<Task>, since: number): Task[] {
	const over: Task[] = [];
	const sinceText = new Date(since).toISOString();
	for (const task of tasks) {
		const at = task.completed_at;
		// What we write ourselves is in the order of its letters; of thousands of tasks, reading each as a date takes longer.
		if (at !== null && (isOwnTime(at) ? at >= sinceText : Date.parse(at) >= since)) {
			over.push(task);
		}
	}
	return over;
}

/** Counts tasks that were over at `since` or later; wall time in milliseconds. */
export function dayFigures(tasks: Iterable<Task>, since: number): DayFigures {
	const over = overSince(tasks, since);
	const count = (status: Task['status']) => over.filter((task) => task.status === status).length;
	const spent = over.map(readSpending);
	return {
		completed: count('COMPLETED'),
		failed: count('FAILED'),
		tokens: sumTold(spent.map(({ tokens }) => tokens)) ?? null,
		cost: sumTold(spent.map(({ cost }) => cost)) ?? null,
	};
}

/** Ids of the tasks behind one of those figures. */
export function dayTasks(tasks: Iterable<Task>, since: number, figure: keyof DayFigures): string[] {
	const isCounted = (task: Task): boolean => {
		switch (figure) {
			case 'completed':
				return task.status === 'COMPLETED';
			case 'failed':
				return task.status === 'FAILED';
			case 'tokens':
			case 'cost':
				return readSpending(task)[figure] !== undefined;
		}
	};
	return overSince(tasks, since)
		.filter(isCounted)
		.map(({ task_id: id }) => id);
}
