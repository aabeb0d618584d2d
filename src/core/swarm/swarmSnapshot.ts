// Owns what views see: one immutable picture of tasks, agents, runs and problems. Views read it and nothing else.

import type { JsonObject } from '../../base/json.ts';
import type { SwarmMode } from '../swarmFacts.ts';
import type { Agent, AgentState } from '../agent/agent.ts';
import type { AgentCheck } from '../agent/agentCheck.ts';
import type { WorkspaceState } from '../actions/workspaceDoor.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import type { Usage } from '../budget/usage.ts';
import type { LedgerEvent } from '../events.ts';
import type { OfferedModel } from '../models/languageModel.ts';
import type { Question } from '../question/question.ts';
import type { Run } from '../run/run.ts';
import type { PlainTask } from '../task/plainTask.ts';
import type { BoardName, TaskStatus } from '../task/taskStatus.ts';
import { taskStatuses } from '../task/taskStatus.ts';
import type { DayUsage } from './shownUsage.ts';
import { noDayUsage } from './shownUsage.ts';

export type ShownTask = Omit<PlainTask, 'sequence'> & {
	/** What the board shows; there only on boards that are not ours, which no ledger can be asked about. */
	readonly record?: JsonObject | undefined;
};

export interface ShownAgent {
	readonly agent: Agent;
	readonly state: AgentState;
	/** The open run, if it has one. */
	readonly run: Run | undefined;
	/** Its last runs, newest first. */
	readonly runs: readonly Run[];
	/** What came of its last check on this machine. */
	readonly check: AgentCheck | undefined;
	/** Whether the system keeps it to its worktree, as one line; empty for a person. */
	readonly containment: string;
	/** Why it gets no task for want of a language model, as a phrase; undefined when it has one or needs none. */
	readonly missingModel?: string | undefined;
	/** Why it is left alone for now, and until when, as a sentence; undefined where it is not. */
	readonly held?: string | undefined;
	/** What it used since midnight, and in its open run. */
	readonly usage?: { readonly today: Usage; readonly run: Usage } | undefined;
}

export interface SwarmState {
	readonly shouldRun: boolean;
	readonly isHostAlive: boolean;
	/** Whether it may begin tasks while it should run. */
	readonly mode: SwarmMode;
	/** Language models that open windows offer. */
	readonly models?: readonly OfferedModel[];
}

export interface SwarmSnapshot {
	/** Goes up with every picture. */
	readonly version: number;
	readonly workspace: WorkspaceState;
	/** By id; on boards that are not ours an id may stand twice, and the second one has a longer key. */
	readonly tasks: ReadonlyMap<string, ShownTask>;
	/** How many archived tasks there are besides those in `boards`; nobody reads years to show a list. */
	readonly archived: number;
	/** Keys of `tasks` in board order, pinned ones first; without archived tasks that are only known because somebody names them. */
	readonly boards: Readonly<Record<BoardName, readonly string[]>>;
	readonly counts: Readonly<Record<TaskStatus, number>>;
	readonly agents: readonly ShownAgent[];
	/** Newest first. */
	readonly events: readonly LedgerEvent[];
	/** What agents ask and wait for, oldest first. */
	readonly questions: readonly Question[];
	readonly problems: readonly BoardProblem[];
	readonly swarm: SwarmState;
	/** What was used since midnight. */
	readonly today: DayUsage;
}

export const emptySnapshot: SwarmSnapshot = {
	version: 0,
	workspace: 'none',
	tasks: new Map(),
	boards: { task_backlog: [], task_ready_queue: [], working_tasks: [], completed_tasks: [] },
	archived: 0,
	counts: countStatuses([]),
	agents: [],
	events: [],
	questions: [],
	problems: [],
	swarm: { shouldRun: false, isHostAlive: false, mode: 'work' },
	today: noDayUsage,
};

export function countStatuses(tasks: Iterable<ShownTask>): Record<TaskStatus, number> {
	const counts = Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Record<TaskStatus, number>;
	for (const { task } of tasks) {
		counts[task.status] += 1;
	}
	return counts;
}

/** How many tasks there are, archived ones included. */
export const countAll = ({ counts }: Pick<SwarmSnapshot, 'counts'>): number =>
	Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Every task under a key of its own: its id, and for a second task of that id the id with its place. */
export function keyTasks(tasks: readonly ShownTask[]): Map<string, ShownTask> {
	const byKey = new Map<string, ShownTask>();
	for (const shown of tasks) {
		const id = shown.task.task_id;
		byKey.set(byKey.has(id) ? `${id} (${shown.position})` : id, shown);
	}
	return byKey;
}
