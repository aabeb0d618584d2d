// Owns the proof of the figures of a period, each with the tasks behind it.

import { strict as assert } from 'node:assert';
import { analyse, analysisRows, findFigure } from '../../../../src/core/figures/analysis.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { buildRun, buildTask } from '../../../support/swarmBuilders.ts';

const hour = 3_600_000;
const now = Date.parse('2026-01-08T12:00:00Z');
const ago = (hours: number) => new Date(now - hours * hour).toISOString();
const task = (id: string, fields: Partial<Task>) => buildTask(id, fields).task;
const completed = (id: string, hoursAgo: number, cycle: number, fields: Partial<Task> = {}) =>
	task(id, {
		status: 'COMPLETED',
		claimed_by: 'Agent-1',
		created_at: ago(hoursAgo + cycle + 10),
		started_at: ago(hoursAgo + cycle),
		completed_at: ago(hoursAgo),
		...fields,
	});

const tasks = [
	completed('A', 1, 1, { result: { cost: 2, tokens: 10 } }),
	completed('B', 2, 3, { task_type: 'bug' }),
	completed('C', 30, 8),
	completed('old', 24 * 20, 1),
	task('F', { status: 'FAILED', claimed_by: 'Agent-2', completed_at: ago(1.5), created_at: ago(2) }),
	task('wait', { status: 'READY', created_at: ago(50), updated_at: ago(40) }),
	task('stuck', {
		status: 'BLOCKED',
		created_at: ago(24 * 40),
		updated_at: ago(300),
		block_reason: { kind: 'capability', text: 'no key' },
	}),
	task('stuck 2', { status: 'BLOCKED', created_at: ago(1), updated_at: ago(1) }),
];
const runs = [
	buildRun('1', { task_id: 'A', state: 'completed', opened_at: ago(2), closed_at: ago(1) }),
	buildRun('2', { task_id: 'B', state: 'failed', opened_at: ago(6), closed_at: ago(3) }),
	buildRun('3', { task_id: 'B', state: 'completed', opened_at: ago(5), closed_at: ago(2) }),
	buildRun('4', {
		task_id: 'wait',
		worker: 'Agent-3',
		opened_at: ago(1),
		drift: { score: 0.7, reasons: [], step: 'remind' },
	}),
	buildRun('5', { task_id: 'old', state: 'completed', opened_at: ago(24 * 20 + 1), closed_at: ago(24 * 20) }),
];
const week = analyse({ tasks, runs, events: [], period: { from: now - 7 * 24 * hour, to: now }, offset: 0 });

describe('analysis', () => {
	it('counts what was over in the period, by day or by hour, with its tasks', () => {
		assert.deepEqual([week.completed.taskIds, week.failed.taskIds], [['A', 'B', 'C'], ['F']]);
		assert.equal(week.throughput.length, 8);
		assert.deepEqual(
			week.throughput
				.slice(-2)
				.map(({ at, completed: done, failed }) => [
					new Date(at).toISOString().slice(0, 10),
					done.taskIds,
					failed.value,
				]),
			[
				['2026-01-07', ['C'], 0],
				['2026-01-08', ['A', 'B'], 1],
			],
		);
		const day = analyse({ tasks, runs, events: [], period: { from: now - 24 * hour, to: now }, offset: 0 });
		assert.equal(day.throughput.length, 25);
		const east = analyse({
			tasks,
			runs,
			events: [],
			period: { from: now - 7 * 24 * hour, to: now },
			offset: -10 * hour,
		});
		assert.deepEqual(east.throughput.at(-1)?.completed.taskIds, ['A', 'B'], 'a day begins where the person is');
	});

	it('tells how long work took, and how long a task was waited for', () => {
		const [cycle, slow] = [['C', 'B', 'A'], ['C']];
		assert.deepEqual(week.cycle, { median: 3 * hour, p90: 8 * hour, taskIds: cycle, slowIds: slow });
		assert.deepEqual(week.lead, { median: 13 * hour, p90: 18 * hour, taskIds: cycle, slowIds: slow });
		assert.deepEqual(
			['cycle', 'cycle slow', 'lead'].map((key) => findFigure(week, key)?.taskIds),
			[cycle, slow, cycle],
		);
		assert.deepEqual(analyse({ tasks: [], runs: [], events: [], period: week.period, offset: 0 }).cycle, {
			median: null,
			p90: null,
			taskIds: [],
			slowIds: [],
		});
	});

	it('tells what waits, why, and where longest', () => {
		assert.deepEqual(
			week.ages.map(({ value }) => value),
			[1, 1, 0, 0, 1],
		);
		assert.deepEqual(
			week.blocked.map(({ label, taskIds }) => [label, taskIds]),
			[
				['needs input', ['stuck 2']],
				['capability', ['stuck']],
			],
		);
		assert.deepEqual(
			week.waits.map(({ label, value, median }) => [label, value, median / hour]),
			[
				['BLOCKED', 2, 300],
				['READY', 1, 40],
			],
		);
	});

	it('tells in which share of runs something was done about drift', () => {
		assert.deepEqual(
			week.agents.map(({ label, drift }) => [label, drift]),
			[
				['Agent-1', 0],
				['Agent-2', null],
				['Agent-3', 1],
			],
		);
		assert.ok(analysisRows(week).some((row) => row.join() === 'agent,Agent-3,drift,1'));
	});

	it('compares agents and types by what came of their work', () => {
		assert.deepEqual(
			week.agents.map(({ label, completed: done, failed, runs: count, success, runTime, cost, tokens }) => [
				label,
				done,
				failed,
				count,
				success,
				runTime === null ? null : runTime / hour,
				cost,
				tokens,
			]),
			[
				['Agent-1', 3, 0, 3, 2 / 3, 3, 2, 10],
				['Agent-2', 0, 1, 0, null, null, null, null],
				['Agent-3', 0, 0, 1, null, null, null, null],
			],
		);
		assert.deepEqual(
			week.types.map(({ label, completed: done, runs: count }) => [label, done, count]),
			[
				['task', 2, 2],
				['bug', 1, 2],
			],
		);
	});

	it('finds the tasks behind every figure by its key, and writes all of it as rows', () => {
		assert.deepEqual(findFigure(week, 'blocked capability')?.taskIds, ['stuck']);
		assert.deepEqual(findFigure(week, week.throughput.at(-1)?.completed.key ?? '')?.taskIds, ['A', 'B']);
		assert.equal(findFigure(week, 'nothing'), undefined);
		const rows = analysisRows(week);
		assert.ok(rows.every((row) => row.length === 4));
		assert.deepEqual(
			rows.find(([about, part, figure]) => about === 'agent' && part === 'Agent-1' && figure === 'cost'),
			['agent', 'Agent-1', 'cost', '2'],
		);
	});
});
