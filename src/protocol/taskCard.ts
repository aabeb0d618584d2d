// Owns what board and graph show of a task, as plain values: foreign text made harmless and cut to what a card can hold.

import { displayLine } from '../base/text.ts';
import type { ShownTask } from '../core/swarm/swarmSnapshot.ts';
import type { TaskPriority } from '../core/task/taskPriority.ts';
import type { TaskStatus } from '../core/task/taskStatus.ts';

export interface TaskCard {
	/** Names it among all tasks of the picture. */
	readonly id: string;
	readonly name: string;
	readonly status: TaskStatus;
	readonly priority: TaskPriority;
	readonly type: string;
	/** Who holds it, or who alone may take it. */
	readonly agent: string | null;
	readonly parent: string | null;
	readonly dependencies: readonly string[];
	readonly tags: readonly string[];
	/** Why it is blocked. */
	readonly reason: string;
	/** Place among what a person put first; null for most tasks. */
	readonly pin: number | null;
	readonly position: number;
	/** Wall time in milliseconds of the last change; null before the first. */
	readonly changedAt: number | null;
}

/** The most urgent first. */
export const cardPriorities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const satisfies readonly TaskPriority[];

const mostTags = 5;

export function toTaskCard(id: string, { task, position }: ShownTask): TaskCard {
	return {
		id,
		name: displayLine(task.name, 160) || displayLine(task.task_id, 80),
		status: task.status,
		priority: task.priority,
		type: displayLine(task.task_type, 40),
		agent: task.claimed_by ?? task.assigned_agent,
		parent: task.parent,
		dependencies: task.dependencies,
		tags: task.tags.slice(0, mostTags).map((tag) => displayLine(tag, 40)),
		reason: displayLine(task.block_reason?.text ?? '', 200),
		pin: task.pinned,
		position,
		changedAt: task.updated_at === null ? null : Date.parse(task.updated_at),
	};
}
