// Owns the choice: which agent begins which task now, and in one line why every other task waits. Pure; host, palette and
// dashboard ask the same function, so that what is shown is what happens.

import { listed } from '../../base/words.ts';
import type { Agent } from '../agent/agent.ts';
import { cycleThrough } from '../board/findCycles.ts';
import type { PolicyReading } from '../policy/readPolicy.ts';
import type { SwarmMode } from '../swarmFacts.ts';
import { countWaiting } from '../task/countWaiting.ts';
import type { Task } from '../task/task.ts';
import type { PlainTask } from '../task/plainTask.ts';
import { describeOrder, orderTasks } from '../task/taskOrder.ts';
import { isFinished } from '../task/taskStatus.ts';
import type { RoundFacts } from './startRound.ts';
import { StartRound, takingRefusal } from './startRound.ts';
import { whyAsked } from './startRisk.ts';

export interface ScheduleFacts extends RoundFacts {
	/** Whether the swarm may begin anything at all; `work` unless it was told otherwise. */
	readonly mode?: SwarmMode;
	/** Tasks that do not begin in this moment: a guard said no, or what their last attempt left is still being kept. */
	readonly passedOver?: ReadonlySet<string>;
	/** By task, the attempt a person said yes to. */
	readonly approved?: ReadonlyMap<string, number>;
	/** What agents may do when they ask, where a risk is looked for. */
	readonly policy?: PolicyReading | undefined;
	/** By task, the open question whether it may begin. */
	readonly startQuestions?: ReadonlyMap<string, string>;
}

export interface Start {
	readonly task: PlainTask;
	readonly agent: Agent;
	/** Why this task and this agent. */
	readonly reason: string;
}

export interface StartPlan {
	readonly starts: readonly Start[];
	/** What would start now as well, were it not for a person's yes; `reason` says why somebody is asked. */
	readonly asks: readonly Start[];
}

/** What starts now: tasks in their order, each with the first free agent that may take it. */
export function planStarts(facts: ScheduleFacts): StartPlan {
	const starts: Start[] = [];
	const asks: Start[] = [];
	if (facts.mode === 'drain' || facts.mode === 'pause') {
		return { starts, asks };
	}
	const ready = facts.tasks.filter(
		({ task }) => task.status === 'READY' && facts.passedOver?.has(task.task_id) !== true,
	);
	const round = new StartRound(facts);
	if (ready.length === 0 || round.isOver) {
		return { starts, asks };
	}
	const weights = countWaiting(facts.tasks.map(({ task }) => task));
	for (const stored of orderTasks(ready, weights)) {
		const { task } = stored;
		const chosen = round.choose(task);
		const asked = chosen === undefined ? undefined : whyNotYetAllowed(facts, task);
		if (chosen !== undefined && asked !== undefined) {
			asks.push({ task: stored, agent: chosen.agent, reason: asked });
		} else if (chosen !== undefined) {
			const { agent, reason } = chosen;
			const order = describeOrder(task, weights.get(task.task_id) ?? 0);
			starts.push({ task: stored, agent, reason: `first in order (${order}), ${reason}` });
			round.take(task, agent);
			if (round.isOver) {
				break;
			}
		}
	}
	return { starts, asks };
}

/** Why a person is to be asked before it begins, as a phrase; undefined when nobody is, or somebody said yes. */
function whyNotYetAllowed(facts: ScheduleFacts, task: Task): string | undefined {
	return facts.approved?.get(task.task_id) === task.attempts + 1 ? undefined : whyAsked(facts, task);
}

/** Why one task is not being worked on, as a phrase; undefined when it is, when it is over, or when it is about to start. */
export function whyWaiting(facts: ScheduleFacts & { readonly shouldRun: boolean }, taskId: string): string | undefined {
	const task = facts.tasks.find((stored) => stored.task.task_id === taskId)?.task;
	switch (task?.status) {
		case 'PENDING':
			return whyPending(task, facts);
		case 'READY':
			return whyReady(task, facts);
		case 'BLOCKED':
			return `it is blocked${task.block_reason === null ? '' : ` (${task.block_reason.kind}): ${task.block_reason.text}`}`;
		case 'REVIEW':
			return 'its change waits for review';
		default:
			return undefined;
	}
}

function whyReady(task: Task, facts: ScheduleFacts & { readonly shouldRun: boolean }): string | undefined {
	const round = new StartRound(facts);
	if (round.ableTo(task).length === 0) {
		return whyNobody(facts, task);
	}
	if (!facts.shouldRun) {
		return 'the swarm is stopped';
	}
	if (facts.mode === 'drain') {
		return 'the swarm ends what runs and begins nothing new; Resume All lets it';
	}
	if (facts.mode === 'pause') {
		return 'the swarm is paused; Resume All lets it go on';
	}
	const { starts } = planStarts(facts);
	if (starts.some((start) => start.task.task.task_id === task.task_id)) {
		return undefined;
	}
	for (const start of starts) {
		round.take(start.task.task, start.agent);
	}
	const refusal = round.refusal(task);
	const asked = whyNotYetAllowed(facts, task);
	if (refusal !== undefined || asked === undefined) {
		return refusal;
	}
	const question = facts.startQuestions?.get(task.task_id);
	return question === undefined
		? `it waits for a person's yes, and others are asked about first: ${asked}`
		: `it waits for a person's yes (${question}): ${asked}`;
}

function whyNobody(facts: ScheduleFacts, task: Task): string {
	if (facts.agents.length === 0) {
		return 'there is no agent in runtime/agents.json';
	}
	const reasons = new Set(facts.agents.map((agent) => takingRefusal(facts, agent, task) ?? ''));
	return `no agent can take it: ${listed([...reasons])}`;
}

function whyPending(task: Task, { tasks }: ScheduleFacts): string {
	const statuses = new Map(tasks.map((stored) => [stored.task.task_id, stored.task.status]));
	const open = task.dependencies.filter((id) => statuses.get(id) !== 'COMPLETED');
	if (open.length === 0) {
		return 'it is in the backlog; make it ready';
	}
	const unfinished = tasks.map((stored) => stored.task).filter(({ status }) => !isFinished(status));
	const cycle = cycleThrough(task.task_id, unfinished);
	return cycle === undefined
		? `it waits for ${listed(open.map((id) => `${id} (${statuses.get(id) ?? 'does not exist'})`))}`
		: `it waits for itself: ${cycle.join(' → ')}; take one of these dependencies out`;
}
