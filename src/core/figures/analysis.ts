// Owns the analysis of a period: every figure of the dashboard's analytics, made from tasks and runs. Pure; it can be written as
// rows of a table, and tells the tasks behind any of its figures.

import type { Run } from '../run/run.ts';
import type { LedgerEvent } from '../events.ts';
import type { Task } from '../task/task.ts';
import type { Autonomy } from './autonomy.ts';
import { autonomy } from './autonomy.ts';
import type { Figure } from './figure.ts';
import { quantile } from './figure.ts';
import type { Period, ThroughputBucket } from './throughput.ts';
import { cycleTime, leadTime, overIn, throughput } from './throughput.ts';
import type { StatusWait } from './waiting.ts';
import { ageFigures, blockedFigures, statusWaits } from './waiting.ts';
import type { WorkRow } from './workTable.ts';
import { agentRows, typeRows } from './workTable.ts';

export interface TimeFigure {
	/** In milliseconds; null where nobody wrote down the times. */
	readonly median: number | null;
	/** Nine of ten took less. */
	readonly p90: number | null;
	/** Tasks whose times these are, the slowest first. */
	readonly taskIds: readonly string[];
	/** Those of them that took as long as nine of ten, or longer. */
	readonly slowIds: readonly string[];
}

export interface Analysis {
	readonly period: Period;
	readonly completed: Figure;
	readonly failed: Figure;
	/** From the beginning of work to its end. */
	readonly cycle: TimeFigure;
	/** From the making of a task to its end. */
	readonly lead: TimeFigure;
	/** How well the swarm got on alone. */
	readonly autonomy: Autonomy;
	readonly throughput: readonly ThroughputBucket[];
	readonly ages: readonly Figure[];
	readonly blocked: readonly Figure[];
	/** The longest wait first: the first is the bottleneck. */
	readonly waits: readonly StatusWait[];
	readonly agents: readonly WorkRow[];
	readonly types: readonly WorkRow[];
}

export interface AnalysisParts {
	readonly tasks: readonly Task[];
	readonly runs: readonly Run[];
	/** Of `autonomyTypes`, oldest first. */
	readonly events: readonly LedgerEvent[];
	readonly period: Period;
	/** How many milliseconds local time is behind UTC. */
	readonly offset: number;
}

/** Median and ninth tenth of a time of tasks; those without one are left out. */
export function timesOf(tasks: readonly Task[], timeOf: (task: Task) => number | undefined): TimeFigure {
	const timed = tasks
		.flatMap((task) => {
			const time = timeOf(task);
			return time === undefined ? [] : [{ id: task.task_id, time }];
		})
		.sort((left, right) => right.time - left.time);
	const times = timed.map(({ time }) => time);
	const p90 = quantile(times, 0.9);
	return {
		median: quantile(times, 0.5) ?? null,
		p90: p90 ?? null,
		taskIds: timed.map(({ id }) => id),
		slowIds: timed.filter(({ time }) => p90 !== undefined && time >= p90).map(({ id }) => id),
	};
}

export function analyse({ tasks, runs, events, period, offset }: AnalysisParts): Analysis {
	const over = overIn(tasks, period);
	const inPeriod = runs.filter(({ opened_at: at }) => {
		const time = Date.parse(at);
		return time >= period.from && time <= period.to;
	});
	const of = (status: 'COMPLETED' | 'FAILED') => over.filter((task) => task.status === status);
	const total = (key: string, label: string, counted: readonly Task[]): Figure => ({
		key,
		label,
		value: counted.length,
		taskIds: counted.map(({ task_id: id }) => id),
	});
	const work = { over, runs: inPeriod };
	return {
		period,
		completed: total('completed', 'Completed', of('COMPLETED')),
		failed: total('failed', 'Failed', of('FAILED')),
		cycle: timesOf(of('COMPLETED'), cycleTime),
		lead: timesOf(of('COMPLETED'), leadTime),
		autonomy: autonomy(events, period),
		throughput: throughput(over, period, offset),
		ages: ageFigures(tasks, period.to),
		blocked: blockedFigures(tasks),
		waits: statusWaits(tasks, period.to),
		agents: agentRows(work),
		types: typeRows(work, tasks),
	};
}

