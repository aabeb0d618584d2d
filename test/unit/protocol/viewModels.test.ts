// Owns the proof of what the dashboard is sent: figures, cards, what waits for the person, and that foreign text is harmless.

import { strict as assert } from 'node:assert';
import type { SwarmMode } from '../../../src/core/swarmFacts.ts';
import type { LedgerEvent } from '../../../src/core/events.ts';
import type { SwarmSnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { emptySnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { taskStatuses } from '../../../src/core/task/taskStatus.ts';
import type { DashboardModel } from '../../../src/protocol/viewModels.ts';
import { attentionTasks, statusLabels, toDashboardModel } from '../../../src/protocol/viewModels.ts';
import { buildDashboardFacts } from '../../support/dashboardFacts.ts';
import { buildShownAgent, buildSnapshot } from '../../support/snapshotBuilder.ts';
import { buildRun, buildTask } from '../../support/swarmBuilders.ts';

function modelOf(snapshot: SwarmSnapshot): DashboardModel {
	return toDashboardModel(buildDashboardFacts(snapshot));
}

function buildEvent(sequence: number, fields: Partial<LedgerEvent> = {}): LedgerEvent {
	return {
		sequence,
		at: '2026-01-01T00:00:00.000Z',
		actor: 'host:host-1',
		type: 'task.moved',
		message: 'moved',
		...fields,
	};
}

describe('toDashboardModel', () => {
	it('has every status once, in the order of the table, with its count', () => {
		const model = modelOf(buildSnapshot([buildTask('A'), buildTask('B'), buildTask('C', { status: 'COMPLETED' })]));
		assert.deepEqual(
			model.counts.map(({ status }) => status),
			[...Object.keys(statusLabels)],
		);
		assert.deepEqual([...model.counts.map(({ status }) => status)].toSorted(), [...taskStatuses].toSorted());
		assert.deepEqual(
			model.counts.filter(({ count }) => count > 0).map(({ label, count }) => [label, count]),
			[
				['Ready', 2],
				['Completed', 1],
			],
		);
		assert.equal(model.total, 3);
	});

	it('shows an agent with what it does, on which task, since when', () => {
		const run = buildRun('run-1', { task_id: 'A', state: 'validating', opened_at: '2026-01-01T00:01:00.000Z' });
		const snapshot = buildSnapshot([buildTask('A', { name: 'Write the parser', status: 'VALIDATING' })], {
			agents: [
				buildShownAgent('Agent-1', [run]),
				buildShownAgent('Agent-2'),
				buildShownAgent('Agent-3', [], 'disabled'),
			],
		});
		assert.deepEqual(
			modelOf(snapshot).agents.map(({ id, activity, taskName, runId, since }) => ({
				id,
				activity,
				taskName,
				runId,
				since,
			})),
			[
				{
					id: 'Agent-1',
					activity: 'validating',
					taskName: 'Write the parser',
					runId: 'run-1',
					since: Date.parse('2026-01-01T00:01:00.000Z'),
				},
				{ id: 'Agent-2', activity: 'idle', taskName: null, runId: null, since: null },
				{ id: 'Agent-3', activity: 'disabled', taskName: null, runId: null, since: null },
			],
		);
	});

	it('puts reviews before blocked tasks before failed ones, each with its reason', () => {
		const tasks = [
			buildTask('F', { status: 'FAILED' }),
			buildTask('B', { status: 'BLOCKED', block_reason: { kind: 'needs_input', text: 'which server?' } }),
			buildTask('R', { status: 'REVIEW', claimed_by: 'Agent-1' }),
		];
		const events = [buildEvent(9, { task_id: 'F', message: 'fail: IN_PROGRESS → FAILED (exit code 2)' })];
		assert.deepEqual(
			modelOf(buildSnapshot(tasks, { events })).attention.map(({ kind, taskId, by, detail }) => [
				kind,
				taskId,
				by,
				detail,
			]),
			[
				['review', 'R', 'Agent-1', ''],
				['blocked', 'B', null, 'which server?'],
				['failed', 'F', null, 'fail: IN_PROGRESS → FAILED (exit code 2)'],
			],
		);
	});

	it('asks for nothing in boards that are not ours', () => {
		const snapshot = buildSnapshot([buildTask('F', { status: 'FAILED' })], { workspace: 'foreign' });
		assert.deepEqual([modelOf(snapshot).attention, modelOf(snapshot).attentionTotal], [[], 0]);
	});

	it('names all that needs the person, also what it does not show', () => {
		const tasks = Array.from({ length: 300 }, (_each, index) => buildTask(`T${index}`, { status: 'FAILED' }));
		const snapshot = buildSnapshot([...tasks, buildTask('done', { status: 'COMPLETED' })]);
		assert.deepEqual(
			attentionTasks(snapshot),
			tasks.map(({ task }) => task.task_id),
		);
	});

	it('cuts long lists and says how many there are', () => {
		const tasks = Array.from({ length: 300 }, (_each, index) => buildTask(`T${index}`, { status: 'FAILED' }));
		const events = Array.from({ length: 100 }, (_each, index) => buildEvent(100 - index));
		const model = modelOf(buildSnapshot(tasks, { events }));
		assert.deepEqual([model.attention.length, model.attentionTotal, model.events.length], [20, 300, 30]);
		assert.ok(JSON.stringify(model).length < 30_000);
	});

	it('shows escape sequences, control characters and a megabyte of prose as short harmless text', () => {
		const name = `\u001b[31mred\u001b[0m\u0007 <img src=x onerror=alert(1)> ${'x'.repeat(1_000_000)}`;
		const model = modelOf(
			buildSnapshot([buildTask('A', { name, status: 'REVIEW' })], {
				events: [buildEvent(1, { message: name, actor: 'human:\u202eeve' })],
				agents: [buildShownAgent('Agent-1', [buildRun('run-1', { task_id: 'A' })])],
			}),
		);
		for (const text of [model.attention[0]?.name, model.events[0]?.text, model.agents[0]?.taskName]) {
			assert.match(text ?? '', /^red. <img src=x onerror=alert\(1\)> x+…$/u);
			assert.ok((text ?? '').length <= 240);
		}
		assert.equal(model.events[0]?.actor, '\uFFFDeve');
	});

	it('leaves out what merely repeats another line, and what is no trouble', () => {
		const events = [
			buildEvent(3, { task_id: 'A', message: 'A waits for B', actor: 'system:editor:window-1' }),
			buildEvent(2, { type: 'run.changed', message: 'run-1: working' }),
			buildEvent(1, { actor: 'agent:Agent-3' }),
		];
		const problem = {
			file: 'runtime/x/task_backlog.json',
			line: 7,
			column: 1,
			advice: '',
			code: 'task.badField',
		} as const;
		const model = modelOf(
			buildSnapshot([], {
				events,
				problems: [
					{ ...problem, severity: 'information', message: 'waits' },
					{ ...problem, severity: 'warning', message: 'wrong' },
				],
			}),
		);
		assert.deepEqual(
			model.events.map(({ actor, text }) => `${actor}: ${text}`),
			['editor: waits for B', 'Agent-3: moved'],
		);
		assert.deepEqual(
			[model.problems, model.problemTotal],
			[[{ severity: 'warning', place: 'task_backlog.json:7', message: 'wrong' }], 1],
		);
	});

	it('tells a swarm that should run from one that does', () => {
		const swarmOf = (shouldRun: boolean, isHostAlive: boolean, mode: SwarmMode = 'work') =>
			modelOf(buildSnapshot([], { swarm: { shouldRun, isHostAlive, mode } })).swarm;
		assert.deepEqual(
			[swarmOf(false, false), swarmOf(true, false), swarmOf(true, true)],
			['stopped', 'starting', 'running'],
		);
		assert.deepEqual(
			[swarmOf(true, true, 'pause'), swarmOf(true, true, 'drain'), swarmOf(false, true, 'pause')],
			['paused', 'draining', 'stopped'],
		);
	});

	it('gives equal models for equal pictures, whatever their version', () => {
		const tasks = [buildTask('A')];
		assert.deepEqual(modelOf(buildSnapshot(tasks)), modelOf(buildSnapshot(tasks, { version: 99 })));
		assert.equal(modelOf(emptySnapshot).total, 0);
	});
});
