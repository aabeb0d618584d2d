// Owns the proof of what rows and messages of the views say.

import { strict as assert } from 'node:assert';
import type { SwarmSnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { emptySnapshot } from '../../../src/core/swarm/swarmSnapshot.ts';
import { statusChoices, statusSummary } from '../../../src/editor/statusSummary.ts';
import { agentRow, agentTooltip, runRow, runTooltip } from '../../../src/editor/views/agentRows.ts';
import { taskRow, taskTooltip } from '../../../src/editor/views/taskRows.ts';
import type { ViewFacts } from '../../../src/editor/views/viewState.ts';
import { viewMessage, workspaceKey } from '../../../src/editor/views/viewState.ts';
import { buildShownAgent, buildSnapshot } from '../../support/snapshotBuilder.ts';
import { buildAgent, buildQuestion, buildRun, buildTask } from '../../support/swarmBuilders.ts';

describe('taskRow', () => {
	const draw = (task: ReturnType<typeof buildTask>, fields: Partial<SwarmSnapshot> = {}) => {
		const { label, description, contextValue } = taskRow(buildSnapshot([task], fields), task);
		return `${label} [${description}] ${contextValue}`;
	};

	it('names the task, and only what is not obvious from its group', () => {
		assert.equal(draw(buildTask('A')), 'do A [A] task.READY');
		assert.equal(
			draw(buildTask('A', { priority: 'HIGH', assigned_agent: 'Agent-2' })),
			'do A [A · HIGH · Agent-2] task.READY',
		);
		assert.equal(draw(buildTask('A', { status: 'FAILED', attempts: 2 })), 'do A [A · failed] task.FAILED.tried');
		assert.equal(draw(buildTask('A', { name: '' })), 'A [] task.READY');
		assert.equal(draw(buildTask('A', { pinned: 1 })), 'do A [pinned · A] task.READY.pinned');
		assert.equal(draw(buildTask('A', { pinned: 1, status: 'COMPLETED' })), 'do A [A] task.COMPLETED');
	});

	it('says who holds it, and tells menus when that is an agent', () => {
		const task = {
			...buildTask('A', { status: 'IN_PROGRESS', claimed_by: 'Agent-1', attempts: 1 }),
			run_id: 'run-1',
		};
		const agents = [buildShownAgent('Agent-1', [buildRun('run-1')])];
		assert.equal(draw(task, { agents }), 'do A [A · Agent-1] task.IN_PROGRESS.driven.tried');
		const questions = [buildQuestion('question-1', { run_id: 'run-1', task_id: 'A', title: 'npm test' })];
		assert.equal(
			draw(task, { agents, questions }),
			'do A [A · asks you · Agent-1] task.IN_PROGRESS.driven.asking.tried',
		);
		const asking = buildSnapshot([task], { agents, questions });
		const row = runRow(asking, buildRun('run-1'), 0);
		assert.deepEqual([row.description, row.contextValue], ['asks: npm test', 'run.asking']);
		assert.match(statusSummary(asking).text, /1 question/u);
		const byHand = [buildShownAgent('Agent-1', [buildRun('run-1', { host_id: null })])];
		assert.equal(draw(task, { agents: byHand }), 'do A [A · Agent-1] task.IN_PROGRESS.tried');
	});

	it('says who else changes its files', () => {
		const task = { ...buildTask('A', { status: 'IN_PROGRESS', claimed_by: 'Agent-1' }), run_id: 'run-1' };
		const runs = (...files: string[]) => [
			buildShownAgent('Agent-1', [buildRun('run-1', { task_id: 'A', worker: 'Agent-1', files: ['a.txt'] })]),
			buildShownAgent('Agent-2', [buildRun('run-2', { task_id: 'B', worker: 'Agent-2', files })]),
		];
		assert.match(draw(task, { agents: runs('a.txt') }), /\[A · Agent-1 · same files as Agent-2\]/u);
		assert.doesNotMatch(draw(task, { agents: runs('b.txt') }), /same files/u);
	});

	it('puts pinned tasks first in their group, and finished ones where they were', () => {
		const snapshot = buildSnapshot([
			buildTask('A', {}, 1),
			buildTask('B', { pinned: 2 }, 2),
			buildTask('C', { pinned: 1 }, 3),
			buildTask('D', { status: 'COMPLETED' }, 1),
			buildTask('E', { status: 'COMPLETED', pinned: 1 }, 2),
		]);
		assert.deepEqual(snapshot.boards.task_ready_queue, ['C', 'B', 'A']);
		assert.deepEqual(snapshot.boards.completed_tasks, ['D', 'E']);
	});

	it('lets nothing be done with tasks of boards that are not ours', () => {
		assert.equal(draw(buildTask('A'), { workspace: 'foreign' }), 'do A [A] foreign.READY');
	});

	it('keeps foreign text on one harmless line of bearable length', () => {
		const { label } = taskRow(
			emptySnapshot,
			buildTask('A', { name: `\u001b]8;;http://x\u0007link\u001b[0m\n\n${'long '.repeat(500)}` }),
		);
		assert.match(label, /^link long long .*…$/u);
		assert.ok(label.length <= 300);
	});
});

describe('taskTooltip', () => {
	it('says what a task waits for', () => {
		const waiting = buildTask('B', { status: 'PENDING', dependencies: ['A', 'C', 'X'], description: 'All of it.' });
		const snapshot = buildSnapshot([waiting, buildTask('A'), buildTask('C', { status: 'COMPLETED' })]);
		assert.equal(
			taskTooltip(snapshot, waiting),
			'do B\n\nB · PENDING · MEDIUM\nWaits for A (READY), X (does not exist)\n\nAll of it.',
		);
	});

	it('cuts a long description', () => {
		const task = buildTask('A', { description: 'x'.repeat(1_000_000) });
		assert.ok(taskTooltip(buildSnapshot([task]), task).length < 2000);
	});
});

describe('agentRow', () => {
	const now = Date.parse('2026-01-01T00:03:00.000Z');

	it('says what the agent does, on what, for how long', () => {
		const snapshot = buildSnapshot([buildTask('A', { name: 'Write the parser' })]);
		const draw = (shown: ReturnType<typeof buildShownAgent>) => {
			const { label, description, contextValue } = agentRow(snapshot, shown, now);
			return `${label} [${description}] ${contextValue}`;
		};
		const captain = { ...buildShownAgent('Agent-1'), agent: buildAgent('Agent-1', { name: 'Captain' }) };
		assert.equal(draw(captain), 'Agent-1 [idle · Captain] agent.idle');
		const spoken = { ...captain, agent: { ...captain.agent, driver: 'acp' as const } };
		assert.equal(draw(spoken), 'Agent-1 [idle · Captain] agent.idle.acp');
		assert.equal(
			draw(buildShownAgent('Agent-1', [buildRun('run-1')])),
			'Agent-1 [working · Write the parser · 3 min] agent.working',
		);
		const inReview = buildShownAgent('Agent-1', [buildRun('run-1', { state: 'review' })]);
		assert.equal(draw(inReview), 'Agent-1 [waits for review · Write the parser · 3 min] agent.review');
	});

	it('says in its hover what the work takes of the machine', () => {
		const resources = {
			at: '2026-01-01T00:00:00.000Z',
			memory_bytes: 300 * 1024 * 1024,
			peak_memory_bytes: 300 * 1024 * 1024,
			cpu_percent: 14,
			peak_cpu_percent: 97,
			processes: 3,
			shared_with: 1,
		};
		assert.match(
			agentTooltip(buildShownAgent('Agent-1', [buildRun('run-1', { resources })])),
			/^Uses .* MB, 14 % of a processor; .*3 processes, shared with 1 other run$/mu,
		);
		assert.doesNotMatch(agentTooltip(buildShownAgent('Agent-1', [buildRun('run-1')])), /Uses/u);
	});

	it('says of a run what changed outside of its worktree, the certain where it is always seen', () => {
		const draw = (evidence: 'named' | 'perhaps') => {
			const run = buildRun('run-1', { state: 'review', strays: [{ path: '/open/a.txt', evidence }] });
			return [runRow(emptySnapshot, run, now).description, runTooltip(emptySnapshot, run)].join('\n');
		};
		assert.match(
			draw('named'),
			/^review · wrote outside its worktree · [^]*VIOLATION: .* changed \/open\/a\.txt outside/u,
		);
		assert.doesNotMatch(draw('perhaps'), /VIOLATION|wrote outside/u);
		assert.match(
			draw('perhaps'),
			/1 file changed in the open folder during the run, perhaps by it: \/open\/a\.txt/u,
		);
	});

	it('says how a run went', () => {
		const run = buildRun('run-1', {
			state: 'failed',
			attempt: 2,
			closed_at: '2026-01-01T00:00:10.000Z',
			task_id: 'gone',
		});
		const { label, description } = runRow(emptySnapshot, run, now);
		assert.deepEqual([label, description], ['gone', 'failed · attempt 2 · 10 s']);
	});
});

describe('viewMessage', () => {
	const facts: ViewFacts = {
		kind: 'open',
		workspace: 'ours',
		isTrusted: true,
		isWritable: true,
		error: undefined,
		snapshot: buildSnapshot([buildTask('A')]),
	};

	it('is silent while all is well, and where a welcome text speaks', () => {
		assert.equal(viewMessage(facts), undefined);
		for (const kind of ['opening', 'noFolder', 'several'] as const) {
			assert.equal(viewMessage({ ...facts, kind }), undefined);
		}
		assert.equal(
			viewMessage({ ...facts, workspace: 'foreign', isTrusted: false, snapshot: emptySnapshot }),
			undefined,
		);
	});

	it('says what is in the way', () => {
		const problem = {
			code: 'board.unreadable',
			severity: 'error',
			message: '',
			file: 'a',
			line: 1,
			column: 1,
			advice: '',
		} as const;
		assert.match(viewMessage({ ...facts, workspace: 'foreign' }) ?? '', /read-only until you adopt them/u);
		assert.match(viewMessage({ ...facts, isTrusted: false }) ?? '', /not trusted/u);
		assert.match(viewMessage({ ...facts, isWritable: false }) ?? '', /read-only/u);
		assert.match(
			viewMessage({ ...facts, kind: 'failed', error: new Error('the disk is gone') }) ?? '',
			/the disk is gone/u,
		);
		assert.match(
			viewMessage({ ...facts, snapshot: buildSnapshot([], { problems: [problem] }) }) ?? '',
			/^1 problem in the boards/u,
		);
	});

	it('has a key for the welcome texts of each state', () => {
		const keys = (['opening', 'noFolder', 'virtual', 'several', 'failed', 'open'] as const).map((kind) =>
			workspaceKey({ ...facts, kind }),
		);
		assert.deepEqual(keys, ['opening', 'noFolder', 'unusable', 'none', 'unusable', 'ours']);
	});
});

describe('statusChoices', () => {
	it('offers what waits for the person first, and the swarm what it is not', () => {
		const waiting = buildSnapshot([buildTask('A', { status: 'REVIEW' })], {
			questions: [buildQuestion('question-1', { task_id: 'A' })],
			swarm: { ...emptySnapshot.swarm, shouldRun: true, isHostAlive: true },
		});
		const titles = (snapshot: SwarmSnapshot) => statusChoices(snapshot).map(({ title }) => title);
		assert.deepEqual(titles(waiting), [
			'Answer Question',
			'Review Change',
			'Pause All',
			'Stop Swarm',
			'Create Task',
			'Open Dashboard',
		]);
		assert.deepEqual(titles(emptySnapshot), ['Start Swarm', 'Create Task', 'Open Dashboard']);
	});
});

describe('statusSummary', () => {
	it('counts what works and what waits for the person', () => {
		const tasks = [
			buildTask('A', { status: 'IN_PROGRESS' }),
			buildTask('B', { status: 'CLAIMED' }),
			buildTask('C', { status: 'REVIEW' }),
		];
		const textOf = (shouldRun: boolean, isHostAlive: boolean, own = tasks) =>
			statusSummary(buildSnapshot(own, { swarm: { shouldRun, isHostAlive, mode: 'work' } })).text;
		assert.equal(textOf(true, true), '$(play-circle) 2 working, 1 to review');
		assert.equal(textOf(false, false, []), '$(circle-outline) Swarm stopped');
		assert.equal(textOf(true, false, []), '$(sync~spin) Swarm starting');
	});
});
