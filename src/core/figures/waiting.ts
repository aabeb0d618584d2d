// Owns what is not over: how old it is, why it is blocked, and in which status tasks stand longest. Pure.

import { groupBy } from '../../base/groups.ts';
import type { Task } from '../task/task.ts';
import { blockReasonKinds } from '../task/task.ts';
import { isFinished, taskStatuses } from '../task/taskStatus.ts';
import type { Figure } from './figure.ts';
import { quantile } from './figure.ts';

export interface StatusWait extends Figure {
	/** Median time since the last change of those in it, in milliseconds. */
	readonly median: number;
}

const day = 24 * 3_600_000;
const ages = [
	{ label: 'less than a day', below: day },
	{ label: '1 to 3 days', below: 3 * day },
	{ label: '3 to 7 days', below: 7 * day },
	{ label: '7 to 30 days', below: 30 * day },
	{ label: 'more than 30 days', below: Infinity },
] as const;

const idsOf = (tasks: readonly Task[]): string[] => tasks.map(({ task_id: id }) => id);

/** Unfinished tasks by how long ago they were made. */
export function ageFigures(tasks: readonly Task[], now: number): Figure[] {
	const open = tasks.filter(({ status, created_at: at }) => !isFinished(status) && at !== null);
	const groups = groupBy(open, (task) => {
		const age = now - Date.parse(task.created_at ?? '');
		return ages.find(({ below }) => age < below)?.label ?? '';
	});
	return ages.map(({ label }) => {
		const taskIds = idsOf(groups.get(label) ?? []);
		return { key: `age ${label}`, label, value: taskIds.length, taskIds };
	});
}

/** Blocked tasks by the kind of their reason; kinds nobody has are left out. */
export function blockedFigures(tasks: readonly Task[]): Figure[] {
	const blocked = tasks.filter(({ status }) => status === 'BLOCKED');
	const groups = groupBy(blocked, ({ block_reason: reason }) => reason?.kind ?? 'needs_input');
	return blockReasonKinds.flatMap((kind) => {
		const taskIds = idsOf(groups.get(kind) ?? []);
		return taskIds.length === 0
			? []
			: [{ key: `blocked ${kind}`, label: kind.replaceAll('_', ' '), value: taskIds.length, taskIds }];
	});
}

/** Where unfinished tasks stand, the longest wait first. */
export function statusWaits(tasks: readonly Task[], now: number): StatusWait[] {
	const groups = groupBy(
		tasks.filter(({ status, updated_at: at }) => !isFinished(status) && at !== null),
		({ status }) => status,
	);
	return taskStatuses
		.flatMap((status): StatusWait[] => {
			const group = groups.get(status) ?? [];
			const median = quantile(
				group.map(({ updated_at: at }) => Math.max(0, now - Date.parse(at ?? ''))),
				0.5,
			);
			return median === undefined
				? []
				: [{ key: `status ${status}`, label: status, value: group.length, taskIds: idsOf(group), median }];
		})
		.sort((left, right) => right.median - left.median);
}
