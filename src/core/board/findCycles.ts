// Owns finding tasks that wait for each other in a circle. Walks without recursion, so that a chain of any length is safe.

import type { Task } from '../task/task.ts';

type Waiting = Pick<Task, 'task_id'> & { readonly dependencies: readonly string[] };

/** Every circle once, as ids in the order of waiting, starting with the first task of the list that is part of it. */
export function findCycles(tasks: readonly Waiting[]): string[][] {
	const dependencies = new Map(tasks.map((task) => [task.task_id, task.dependencies]));
	const finished = new Set<string>();
	const cycles: string[][] = [];
	for (const { task_id } of tasks) {
		if (finished.has(task_id)) {
			continue;
		}
		const path: string[] = [task_id];
		const place = new Map([[task_id, 0]]);
		const next: number[] = [0];
		while (path.length > 0) {
			const id = path.at(-1) ?? '';
			const index = next.at(-1) ?? 0;
			const dependency = dependencies.get(id)?.[index];
			if (dependency === undefined) {
				finished.add(id);
				place.delete(id);
				path.pop();
				next.pop();
				continue;
			}
			next[next.length - 1] = index + 1;
			const start = place.get(dependency);
			if (start !== undefined) {
				cycles.push(path.slice(start));
			} else if (!finished.has(dependency) && dependencies.has(dependency)) {
				place.set(dependency, path.length);
				path.push(dependency);
				next.push(0);
			}
		}
	}
	return cycles;
}

/** The shortest circle through one task, in the order of waiting and with the task at both ends; undefined when there is none. */
export function cycleThrough(start: string, tasks: Iterable<Waiting>): string[] | undefined {
	const dependencies = new Map<string, readonly string[]>();
	for (const task of tasks) {
		dependencies.set(task.task_id, task.dependencies);
	}
	const cameFrom = new Map<string, string>();
	const queue = [start];
	for (let index = 0; index < queue.length && !cameFrom.has(start); index++) {
		const id = queue[index] ?? '';
		for (const next of dependencies.get(id) ?? []) {
			if (!cameFrom.has(next)) {
				cameFrom.set(next, id);
				queue.push(next);
			}
		}
	}
	if (!cameFrom.has(start)) {
		return undefined;
	}
	const way = [start];
	for (let id = cameFrom.get(start); id !== undefined && id !== start; id = cameFrom.get(id)) {
		way.push(id);
	}
	return [...way, start].reverse();
}
