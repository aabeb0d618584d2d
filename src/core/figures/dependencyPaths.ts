// Owns the two chains people look for among tasks that wait for each other: the one that decides when all is done, and the longest
// that stands still because of one task. Tasks in a circle are on neither. Pure, and never deeper than a loop.

import { addTo } from '../../base/groups.ts';
import type { Task } from '../task/task.ts';
import { isFinished } from '../task/taskStatus.ts';

export type PathTask = Pick<Task, 'task_id' | 'status' | 'dependencies' | 'estimate'>;

export interface DependencyPaths {
	/** From what comes first to what comes last; empty when nothing is left to do. */
	readonly critical: readonly string[];
	/** Minutes the critical path takes; null where nobody estimated any of it. */
	readonly minutes: number | null;
	/** The task nobody gets past, then those that wait for it one after the other; empty when none stands still. */
	readonly blocked: readonly string[];
}

const isStuck = ({ status }: PathTask): boolean =>
	status === 'BLOCKED' || status === 'FAILED' || status === 'CANCELLED';

/** Tasks so that each comes after everything it depends on; without those in a circle. */
function inOrder(tasks: ReadonlyMap<string, PathTask>, dependants: ReadonlyMap<string, readonly string[]>): PathTask[] {
	const waiting = new Map(
		[...tasks.values()].map((task) => [task.task_id, task.dependencies.filter((id) => tasks.has(id)).length]),
	);
	const order = [...tasks.values()].filter(({ task_id: id }) => waiting.get(id) === 0);
	for (let index = 0; index < order.length; index += 1) {
		for (const id of dependants.get(order[index]?.task_id ?? '') ?? []) {
			const left = (waiting.get(id) ?? 0) - 1;
			const task = tasks.get(id);
			waiting.set(id, left);
			if (left === 0 && task !== undefined) {
				order.push(task);
			}
		}
	}
	return order;
}

/** The heaviest chain that begins with a task for which `begins` holds. */
function heaviest(
	order: readonly PathTask[],
	weightOf: (task: PathTask) => number,
	begins: (task: PathTask) => boolean,
): string[] {
	const best = new Map<string, { readonly weight: number; readonly before: string | undefined }>();
	let last: string | undefined;
	for (const task of order) {
		const before = task.dependencies
			.filter((id) => best.has(id))
			.reduce<string | undefined>(
				(top, id) => ((best.get(id)?.weight ?? 0) > (best.get(top ?? '')?.weight ?? -1) ? id : top),
				undefined,
			);
		if (before === undefined && !begins(task)) {
			continue;
		}
		const weight = (best.get(before ?? '')?.weight ?? 0) + weightOf(task);
		best.set(task.task_id, { weight, before });
		if (weight > (best.get(last ?? '')?.weight ?? -1)) {
			last = task.task_id;
		}
	}
	const path: string[] = [];
	for (let id = last; id !== undefined; id = best.get(id)?.before) {
		path.unshift(id);
	}
	return path;
}

export function dependencyPaths(all: Iterable<PathTask>): DependencyPaths {
	const given = [...all];
	// Of what is over only that which others still wait for in vain.
	const tasks = new Map(
		given.filter((task) => !isFinished(task.status) || isStuck(task)).map((task) => [task.task_id, task]),
	);
	const dependants = new Map<string, string[]>();
	for (const { task_id: id, dependencies } of tasks.values()) {
		for (const dependency of dependencies) {
			addTo(dependants, dependency, id);
		}
	}
	const order = inOrder(tasks, dependants);
	const told = order.flatMap(({ estimate }) => estimate ?? []).sort((left, right) => left - right);
	const usual = told[Math.floor(told.length / 2)] ?? 1;
	const open = order.filter(({ status }) => !isFinished(status));
	const critical = heaviest(
		open,
		({ estimate }) => estimate ?? usual,
		() => true,
	);
	const blocked = heaviest(order, () => 1, isStuck);
	return {
		critical,
		minutes: told.length === 0 ? null : critical.reduce((sum, id) => sum + (tasks.get(id)?.estimate ?? usual), 0),
		// One task that waits for a person is no chain.
		blocked: blocked.length > 1 ? blocked : [],
	};
}