/** The figure with a key, or what stands for one. */
export function findFigure(analysis: Analysis, key: string): Pick<Figure, 'label' | 'taskIds'> | undefined {
	const { completed, failed, cycle, lead, throughput: buckets, ages, blocked, waits, agents, types } = analysis;
	const { recovered, unaided } = analysis.autonomy;
	return [
		completed,
		failed,
		{ key: 'cycle', label: 'with a cycle time', taskIds: cycle.taskIds },
		{ key: 'cycle slow', label: 'the slowest tenth', taskIds: cycle.slowIds },
		{ key: 'lead', label: 'with a lead time', taskIds: lead.taskIds },
		recovered,
		unaided,
		...buckets.flatMap((bucket) => [bucket.completed, bucket.failed]),
		...ages,
		...blocked,
		...waits,
		...agents,
		...types,
	].find((figure) => figure.key === key);
}

/** The analysis as rows: what it is about, which part, which figure, its value. Times in seconds. */
export function analysisRows(analysis: Analysis): string[][] {
	const { period, completed, failed, cycle, lead, autonomy: alone } = analysis;
	const seconds = (time: number | null): string => (time === null ? '' : String(Math.round(time / 1000)));
	const number = (value: number | null): string => (value === null ? '' : String(value));
	const time = (at: number): string => new Date(at).toISOString();
	const work = (kind: string, rows: readonly WorkRow[]) =>
		rows.flatMap((row) => [
			[kind, row.label, 'completed', String(row.completed)],
			[kind, row.label, 'failed', String(row.failed)],
			[kind, row.label, 'runs', String(row.runs)],
			[kind, row.label, 'success', number(row.success)],
			[kind, row.label, 'trust', number(row.trust)],
			[kind, row.label, 'rework', number(row.rework)],
			[kind, row.label, 'drift', number(row.drift)],
			[kind, row.label, 'median run, seconds', seconds(row.runTime)],
			[kind, row.label, 'tokens', number(row.tokens)],
			[kind, row.label, 'cost', number(row.cost)],
		]);
	return [
		['about', 'part', 'figure', 'value'],
		['period', '', 'from', time(period.from)],
		['period', '', 'to', time(period.to)],
		['all', '', 'completed', String(completed.value)],
		['all', '', 'failed', String(failed.value)],
		['all', '', 'cycle time, median seconds', seconds(cycle.median)],
		['all', '', 'cycle time, 90 % below seconds', seconds(cycle.p90)],
		['all', '', 'lead time, median seconds', seconds(lead.median)],
		['all', '', 'lead time, 90 % below seconds', seconds(lead.p90)],
		['alone', '', 'time at work, seconds', seconds(alone.atWork)],
		['alone', '', 'longest work without a person, seconds', seconds(alone.longestAlone)],
		['alone', '', 'interventions', String(alone.interventions)],
		['alone', '', 'recovered by itself', String(alone.recovered.value)],
		['alone', '', 'recovered by itself, share', number(alone.recovered.share)],
		['alone', '', 'completed without a person', String(alone.unaided.value)],
		['alone', '', 'completed without a person, share', number(alone.unaided.share)],
		['alone', '', 'drift', String(alone.drift.count)],
		['alone', '', 'drift an hour at work', number(alone.drift.perHour)],
		['alone', '', 'restarts', String(alone.restarts.count)],
		['alone', '', 'restarts an hour at work', number(alone.restarts.perHour)],
		...analysis.throughput.flatMap((bucket) => [
			['throughput', time(bucket.at), 'completed', String(bucket.completed.value)],
			['throughput', time(bucket.at), 'failed', String(bucket.failed.value)],
		]),
		...analysis.ages.map(({ label, value }) => ['age', label, 'tasks', String(value)]),
		...analysis.blocked.map(({ label, value }) => ['blocked', label, 'tasks', String(value)]),
		...analysis.waits.flatMap(({ label, value, median }) => [
			['status', label, 'tasks', String(value)],
			['status', label, 'median wait, seconds', seconds(median)],
		]),
		...work('agent', analysis.agents),
		...work('type', analysis.types),
	];
}
