// Owns one round of the choice: what is free at this moment, and for each task in turn who begins it or why nobody does. What was
// given away in the round is taken for those that come after. Pure.

import { listed } from '../../base/words.ts';
import type { Agent } from '../agent/agent.ts';
import type { createBudgetCheck } from '../budget/budget.ts';
import type { Driver } from '../driver/driver.ts';
import type { WorkRecords } from '../figures/workRecord.ts';
import type { GateSettings } from '../gate/gatePlan.ts';
import type { OfferedModel } from '../models/languageModel.ts';
import { missingModel } from '../models/offeredModels.ts';
import type { Run, RunState } from '../run/run.ts';
import { isPausedRun } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { Task } from '../task/task.ts';
import type { PlainTask } from '../task/plainTask.ts';
import { agentRefusal } from '../task/taskOrder.ts';
import { touchOverlap } from '../task/touchOverlap.ts';
import type { ChosenAgent } from './chooseAgent.ts';
import { chooseAgent } from './chooseAgent.ts';

export interface RoundFacts {
	/** Every task on a board, and every one that such a task waits for: dependencies are looked up among them. */
	readonly tasks: readonly PlainTask[];
	readonly agents: readonly Agent[];
	readonly openRuns: readonly Run[];
	readonly settings: GateSettings &
		Pick<
			Settings,
			| 'autonomy'
			| 'swarm.maxConcurrentRuns'
			| 'swarm.maxRunsPerDriver'
			| 'swarm.preferProven'
			| 'swarm.separateTouches'
		>;
	readonly drivers: ReadonlyMap<string, Pick<Driver, 'refusal'>>;
	/** Who had a task last that went back to its queue: it is offered to them first. */
	readonly owners?: ReadonlyMap<string, string>;
	/** From whom a task was taken last because they drifted or idled: it is offered to others first. */
	readonly drifted?: ReadonlyMap<string, string>;
	/** How agents did lately. */
	readonly records?: WorkRecords;
	/** Agents that get nothing for now, with the reason: their program is missing, they are not logged in. */
	readonly held: ReadonlyMap<string, string>;
	/** Language models that open windows offer; an agent that needs another one waits. */
	readonly models?: readonly OfferedModel[];
	/** Runs that wait for a person's answer, with the question: such a run keeps its agent, and takes nobody's place. */
	readonly asking?: ReadonlyMap<string, string>;
	/** Why a budget lets an agent not begin a task, as a phrase. */
	readonly budget?: ReturnType<typeof createBudgetCheck> | undefined;
	/** Why this machine begins nothing more for now, as a phrase. */
	readonly machine?: string | undefined;
}

/** Work in flight, or given away in this round. */
interface Work {
	readonly taskId: string;
	readonly touches: readonly string[];
	readonly worker: string;
	readonly driver: string;
}

/** States in which a run occupies its agent. A change that waits for review needs nobody until a person decides. */
const busyStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating', 'landing'];
/** States in which a run uses the machine, and counts against the limits. */
const activeStates: readonly RunState[] = ['claimed', 'preparing', 'working', 'validating'];

export class StartRound {
	private readonly facts: RoundFacts;
	/** What occupies agents and files, the runs of people included. */
	private readonly work: Work[];
	/** Places taken, in all and by driver. */
	private active = 0;
	/** Agents that could take one more; looked for anew after each task that was given away. */
	private free: readonly Agent[] | undefined;
	private readonly byDriver = new Map<string, number>();

	constructor(facts: RoundFacts) {
		this.facts = facts;
		const busy = facts.openRuns.filter(({ state }) => busyStates.includes(state));
		const tasks = new Map(
			busy.length === 0 ? [] : facts.tasks.map(({ task }): [string, Task] => [task.task_id, task]),
		);
		this.work = busy.map(({ task_id, worker, driver }) => ({
			taskId: task_id,
			touches: tasks.get(task_id)?.touches ?? [],
			worker,
			driver,
		}));
		for (const run of busy) {
			if (this.isActive(run)) {
				this.count(run.driver);
			}
		}
	}

	/** Whether nobody can begin anything more, whatever the task. */
	get isOver(): boolean {
		const { agents, held } = this.facts;
		return (
			this.wholeRefusal() !== undefined ||
			!agents.some((agent) => agent.enabled && !held.has(agent.id) && this.agentBusy(agent) === undefined)
		);
	}

