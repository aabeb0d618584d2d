// Owns what the dashboard shows, as plain values, and how it is made from a snapshot. Foreign text is made harmless here and cut
// to what a card can hold; lists are cut to what a person looks at.

import type { DriftNote } from '../core/drift/driftReading.ts';
import type { SwarmWord } from './swarmWord.ts';
import { swarmWord } from './swarmWord.ts';
import { displayLine } from '../base/text.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { DayBudget } from '../core/figures/dayBudget.ts';
import type { DayFigures } from '../core/figures/dayFigures.ts';
import type { ShownAgent, ShownTask, SwarmSnapshot } from '../core/swarm/swarmSnapshot.ts';
import type { TaskStatus } from '../core/task/taskStatus.ts';
import type { EventLine } from './eventLine.ts';
import { isQuiet, toEventLine } from './eventLine.ts';

export type WorkspaceKind = 'ours' | 'foreign' | 'none' | 'opening' | 'noFolder' | 'unusable';

export interface StatusCount {
	readonly status: TaskStatus;
	readonly label: string;
	readonly count: number;
}

export interface AgentCard {
	readonly id: string;
	readonly role: string;
	readonly state: ShownAgent['state'];
	/** What it does, in a word: `working`, `validating`, `idle`. */
	readonly activity: string;
	readonly taskId: string | null;
	readonly taskName: string | null;
	readonly runId: string | null;
	/** Wall time in milliseconds at which its run began. */
	readonly since: number | null;
	/** Tokens and cost as the agent told them last; null when it tells none. */
	readonly usage: string | null;
	/** What it did last, in a line. */
	readonly lastAction: string | null;
	/** Files outside of its worktree that changed while it worked. */
	readonly strays: number;
	/** How much it drifts from its task, and why, as core says it; null while that is not worth a look. */
	readonly drift: { readonly percent: number; readonly reasons: readonly string[] } | null;
	/** Whether somebody is there to talk to, and whether it stands still because a person said so. */
	readonly isDriven: boolean;
	readonly isPaused: boolean;
	/** Whether it takes tasks. */
	readonly isEnabled: boolean;
}

/** What is known of an open run besides what the ledger says. */
export interface RunSign {
	readonly usage: string | null;
	readonly lastAction: string | null;
}

/** Something that waits for the person. */
export interface AttentionItem {
	readonly kind: 'question' | 'review' | 'blocked' | 'failed';
	readonly taskId: string;
	readonly runId: string | null;
	readonly name: string;
	/** Who asks, or whose change it is. */
	readonly by: string | null;
	/** What is asked, or why it is blocked or failed. */
	readonly detail: string;
	/** Whether somebody has worked on it, so that there is a log. */
	readonly hasRuns: boolean;
}

export interface ProblemLine {
	readonly severity: 'error' | 'warning';
	readonly place: string;
	readonly message: string;
}

export interface DashboardModel {
	readonly workspace: WorkspaceKind;
	/** Why it cannot be used, when it cannot. */
	readonly reason: string;
	readonly folder: string;
	readonly isTrusted: boolean;
	readonly swarm: SwarmWord;
	readonly total: number;
	readonly counts: readonly StatusCount[];
	readonly agents: readonly AgentCard[];
	/** What was done since midnight. */
	readonly today: DayFigures;
	/** The budget of the day, where it is used most; null where none is set. */
	readonly budget: DayBudget | null;
	readonly attention: readonly AttentionItem[];
	/** How many wait in all; the list may be shorter. */
	readonly attentionTotal: number;
	readonly problems: readonly ProblemLine[];
	readonly problemTotal: number;
	readonly events: readonly EventLine[];
}

export interface DashboardFacts {
	readonly workspace: WorkspaceKind;
	readonly reason: string;
	readonly folder: string;
	readonly isTrusted: boolean;
	readonly snapshot: SwarmSnapshot;
	readonly today: DayFigures;
	readonly budget: DayBudget | null;
	/** By the id of the run. */
	readonly signs: ReadonlyMap<string, RunSign>;
	/** Ids of runs that have an agent at them to talk to. */
	readonly driven: ReadonlySet<string>;
}

const shown = { agents: 100, attention: 20, problems: 20, events: 30 } as const;

export const statusLabels: Readonly<Record<TaskStatus, string>> = {
	PENDING: 'Backlog',
	READY: 'Ready',
	CLAIMED: 'Claimed',
	IN_PROGRESS: 'In progress',
	VALIDATING: 'Checking',
	REVIEW: 'To review',
	COMPLETED: 'Completed',
	BLOCKED: 'Blocked',
	FAILED: 'Failed',
	CANCELLED: 'Cancelled',
};

const nameOf = ({ task }: ShownTask): string => displayLine(task.name, 160) || displayLine(task.task_id, 80);

/** From here on a score is worth a look. */
const shownDrift = 0.3;

function driftOf(drift: DriftNote | null | undefined): AgentCard['drift'] {
	return drift === null || drift === undefined || (drift.score < shownDrift && drift.step === null)
		? null
		: {
				percent: Math.round(drift.score * 100),
				reasons: drift.reasons.slice(0, 2).map((reason) => displayLine(reason, 200)),
			};
}

