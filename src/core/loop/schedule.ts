// Owns the choice: which agent begins which task now, and in one line why every other task waits. Pure; host, palette and
// dashboard ask the same function, so that what is shown is what happens.

import type { Agent } from '../agent/agent.ts';
import { cycleThrough } from '../board/findCycles.ts';
import type { Driver } from '../driver/driver.ts';
import type { OfferedModel } from '../models/languageModel.ts';
import { missingModel } from '../models/offeredModels.ts';
import type { Run, RunState } from '../run/run.ts';
import { isPausedRun } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { PlainTask, Task } from '../task/task.ts';
import type { SwarmMode } from '../swarmFacts.ts';
import { countWaiting } from '../task/countWaiting.ts';
import { agentRefusal, describeOrder, orderTasks } from '../task/taskOrder.ts';
import { isFinished } from '../task/taskStatus.ts';

export interface ScheduleFacts {
	/** Every task on a board, and every one that such a task waits for: dependencies are looked up among them. */
	readonly tasks: readonly PlainTask[];
	readonly agents: readonly Agent[];
	readonly openRuns: readonly Run[];
	readonly settings: Pick<Settings, 'swarm.maxConcurrentRuns'>;
	readonly drivers: ReadonlyMap<string, Pick<Driver, 'refusal'>>;
	/** Who had a task last that went back to its queue: it is offered to them first. */
	readonly owners?: ReadonlyMap<string, string>;
	/** Agents that get nothing for now, with the reason: their program is missing, they are not logged in. */
	readonly held: ReadonlyMap<string, string>;
	/** Language models that open windows offer; an agent that needs another one waits. */
	readonly models?: readonly OfferedModel[];
	/** Runs that wait for a person's answer, with the question: such a run keeps its agent, and takes nobody's place. */
	readonly asking?: ReadonlyMap<string, string>;
	/** Whether the swarm may begin anything at all; `work` unless it was told otherwise. */
	readonly mode?: SwarmMode;
}

export interface Start {
	readonly task: PlainTask;
	readonly agent: Agent;
	/** Why this task and this agent. */
	readonly reason: string;
}

/** States in which a run occupies its agent. A change that waits for review needs nobody until a person decides. */
const busyStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating', 'landing'];
/** States in which a run uses the machine, and counts against `swarm.maxConcurrentRuns`. */
const activeStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating'];

/** What starts now: tasks in their order, each with the first free agent that may take it. */
export function chooseStarts(facts: ScheduleFacts): Start[] {
	if (facts.mode === 'drain' || facts.mode === 'pause') {
		return [];
	}
	const ready = facts.tasks.filter(({ task }) => task.status === 'READY');
	const free = new Set(facts.agents.filter(({ id, enabled }) => enabled && !facts.held.has(id)).map(({ id }) => id));
	for (const id of occupations(facts).keys()) {
		free.delete(id);
	}
	const places = facts.settings['swarm.maxConcurrentRuns'] - countActive(facts);
	if (ready.length === 0 || free.size === 0 || places <= 0) {
		return [];
	}
	const starts: Start[] = [];
	const weights = countWaiting(facts.tasks.map(({ task }) => task));
	for (const stored of orderTasks(ready, weights)) {
		const { task } = stored;
		const able = facts.agents.filter((each) => free.has(each.id) && refusalOf(facts, each, task) === undefined);
		const owner = able.find(({ id }) => id === facts.owners?.get(task.task_id));
		const agent = owner ?? able[0];
		if (agent !== undefined) {
			starts.push({
				task: stored,
				agent,
				reason: whyChosen(task, weights.get(task.task_id) ?? 0, agent, agent === owner),
			});
			free.delete(agent.id);
			if (free.size === 0 || starts.length >= places) {
				break;
			}
		}
	}
	return starts;
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
	const able = facts.agents.filter((agent) => refusalOf(facts, agent, task) === undefined);
	if (able.length === 0) {
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
	const starts = chooseStarts(facts);
	if (starts.some((start) => start.task.task.task_id === task.task_id)) {
		return undefined;
	}
	const limit = facts.settings['swarm.maxConcurrentRuns'];
	if (countActive(facts) + starts.length >= limit) {
		return `${limit} of ${limit} places are taken (dreamos.swarm.maxConcurrentRuns)`;
	}
	const busy = new Map([
		...occupations(facts),
		...starts.map((start) => [start.agent.id, start.task.task.task_id] as const),
	]);
	return `every agent that may take it is busy: ${listed(able.map(({ id }) => `${id} with ${busy.get(id) ?? 'another task'}`))}`;
}

/** Agents at work, with their task. */
const occupations = ({ openRuns }: ScheduleFacts): Map<string, string> =>
	new Map(openRuns.filter(({ state }) => busyStates.includes(state)).map((run) => [run.worker, run.task_id]));

const countActive = ({ openRuns, asking }: ScheduleFacts): number =>
	openRuns.filter(
		(run) =>
			run.host_id !== null &&
			activeStates.includes(run.state) &&
			!isPausedRun(run) &&
			asking?.has(run.run_id) !== true,
	).length;

function refusalOf(facts: ScheduleFacts, agent: Agent, task: Task): string | undefined {
	const driver = facts.drivers.get(agent.driver);
	return (
		agentRefusal(agent, task) ??
		facts.held.get(agent.id) ??
		missingModel(agent, facts.models ?? []) ??
		(driver === undefined ? `${agent.id} is driven by a person` : driver.refusal(agent, task))
	);
}

function whyNobody(facts: ScheduleFacts, task: Task): string {
	if (facts.agents.length === 0) {
		return 'there is no agent in runtime/agents.json';
	}
	const reasons = new Set(facts.agents.map((agent) => refusalOf(facts, agent, task) ?? ''));
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

function whyChosen(task: Task, weight: number, agent: Agent, isOwner: boolean): string {
	return `first in order (${describeOrder(task, weight)}), ${agent.id} is free${isOwner ? ' and had it before' : ''}`;
}

function listed(items: readonly string[], limit = 3): string {
	const rest = items.length - limit;
	return `${items.slice(0, limit).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