	/** Who may begin this task, now or later. */
	ableTo(task: Task): readonly Agent[] {
		return this.facts.agents.filter((agent) => takingRefusal(this.facts, agent, task) === undefined);
	}

	/** Who begins a task whose turn it is, and why that one. */
	choose(task: Task): ChosenAgent | undefined {
		if (this.wholeRefusal() !== undefined || this.overlapRefusal(task) !== undefined) {
			return undefined;
		}
		this.free ??= this.facts.agents.filter((agent) => agent.enabled && this.agentRefusal(agent) === undefined);
		const able = this.free.filter((agent) => takingRefusal(this.facts, agent, task) === undefined);
		return chooseAgent(able, task, {
			owner: this.facts.owners?.get(task.task_id),
			drifted: this.facts.drifted?.get(task.task_id),
			records: this.facts.settings['swarm.preferProven'] ? this.facts.records : undefined,
		});
	}

	/** Why nobody begins a task whose turn it is, as a phrase; undefined when somebody does. */
	refusal(task: Task): string | undefined {
		return this.choose(task) === undefined
			? (this.wholeRefusal() ?? this.overlapRefusal(task) ?? this.nobodyFree(this.ableTo(task)))
			: undefined;
	}

	/** Gives the task away. */
	take(task: Task, agent: Agent): void {
		this.work.push({ taskId: task.task_id, touches: task.touches, worker: agent.id, driver: agent.driver });
		this.count(agent.driver);
		this.free = undefined;
	}

	private wholeRefusal(): string | undefined {
		const limit = this.facts.settings['swarm.maxConcurrentRuns'];
		return this.active >= limit
			? `${limit} of ${limit} places are taken (dreamos.swarm.maxConcurrentRuns)`
			: this.facts.machine;
	}

	private overlapRefusal(task: Task): string | undefined {
		if (!this.facts.settings['swarm.separateTouches'] || task.touches.length === 0) {
			return undefined;
		}
		for (const { taskId, touches, worker } of this.work) {
			const overlap = touchOverlap(task.touches, touches);
			if (overlap !== undefined) {
				const what = overlap.left === overlap.right ? overlap.left : `${overlap.left} and ${overlap.right}`;
				return `it may change the same files as ${taskId}, at which ${worker} works: ${what} (dreamos.swarm.separateTouches)`;
			}
		}
		return undefined;
	}

	private agentRefusal(agent: Agent): string | undefined {
		return this.agentBusy(agent) ?? this.driverFull(agent);
	}

	private agentBusy({ id, limits }: Agent): string | undefined {
		const mine = this.work.filter(({ worker }) => worker === id);
		return mine.length < (limits.concurrent_runs ?? 1)
			? undefined
			: `${id} with ${mine.map(({ taskId }) => taskId).join(', ')}`;
	}

	private driverFull({ id, driver }: Agent): string | undefined {
		const limit = this.facts.settings['swarm.maxRunsPerDriver'][driver];
		return limit === undefined || (this.byDriver.get(driver) ?? 0) < limit
			? undefined
			: `${id} because ${limit} of ${limit} places of ${driver} agents are taken (dreamos.swarm.maxRunsPerDriver)`;
	}

	private nobodyFree(able: readonly Agent[]): string {
		const reasons = able.map((agent) => this.agentRefusal(agent) ?? agent.id);
		return able.some((agent) => this.agentBusy(agent) === undefined)
			? `every agent that may take it has to wait: ${listed(reasons)}`
			: `every agent that may take it is busy: ${listed(reasons)}`;
	}

	private isActive(run: Run): boolean {
		return (
			run.host_id !== null &&
			activeStates.includes(run.state) &&
			!isPausedRun(run) &&
			this.facts.asking?.has(run.run_id) !== true
		);
	}

	private count(driver: string): void {
		this.active += 1;
		this.byDriver.set(driver, (this.byDriver.get(driver) ?? 0) + 1);
	}
}

/** Why this agent never gets this task as things are, busy or not; undefined when it may. */
export function takingRefusal(
	facts: Pick<RoundFacts, 'drivers' | 'held' | 'models' | 'budget'>,
	agent: Agent,
	task: Task,
): string | undefined {
	const driver = facts.drivers.get(agent.driver);
	return (
		agentRefusal(agent, task) ??
		facts.held.get(agent.id) ??
		missingModel(agent, facts.models ?? []) ??
		facts.budget?.(task, agent) ??
		(driver === undefined ? `${agent.id} is driven by a person` : driver.refusal(agent, task))
	);
}