function toAgentCard({ snapshot, signs, driven }: DashboardFacts, { agent, run, state, held }: ShownAgent): AgentCard {
	const sign = run === undefined ? undefined : signs.get(run.run_id);
	const told = snapshot.events.find(({ run_id: runId, type }) => runId === run?.run_id && !isQuiet({ type }));
	const task = run === undefined ? undefined : snapshot.tasks.get(run.task_id);
	return {
		id: displayLine(agent.id, 80),
		role: displayLine(agent.name || agent.role, 80),
		state,
		activity:
			state === 'working'
				? (run?.state ?? state)
				: state === 'review'
					? 'waits for review'
					: state === 'asking'
						? 'asks you'
						: state,
		taskId: run?.task_id ?? null,
		taskName: task === undefined ? (run?.task_id ?? null) : nameOf(task),
		runId: run?.run_id ?? null,
		since: run === undefined ? null : Date.parse(run.opened_at),
		usage: sign?.usage ?? null,
		lastAction:
			sign?.lastAction ??
			(run === undefined
				? (held ?? null) && displayLine(held ?? '', 300)
				: told === undefined
					? null
					: displayLine(told.message, 160)),
		strays: run?.strays.length ?? 0,
		drift: driftOf(run?.drift),
		isDriven: run !== undefined && driven.has(run.run_id),
		isPaused: state === 'paused',
		isEnabled: agent.enabled,
	};
}

const attentionKinds: Partial<Record<TaskStatus, AttentionItem['kind']>> = {
	REVIEW: 'review',
	BLOCKED: 'blocked',
	FAILED: 'failed',
};
const attentionOrder: readonly AttentionItem['kind'][] = ['question', 'review', 'blocked', 'failed'];

/** Tasks that wait for this person, questions first. */
export function attentionTasks({ tasks, questions }: SwarmSnapshot): string[] {
	return [
		...new Set([
			...questions.map(({ task_id: id }) => id),
			...waitingTasks(tasks).map(({ each }) => each.task.task_id),
		]),
	];
}

/** Tasks whose status needs a person, in the order in which they are told. */
function waitingTasks(tasks: SwarmSnapshot['tasks']) {
	const waiting = new Map(attentionOrder.map((kind): [AttentionItem['kind'], ShownTask[]] => [kind, []]));
	for (const each of tasks.values()) {
		const kind = attentionKinds[each.task.status];
		if (kind !== undefined) {
			waiting.get(kind)?.push(each);
		}
	}
	return [...waiting].flatMap(([kind, some]) => some.map((each) => ({ kind, each })));
}

/** Boards that are not ours are only looked at: nothing in them waits for this person. */
function attentionOf({ workspace, tasks, counts, events, questions }: SwarmSnapshot): {
	readonly items: AttentionItem[];
	readonly total: number;
} {
	if (workspace !== 'ours' || counts.REVIEW + counts.BLOCKED + counts.FAILED + questions.length === 0) {
		return { items: [], total: 0 };
	}
	const asked = questions.map(({ task_id: taskId, run_id: runId, agent_id: agent, title }): AttentionItem => {
		const shownTask = tasks.get(taskId);
		return {
			kind: 'question',
			taskId,
			runId: runId === '' ? null : runId,
			name: shownTask === undefined ? displayLine(taskId, 80) : nameOf(shownTask),
			by: displayLine(agent, 80),
			detail: displayLine(title, 200),
			hasRuns: runId !== '',
		};
	});
	const toItem = (kind: AttentionItem['kind'], each: ShownTask): AttentionItem => {
		const { task, run_id: runId } = each;
		const reason =
			task.block_reason?.text ??
			events.find(({ task_id, type }) => task_id === task.task_id && type === 'task.moved')?.message ??
			'';
		return {
			kind,
			taskId: task.task_id,
			runId,
			name: nameOf(each),
			by: task.claimed_by === null ? null : displayLine(task.claimed_by, 80),
			detail: kind === 'review' ? '' : displayLine(reason, 200),
			hasRuns: task.attempts > 0,
		};
	};
	const rest = waitingTasks(tasks);
	// Words are made for what is shown only: thousands may have failed.
	const told = rest.slice(0, Math.max(0, shown.attention - asked.length)).map(({ kind, each }) => toItem(kind, each));
	return { items: [...asked, ...told].slice(0, shown.attention), total: asked.length + rest.length };
}

function toProblemLine({ file, line, message }: BoardProblem, severity: ProblemLine['severity']): ProblemLine {
	return {
		severity,
		place: `${displayLine(file.split('/').at(-1) ?? file, 80)}:${line}`,
		message: displayLine(message, 240),
	};
}

/** The model of one picture. Equal pictures give equal models. */
export function toDashboardModel(facts: DashboardFacts): DashboardModel {
	const { workspace, reason, folder, isTrusted, snapshot, today, budget } = facts;
	const { counts, swarm, problems } = snapshot;
	const attention = attentionOf(snapshot);
	// What is merely good to know stays in the Problems panel.
	const serious = problems.flatMap((problem) =>
		problem.severity === 'information' ? [] : [toProblemLine(problem, problem.severity)],
	);
	return {
		workspace,
		reason: displayLine(reason, 600),
		folder: displayLine(folder, 80),
		isTrusted,
		swarm: swarmWord(swarm),
		total: Object.values(counts).reduce((sum, count) => sum + count, 0),
		counts: (Object.keys(statusLabels) as TaskStatus[]).map((status) => ({
			status,
			label: statusLabels[status],
			count: counts[status],
		})),
		agents: snapshot.agents.slice(0, shown.agents).map((agent) => toAgentCard(facts, agent)),
		today,
		budget,
		attention: attention.items,
		attentionTotal: attention.total,
		problems: serious.slice(0, shown.problems),
		problemTotal: serious.length,
		events: snapshot.events
			.filter((event) => !isQuiet(event))
			.slice(0, shown.events)
			.map(toEventLine),
	};
}
