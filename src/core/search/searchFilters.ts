// Owns the filters of a search: `status:blocked`, `since:7d` and the like, how their values are read, and whether a task passes.

import type { Task } from '../task/task.ts';
import type { TaskPriority } from '../task/taskPriority.ts';
import { taskPriorities } from '../task/taskPriority.ts';
import type { BoardName, TaskStatus } from '../task/taskStatus.ts';
import { boardNames, taskStatuses } from '../task/taskStatus.ts';
import { fold } from './searchWords.ts';

/** What filters look at. Words are folded. */
export interface SearchFacts {
	readonly status: TaskStatus;
	readonly board: BoardName;
	readonly priority: TaskPriority;
	readonly type: string;
	readonly agent: readonly string[];
	readonly tag: readonly string[];
	/** Wall time in milliseconds of the last change; null when the task does not say. */
	readonly changed_at: number | null;
}

export const filterKeys = ['status', 'board', 'priority', 'type', 'agent', 'tag'] as const;
export type FilterKey = (typeof filterKeys)[number];

/** Passes a task with one of the values; with `isExcluded`, one with none of them. No value at all passes nothing. */
export interface SearchFilter {
	readonly key: FilterKey;
	readonly values: readonly string[];
	readonly isExcluded: boolean;
}

export interface SearchPeriod {
	/** Wall times in milliseconds; both count as inside. */
	readonly since?: number;
	readonly until?: number;
}

export function factsOf(task: Task, board: BoardName): SearchFacts {
	const changed = Date.parse(task.updated_at ?? task.created_at ?? '');
	return {
		status: task.status,
		board,
		priority: task.priority,
		type: fold(task.task_type),
		agent: [task.claimed_by, task.assigned_agent].filter((agent) => agent !== null).map(fold),
		tag: task.tags.map(fold),
		changed_at: Number.isNaN(changed) ? null : changed,
	};
}

export function passes(facts: SearchFacts, filters: readonly SearchFilter[], { since, until }: SearchPeriod): boolean {
	const { changed_at } = facts;
	if ((since !== undefined || until !== undefined) && changed_at === null) {
		return false;
	}
	return (
		(since === undefined || Number(changed_at) >= since) &&
		(until === undefined || Number(changed_at) <= until) &&
		filters.every(({ key, values, isExcluded }) => {
			const has = [facts[key]].flat().some((value) => values.includes(value));
			return has !== isExcluded;
		})
	);
}

/**
 * Values of a filter from what was typed, several with commas between. Statuses, boards and priorities may be cut short, because
 * a search runs while they are typed. Undefined when none of them is known.
 */
export function readFilterValues(key: FilterKey, typed: string): string[] | undefined {
	const words = typed
		.split(',')
		.map((word) => fold(word.trim()))
		.filter((word) => word !== '');
	switch (key) {
		case 'status':
			return known(taskStatuses, words, (status, word) =>
				status.startsWith(word.toUpperCase().replace('-', '_')),
			);
		case 'priority':
			return known(taskPriorities, words, (priority, word) => priority.startsWith(word.toUpperCase()));
		case 'board':
			return known(
				boardNames,
				words,
				(board, word) => board.split('_').some((part) => part.startsWith(word)) || board.startsWith(word),
			);
		case 'type':
		case 'agent':
		case 'tag':
			return words.length === 0 ? undefined : words;
	}
}

function known<Value extends string>(
	values: readonly Value[],
	words: readonly string[],
	fits: (value: Value, word: string) => boolean,
): Value[] | undefined {
	const found = values.filter((value) => words.some((word) => fits(value, word)));
	return found.length === 0 ? undefined : found;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const age = /^(\d{1,6})([mhdw])$/u;
const day = /^\d{4}-\d{2}-\d{2}$/u;
const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/u;

/**
 * Wall time in milliseconds from `7d`, `2h`, `30m`, `1w` (ago), an ISO date or an ISO time. A date means its first moment in this
 * machine's zone, or its last one for an end. Undefined when it is none of these.
 */
export function readTime(typed: string, now: number, edge: 'since' | 'until'): number | undefined {
	const [, count, unit = ''] = age.exec(typed.toLowerCase()) ?? [];
	if (count !== undefined) {
		return now - Number(count) * (units[unit] ?? 0);
	}
	const text = day.test(typed) ? `${typed}T${edge === 'since' ? '00:00:00' : '23:59:59.999'}` : typed;
	const time = moment.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(time) ? undefined : time;
}
