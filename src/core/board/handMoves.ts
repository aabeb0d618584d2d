// Owns which moves a hand edit of a status stands for. A person who writes IN_PROGRESS on a ready task claims and starts it.

import type { MoveName, TaskStatus } from '../task/taskStatus.ts';
import { moveBetween } from '../task/taskStatus.ts';

/** Where one move of the table does not lead there, but a person plainly means these. Everything else is refused. */
const detours: Partial<Record<TaskStatus, Partial<Record<TaskStatus, readonly MoveName[]>>>> = {
	PENDING: { IN_PROGRESS: ['claim', 'start'], COMPLETED: ['claim', 'complete'], FAILED: ['claim', 'fail'] },
	READY: { IN_PROGRESS: ['claim', 'start'], COMPLETED: ['claim', 'complete'], FAILED: ['claim', 'fail'] },
	BLOCKED: {
		CLAIMED: ['unblock', 'claim'],
		IN_PROGRESS: ['unblock', 'claim', 'start'],
		COMPLETED: ['unblock', 'claim', 'complete'],
		FAILED: ['unblock', 'claim', 'fail'],
	},
	CLAIMED: { VALIDATING: ['start', 'validate'], REVIEW: ['start', 'validate', 'review'] },
	IN_PROGRESS: { REVIEW: ['validate', 'review'] },
};

/** Moves from one status to another as an edit of a board file may make them; undefined when it may not. */
export function handMoves(from: TaskStatus, to: TaskStatus): readonly MoveName[] | undefined {
	const direct = moveBetween(from, to);
	return direct === undefined ? detours[from]?.[to] : [direct];
}

/** Statuses an edit of a board file may give a task. */
export function handTargets(from: TaskStatus, all: readonly TaskStatus[]): TaskStatus[] {
	return all.filter((to) => to !== from && handMoves(from, to) !== undefined);
}
