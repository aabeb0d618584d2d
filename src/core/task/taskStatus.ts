// Owns the statuses and the one table of allowed moves, as data. Nothing else may say what follows what.

import type { RunState } from '../run/run.ts';

export const taskStatuses = [
	'PENDING',
	'READY',
	'CLAIMED',
	'IN_PROGRESS',
	'VALIDATING',
	'REVIEW',
	'COMPLETED',
	'BLOCKED',
	'FAILED',
	'CANCELLED',
] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const boardNames = ['task_backlog', 'task_ready_queue', 'working_tasks', 'completed_tasks'] as const;
export type BoardName = (typeof boardNames)[number];

/** The board a task is on follows from its status. */
export const boardOfStatus: Readonly<Record<TaskStatus, BoardName>> = {
	PENDING: 'task_backlog',
	READY: 'task_ready_queue',
	CLAIMED: 'working_tasks',
	IN_PROGRESS: 'working_tasks',
	VALIDATING: 'working_tasks',
	REVIEW: 'working_tasks',
	BLOCKED: 'working_tasks',
	COMPLETED: 'completed_tasks',
	FAILED: 'completed_tasks',
	CANCELLED: 'completed_tasks',
};

export interface MoveRule {
	readonly title: string;
	/** How the move is said of a task, {} in its place, where the task does not stand behind the title. */
	readonly sentence?: string;
	readonly from: readonly TaskStatus[];
	/** `queue` means READY when every dependency is completed, else PENDING. */
	readonly to: TaskStatus | 'queue';
	/** Opens a run (a claim), needs the run to go on (`holds`), ends it, or has nothing to do with one. */
	readonly run: 'opens' | 'holds' | 'ends' | 'none';
	/** What the run becomes. */
	readonly runState?: RunState;
	/** Every dependency must be completed first. */
	readonly needsDependencies?: true;
	/** A step of the loop; people are not offered it. */
	readonly isInternal?: true;
	/** The move says why; a reason is required. */
	readonly needsReason?: true;
}

const held = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'] as const;

export const moveRules = {
	ready: {
		title: 'make ready',
		sentence: 'make {} ready',
		from: ['PENDING'],
		to: 'READY',
		run: 'none',
		needsDependencies: true,
	},
	shelve: {
		title: 'move back to the backlog',
		sentence: 'move {} back to the backlog',
		from: ['READY'],
		to: 'PENDING',
		run: 'none',
	},
	claim: {
		title: 'claim',
		from: ['READY', 'PENDING'],
		to: 'CLAIMED',
		run: 'opens',
		runState: 'claimed',
		needsDependencies: true,
	},
	start: { title: 'start', from: ['CLAIMED'], to: 'IN_PROGRESS', run: 'holds', runState: 'working' },
	validate: {
		title: 'validate',
		isInternal: true,
		from: ['IN_PROGRESS'],
		to: 'VALIDATING',
		run: 'holds',
		runState: 'validating',
	},
	rework: {
		title: 'send back',
		sentence: 'send {} back',
		isInternal: true,
		from: ['VALIDATING', 'REVIEW'],
		to: 'IN_PROGRESS',
		run: 'holds',
		runState: 'working',
		needsReason: true,
	},
	review: {
		title: 'put up for review',
		sentence: 'put {} up for review',
		isInternal: true,
		from: ['VALIDATING'],
		to: 'REVIEW',
		run: 'holds',
		runState: 'review',
	},
	complete: {
		title: 'complete',
		from: ['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'],
		to: 'COMPLETED',
		run: 'ends',
		runState: 'completed',
	},
	block: {
		title: 'block',
		from: ['PENDING', 'READY', ...held],
		to: 'BLOCKED',
		run: 'ends',
		runState: 'blocked',
		needsReason: true,
	},
	unblock: { title: 'unblock', from: ['BLOCKED'], to: 'queue', run: 'none' },
	fail: { title: 'fail', from: held, to: 'FAILED', run: 'ends', runState: 'failed', needsReason: true },
	cancel: {
		title: 'cancel',
		from: ['PENDING', 'READY', ...held, 'BLOCKED'],
		to: 'CANCELLED',
		run: 'ends',
		runState: 'cancelled',
	},
	release: { title: 'release', from: held, to: 'queue', run: 'ends', runState: 'released' },
	retry: { title: 'retry', from: ['FAILED', 'CANCELLED'], to: 'queue', run: 'none' },
	reopen: { title: 'reopen', from: ['COMPLETED'], to: 'queue', run: 'none', needsReason: true },
} as const satisfies Record<string, MoveRule>;

export type MoveName = keyof typeof moveRules;

/** Moves by which somebody says: try this again. What failed before does not count any more. */
export const freshStarts: readonly MoveName[] = ['retry', 'unblock', 'reopen'];

export function moveRule(name: MoveName): MoveRule {
	return moveRules[name];
}

/** The move with what it moves: `make TASK-1 ready`, `claim it`. */
export function sayMove(name: MoveName, what: string): string {
	const { title, sentence = `${title} {}` } = moveRule(name);
	return sentence.replace('{}', () => what);
}

/** Moves that a task in this status allows, in the order of the table. */
export function movesFrom(status: TaskStatus): MoveName[] {
	return (Object.keys(moveRules) as MoveName[]).filter((name) => moveRule(name).from.includes(status));
}

/** The move that leads from one status to another, if the table has one; used for hand edits of a status. */
export function moveBetween(from: TaskStatus, to: TaskStatus): MoveName | undefined {
	return (Object.keys(moveRules) as MoveName[]).find((name) => {
		const rule = moveRule(name);
		const target = rule.to === 'queue' ? (['READY', 'PENDING'] as const) : [rule.to];
		return rule.from.includes(from) && (target as readonly TaskStatus[]).includes(to);
	});
}

export const isFinished = (status: TaskStatus): boolean => boardOfStatus[status] === 'completed_tasks';

/** The further along, the more likely it was written last: among records under one id, the first in this order counts. */
export const furthestFirst: readonly TaskStatus[] = [
	'COMPLETED',
	'FAILED',
	'CANCELLED',
	'REVIEW',
	'VALIDATING',
	'IN_PROGRESS',
	'CLAIMED',
	'BLOCKED',
	'READY',
	'PENDING',
];
