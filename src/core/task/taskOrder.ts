// Owns the order of the ready queue and the sentence that says why a task waits. Both come from the same code.

import type { Agent } from '../agent/agent.ts';
import type { Task } from './task.ts';
import type { PlainTask } from './plainTask.ts';
import { taskPriorities } from './taskPriority.ts';

/** A task without a due time comes after all that have one. */
const never = '~';

/** Pinned tasks first, in the order of their pins. */
const pinOf = ({ task }: PlainTask): number => task.pinned ?? Number.POSITIVE_INFINITY;

/**
 * Total order: pinned by a person, priority, how many tasks wait on it, due, age (place on its board), id. Due comes before age,
 * because no two tasks have the same age: behind it, it would never count.
 */
export function orderTasks(ready: readonly PlainTask[], waiting: ReadonlyMap<string, number>): PlainTask[] {
	return [...ready].sort(
		(left, right) =>
			compare(pinOf(left), pinOf(right)) ||
			taskPriorities.indexOf(left.task.priority) - taskPriorities.indexOf(right.task.priority) ||
			(waiting.get(right.task.task_id) ?? 0) - (waiting.get(left.task.task_id) ?? 0) ||
			compare(left.task.due ?? never, right.task.due ?? never) ||
			left.position - right.position ||
			compare(left.task.task_id, right.task.task_id),
	);
}

const compare = <Value extends number | string>(left: Value, right: Value): number =>
	left === right ? 0 : left < right ? -1 : 1;

/** What put a task where it is in the order, as a phrase: `pinned, HIGH`, `HIGH, 3 tasks wait on it, due 2026-12-01`. */
export function describeOrder(task: Task, waiting: number): string {
	return [
		task.pinned === null ? '' : 'pinned',
		task.priority,
		waiting === 0 ? '' : `${waiting} ${waiting === 1 ? 'task waits' : 'tasks wait'} on it`,
		task.due === null ? '' : `due ${task.due.slice(0, 10)}`,
	]
		.filter(Boolean)
		.join(', ');
}

/** Why this agent may not take this task, apart from what its driver says; undefined when it may. */
export function agentRefusal(agent: Agent, task: Task): string | undefined {
	if (!agent.enabled) {
		return `${agent.id} is disabled`;
	}
	if (task.assigned_agent !== null && task.assigned_agent !== '' && task.assigned_agent !== agent.id) {
		return `it is assigned to ${task.assigned_agent}`;
	}
	if ([task.params['not_by']].flat().includes(agent.id)) {
		return `${agent.id} is the author of what is to be judged`;
	}
	const able = new Set([...agent.capabilities, agent.role]);
	const missing = task.required_capabilities.filter((capability) => !able.has(capability));
	return missing.length === 0 ? undefined : `${agent.id} lacks ${missing.join(', ')}`;
}
