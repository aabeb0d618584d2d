// Owns how agents did lately, by type of work and by task: a few counts from their last runs. Runs that were stopped, handed on or lost
// with their host say nothing about an agent. Pure.

import type { RunState } from '../run/run.ts';

/** One run that is over, and the little the record needs of it. */
export interface RunOutcome {
	readonly worker: string;
	readonly task_id: string;
	/** Empty where the task is gone. */
	readonly task_type: string;
	readonly state: RunState;
}

/** Runs of each agent that count. */
export const recordedRuns = 50;

export interface WorkRecord {
	readonly completed: number;
	readonly ended: number;
}

export interface WorkRecords {
	/** How an agent did at a type of work. */
	at(worker: string, type: string): WorkRecord;
	/** Whether an agent failed at a task, and did not complete it since. */
	hasFailed(worker: string, taskId: string): boolean;
}

const nothing: WorkRecord = { completed: 0, ended: 0 };
const key = (worker: string, what: string) => JSON.stringify([worker, what]);

export const noRecords: WorkRecords = { at: () => nothing, hasFailed: () => false };

export function countOutcomes(outcomes: readonly RunOutcome[]): WorkRecords {
	const types = new Map<string, WorkRecord>();
	const failures = new Set<string>();
	for (const { worker, task_id, task_type, state } of outcomes) {
		if (state !== 'completed' && state !== 'failed') {
			continue;
		}
		const { completed, ended } = types.get(key(worker, task_type)) ?? nothing;
		types.set(key(worker, task_type), { completed: completed + (state === 'completed' ? 1 : 0), ended: ended + 1 });
		if (state === 'failed') {
			failures.add(key(worker, task_id));
		}
	}
	return {
		at: (worker, type) => types.get(key(worker, type)) ?? nothing,
		hasFailed: (worker, taskId) => failures.has(key(worker, taskId)),
	};
}
