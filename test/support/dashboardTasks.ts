// Builds boards of tasks for the dashboard's page, as many as wanted, of every status and kind.

import { dependencyPaths } from '../../src/core/figures/dependencyPaths.ts';
import type { Task } from '../../src/core/task/task.ts';
import { taskStatuses } from '../../src/core/task/taskStatus.ts';
import type { LedgerEvent } from '../../src/core/events.ts';
import { analyse } from '../../src/core/figures/analysis.ts';
import type { Run } from '../../src/core/run/run.ts';
import { toAnalyticsModel } from '../../src/protocol/analyticsModel.ts';
import type { RunBar } from '../../src/protocol/runBar.ts';
import { toRunBar } from '../../src/protocol/runBar.ts';
import type { DashboardState } from '../../src/protocol/dashboardState.ts';
import { toTaskCard } from '../../src/protocol/taskCard.ts';
import { toDashboardModel } from '../../src/protocol/viewModels.ts';
import { buildDashboardFacts } from './dashboardFacts.ts';
import { buildShownAgent, buildSnapshot } from './snapshotBuilder.ts';
import { buildRun, buildTask } from './swarmBuilders.ts';

const words = ['parser', 'ledger', 'mirror', 'tree', 'landing', 'search', 'gate', 'worktree'];

/** Task `index` of a project: most are over or wait, some are in work; every tenth is an epic of those after it. */
export function projectTask(index: number): Partial<Task> & Pick<Task, 'task_id'> {
	const status = taskStatuses[[0, 1, 6, 6, 3, 6, 0, 7, 5, 6, 8, 2, 4, 6, 1, 9][index % 16] ?? 0] ?? 'PENDING';
	const isHeld = ['CLAIMED', 'IN_PROGRESS', 'VALIDATING', 'REVIEW'].includes(status);
	const minutes = (index * 37) % 6000;
	return {
		task_id: `T-${index}`,
		name: `Make the ${words[index % words.length] ?? ''} ${index % 3 === 0 ? 'say what it does and why, in a sentence a person reads' : 'faster'} (${index})`,
		status,
		priority: (['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const)[(index * 7) % 4] ?? 'MEDIUM',
		task_type: ['task', 'bug', 'chore'][index % 3] ?? 'task',
		tags: index % 4 === 0 ? ['ui'] : [],
		claimed_by: isHeld || status === 'COMPLETED' || status === 'FAILED' ? `Agent-${(index % 8) + 1}` : null,
		parent: index % 10 === 0 ? null : `T-${index - (index % 10)}`,
		dependencies: status === 'PENDING' && index > 3 ? [`T-${index - 3}`, `T-${index - 1}`] : [],
		block_reason: status === 'BLOCKED' ? { kind: 'needs_input', text: 'Which server is meant?' } : null,
		created_at: new Date(Date.now() - (minutes + 3000) * 60_000).toISOString(),
		started_at: new Date(Date.now() - (minutes + 30 + (index % 90)) * 60_000).toISOString(),
		completed_at: ['COMPLETED', 'FAILED', 'CANCELLED'].includes(status)
			? new Date(Date.now() - minutes * 60_000).toISOString()
			: null,
		result: status === 'COMPLETED' ? { tokens: 1000 + index, cost: (index % 10) / 100 } : null,
		updated_at: new Date(Date.now() - minutes * 60_000).toISOString(),
	};
}

type Change = (index: number) => Partial<Task>;
const unchanged: Change = () => ({});

/** A picture of so many tasks with eight agents, of which some work. */
export function projectSnapshot(count: number, change: Change = unchanged) {
	const tasks = Array.from({ length: count }, (_each, index) =>
		buildTask(`T-${index}`, { ...projectTask(index), ...change(index) }, index),
	);
	const runOf = (agent: number) => {
		const task = tasks.find(({ task: each }) => each.claimed_by === `Agent-${agent}`)?.task;
		return task === undefined
			? []
			: [
					buildRun(`run-${agent}`, {
						task_id: task.task_id,
						worker: `Agent-${agent}`,
						opened_at: new Date(Date.now() - agent * 400_000).toISOString(),
					}),
				];
	};
	return buildSnapshot(tasks, {
		agents: [1, 2, 3, 4, 5, 6, 7, 8].map((agent) => buildShownAgent(`Agent-${agent}`, runOf(agent))),
		swarm: { shouldRun: true, isHostAlive: true, mode: 'work' },
	});
}

/** Runs of the last day: a tenth of the tasks, some tried again, some failed, some at work. */
function projectRuns(count: number, change: Change): { readonly run: Run; readonly bar: RunBar }[] {
	const now = Date.now();
	return Array.from({ length: Math.ceil(count / 10) }, (_each, index) => {
		const state = (['completed', 'completed', 'failed', 'completed', 'review', 'released'] as const)[index % 6];
		const worker = (index % 8) + 1;
		const opened = now - ((Math.floor(index / 8) * 1_700_000 + worker * 300_000) % 86_400_000);
		const isOpen = index < 8;
		const run = buildRun(`run-${index}`, {
			task_id: `T-${index}`,
			worker: `Agent-${worker}`,
			attempt: (index % 3) + 1,
			state: isOpen ? 'working' : (state ?? 'completed'),
			opened_at: new Date(opened).toISOString(),
			closed_at: isOpen ? null : new Date(opened + 1_200_000).toISOString(),
		});
		const gate = (exitCode: number): LedgerEvent => ({
			sequence: index,
			at: new Date(opened + 900_000).toISOString(),
			actor: 'host:host-1',
			type: 'gate.finished',
			message: 'gate after 900 ms: npm test',
			data: { exit_code: exitCode },
		});
		const bar = toRunBar(
			run,
			change(index).name ?? projectTask(index).name ?? '',
			isOpen ? [] : [gate(index % 3 === 2 ? 1 : 0)],
		);
		return { run, bar };
	});
}

/** What the page is told of it on every tab. */
export function projectState(count: number, change: Change = unchanged): DashboardState {
	const snapshot = projectSnapshot(count, change);
	const overview = toDashboardModel(buildDashboardFacts(snapshot));
	const tasks = [...snapshot.tasks].map(([id, shown]) => toTaskCard(id, shown));
	const paths = dependencyPaths([...snapshot.tasks.values()].map(({ task }) => task));
	const now = Date.now();
	const analytics = toAnalyticsModel(
		analyse({
			tasks: [...snapshot.tasks.values()].map(({ task }) => task),
			runs: projectRuns(count, change).map(({ run }) => run),
			events: [],
			period: { from: now - 7 * 86_400_000, to: now },
			offset: 0,
		}),
	);
	return { overview, tasks, paths, runs: projectRuns(count, change).map(({ bar }) => bar), analytics };
}
