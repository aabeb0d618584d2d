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

function overSince(tasks: Iterable<Task>, since: number): Task[] {
	const over: Task[] = [];
	for (const task of tasks) {
		if (task.completed_at !== null && Date.parse(task.completed_at) >= since) {
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
