// Owns the order of the ready queue and the sentence that says why a task waits. Both come from the same code.

import type { Agent } from '../agent/agent.ts';
import type { StoredTask, Task } from './task.ts';
import { taskPriorities } from './task.ts';

/** Number of tasks that wait, directly or through others, on each task. Cycles are walked once. */
export function countWaiting(tasks: readonly Task[]): Map<string, number> {
	const dependants = new Map<string, string[]>();
	for (const task of tasks) {
		for (const dependency of task.dependencies) {
			const list = dependants.get(dependency) ?? [];
			list.push(task.task_id);
			dependants.set(dependency, list);
		}
	}
	const counts = new Map<string, number>();
	for (const { task_id } of tasks) {
		const seen = new Set<string>();
		const queue = [...(dependants.get(task_id) ?? [])];
		for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
			if (id !== task_id && !seen.has(id)) {
				seen.add(id);
				queue.push(...(dependants.get(id) ?? []));
			}
		}
		counts.set(task_id, seen.size);
	}
	return counts;
}

/** Total order: priority, then how many tasks wait on it, then age (place on its board), then id. */
export function orderTasks(ready: readonly StoredTask[], waiting: ReadonlyMap<string, number>): StoredTask[] {
	return [...ready].sort(
		(left, right) =>
			taskPriorities.indexOf(left.task.priority) - taskPriorities.indexOf(right.task.priority) ||
			(waiting.get(right.task.task_id) ?? 0) - (waiting.get(left.task.task_id) ?? 0) ||
			left.position - right.position ||
			(left.task.task_id < right.task.task_id ? -1 : 1),
	);
}

/** Why this agent may not take this task, apart from what its driver says; undefined when it may. */
export function agentRefusal(agent: Agent, task: Task): string | undefined {
	if (!agent.enabled) {
		return `${agent.id} is disabled`;
	}
	if (task.assigned_agent !== null && task.assigned_agent !== '' && task.assigned_agent !== agent.id) {
		return `it is assigned to ${task.assigned_agent}`;
	}
	const missing = task.required_capabilities.filter((capability) => !agent.capabilities.includes(capability));
	return missing.length === 0 ? undefined : `${agent.id} lacks ${missing.join(', ')}`;
}
