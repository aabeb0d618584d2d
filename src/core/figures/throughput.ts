// Owns what was finished when, and how long it took: counts and times by hour or day of a period. Pure.

import { groupBy } from '../../base/groups.ts';
import type { Task } from '../task/task.ts';
import type { Figure } from './figure.ts';
import { quantile } from './figure.ts';

export interface Period {
	/** Wall times in milliseconds. */
	readonly from: number;
	readonly to: number;
}

export interface ThroughputBucket {
	/** When it begins. */
	readonly at: number;
	readonly completed: Figure;
	readonly failed: Figure;
	/** Median cycle time of what was completed in it, in milliseconds; null where nothing was. */
	readonly cycle: number | null;
}

const hour = 3_600_000;
const day = 24 * hour;
/** Longer periods are shown by days. */
const longestByHours = 2 * day;

const overAt = ({ completed_at: at }: Task): number => (at === null ? Number.NaN : Date.parse(at));

/** From the beginning of work to its end, in milliseconds; undefined where nobody wrote down when it began. */
export function cycleTime(task: Task): number | undefined {
	const begin = task.started_at ?? task.claimed_at;
	const time = begin === null ? Number.NaN : overAt(task) - Date.parse(begin);
	return time >= 0 ? time : undefined;
}

/** From the making of a task to its end, in milliseconds. */
export function leadTime(task: Task): number | undefined {
	const time = task.created_at === null ? Number.NaN : overAt(task) - Date.parse(task.created_at);
	return time >= 0 ? time : undefined;
}

/** Tasks that were over in the period. */
export const overIn = (tasks: readonly Task[], { from, to }: Period): Task[] =>
	tasks.filter((task) => overAt(task) >= from && overAt(task) <= to);

/** `offset` is how many milliseconds local time is behind UTC: days begin at the person's midnight. */
export function throughput(over: readonly Task[], { from, to }: Period, offset: number): ThroughputBucket[] {
	const length = to - from > longestByHours ? day : hour;
	const beginOf = (at: number) => Math.floor((at - offset) / length) * length + offset;
	const buckets: ThroughputBucket[] = [];
	const byBegin = groupBy(over, (task) => beginOf(overAt(task)));
	for (let at = beginOf(from); at <= to; at += length) {
		const tasks = byBegin.get(at) ?? [];
		const figure = (status: 'COMPLETED' | 'FAILED', label: string): Figure => {
			const taskIds = tasks.filter((task) => task.status === status).map(({ task_id: id }) => id);
			return { key: `throughput ${status} ${at}`, label, value: taskIds.length, taskIds };
		};
		const times = tasks.filter(({ status }) => status === 'COMPLETED').flatMap((task) => cycleTime(task) ?? []);
		buckets.push({
			at,
			completed: figure('COMPLETED', 'Completed'),
			failed: figure('FAILED', 'Failed'),
			cycle: quantile(times, 0.5) ?? null,
		});
	}
	return buckets;
}
