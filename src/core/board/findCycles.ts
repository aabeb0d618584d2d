// Owns finding tasks that wait for each other in a circle. Walks without recursion, so that a chain of any length is safe.

import type { Task } from '../task/task.ts';

type Waiting = Pick<Task, 'task_id' | 'dependencies'>;

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
