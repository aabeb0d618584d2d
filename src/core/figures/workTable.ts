// Owns how work went by who did it and by its type: what came of it, how long runs took, what they cost. Pure.

import { groupBy } from '../../base/groups.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun } from '../run/run.ts';
import type { Task } from '../task/task.ts';
import { quantile } from './figure.ts';
import { readSpending, sumTold } from './spending.ts';
import { trustOf } from './trust.ts';

export interface WorkRow {
	readonly key: string;
	readonly label: string;
	/** Tasks that were over. */
	readonly taskIds: readonly string[];
	readonly completed: number;
	readonly failed: number;
	/** Share of runs that ended with a completed task, 0 to 1; null without a run that ended either way. */
	readonly success: number | null;
	/** Share of those tasks that took more than one attempt, 0 to 1; null without any. */
	readonly rework: number | null;
	readonly runs: number;
	/** Share of those runs in which something was done about drift, 0 to 1; null without any. */
	readonly drift: number | null;
	/** Median length of a run in milliseconds. */
	readonly runTime: number | null;
	/** Of checked runs, the share in which no claim was contradicted, 0 to 1; null where none was checked. */
	readonly trust: number | null;
	readonly tokens: number | null;
	readonly cost: number | null;
}

export interface WorkParts {
	/** Tasks that were over in the period. */
	readonly over: readonly Task[];
	/** Runs that were opened in it. */
	readonly runs: readonly Run[];
}

/** Whether its agent had to be called back to its task. */
const hasDrifted = ({ drift }: Pick<Run, 'drift'>): boolean => drift !== null && drift.step !== null;

function row(key: string, label: string, tasks: readonly Task[], runs: readonly Run[]): WorkRow {
	const ended = runs.filter(({ state }) => !isOpenRun(state));
	const good = ended.filter(({ state }) => state === 'completed').length;
	const bad = ended.filter(({ state }) => state === 'failed' || state === 'lost' || state === 'blocked').length;
	const lengths = ended.flatMap(({ opened_at: from, closed_at: to }) =>
		to === null ? [] : [Date.parse(to) - Date.parse(from)],
	);
	const spent = tasks.map(readSpending);
	return {
		key,
		label,
		taskIds: tasks.map(({ task_id: id }) => id),
		completed: tasks.filter(({ status }) => status === 'COMPLETED').length,
		failed: tasks.filter(({ status }) => status === 'FAILED').length,
		success: good + bad === 0 ? null : good / (good + bad),
		rework: tasks.length === 0 ? null : tasks.filter(({ attempts }) => attempts > 1).length / tasks.length,
		runs: runs.length,
		drift: runs.length === 0 ? null : runs.filter((run) => hasDrifted(run)).length / runs.length,
		runTime: quantile(lengths, 0.5) ?? null,
		trust: trustOf(runs).share,
		tokens: sumTold(spent.map(({ tokens }) => tokens)) ?? null,
		cost: sumTold(spent.map(({ cost }) => cost)) ?? null,
	};
}

/** The busiest first. */
const byWork = (left: WorkRow, right: WorkRow): number =>
	right.completed + right.failed - left.completed - left.failed || right.runs - left.runs;

export function agentRows({ over, runs }: WorkParts): WorkRow[] {
	const tasks = groupBy(over, (task) => task.claimed_by ?? task.completed_by ?? '');
	const byWorker = groupBy(runs, ({ worker }) => worker);
	return [...new Set([...tasks.keys(), ...byWorker.keys()])]
		.filter((name) => name !== '')
		.map((name) => row(`agent ${name}`, name, tasks.get(name) ?? [], byWorker.get(name) ?? []))
		.sort(byWork);
}

export function typeRows({ over, runs }: WorkParts, all: readonly Task[]): WorkRow[] {
	const typeOf = new Map(all.map((task) => [task.task_id, task.task_type]));
	const tasks = groupBy(over, ({ task_type: type }) => type);
	const byType = groupBy(runs, ({ task_id: id }) => typeOf.get(id) ?? '');
	return [...new Set([...tasks.keys(), ...byType.keys()])]
		.filter((name) => name !== '')
		.map((name) => row(`type ${name}`, name, tasks.get(name) ?? [], byType.get(name) ?? []))
		.sort(byWork);
}
