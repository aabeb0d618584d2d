// Owns the live picture of a workspace: follows the ledger, reads only what changed, announces one new snapshot per change.

import type { Coalescer } from '../../base/async.ts';
import { coalesce } from '../../base/async.ts';
import type { Disposable, Event } from '../../base/event.ts';
import { Emitter } from '../../base/event.ts';
import { jsonEquals } from '../../base/json.ts';
import type { Logger } from '../../base/log.ts';
import type { AgentState } from '../agent/agent.ts';
import type { BoardProblem } from '../board/boardProblem.ts';
import { noUsage } from '../budget/usage.ts';
import { readAgentChecks } from '../agent/agentCheck.ts';
import { describeContainment, readMachineContainment } from '../containment/machineContainment.ts';
import type { Ledger, LedgerReader } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import { readHeldAgents } from '../loop/heldAgents.ts';
import type { OfferedModel } from '../models/languageModel.ts';
import { missingModel, readOfferedModels } from '../models/offeredModels.ts';
import type { Question } from '../question/question.ts';
import type { Run } from '../run/run.ts';
import { isOpenRun, isPausedRun } from '../run/run.ts';
import { factKeys, isLeaseAlive, leaseNames, readSwarmFact } from '../swarmFacts.ts';
import { LiveTasks, plainTasks } from '../task/liveTasks.ts';
import { ArchiveWindow } from './archiveWindow.ts';
import { orderBoards } from './boardOrder.ts';
import { ShownTasks } from './shownTasks.ts';
import { ShownUsage } from './shownUsage.ts';
import type { ShownAgent, ShownTask, SwarmSnapshot, SwarmState } from './swarmSnapshot.ts';
import { countStatuses, emptySnapshot, keyTasks } from './swarmSnapshot.ts';

/** What is shown of history; the ledger keeps all of it. */
const shownRunsPerAgent = 20;
const shownEvents = 100;
/** Bursts of commits become one picture, but for the first after a rest, which is shown at once. */
const windowMilliseconds = 15;

export class SwarmModel implements Disposable {
	private readonly emitter = new Emitter<SwarmSnapshot>((error) =>
		this.log.error('A view failed to follow the swarm.', error),
	);
	private readonly refresh: Coalescer;
	private readonly clock: Clock;
	private readonly log: Logger;
	private snapshot: SwarmSnapshot = emptySnapshot;
	private live = new LiveTasks(plainTasks);
	private archive = new ArchiveWindow();
	/** What is shown of `live` and `archive`. */
	private shown = new ShownTasks();
	private ledger: Ledger | undefined;
	private subscription: Disposable | undefined;
	private problems: readonly BoardProblem[] = [];
	/** When the runs that are shown were measured. */
	private measured: unknown;
	/** Wall time in milliseconds at which the last reading ended. */
	private readAt = Number.NEGATIVE_INFINITY;
	/** Who is left alone, with the reason: no event tells when that is over. */
	private held: Readonly<Record<string, string>> = {};
	private usage = new ShownUsage();
	private foreignTasks: readonly ShownTask[] | undefined;

	constructor(clock: Clock, log: Logger) {
		this.clock = clock;
		this.log = log;
		this.refresh = coalesce(
			() => (this.clock.now() - this.readAt > windowMilliseconds ? 0 : windowMilliseconds),
			() =>
				this.read().finally(() => {
					this.readAt = this.clock.now();
				}),
			(error) => this.log.error('The swarm could not be read.', error),
		);
	}

	readonly onDidChange: Event<SwarmSnapshot> = (listener) => this.emitter.event(listener);

	get current(): SwarmSnapshot {
		return this.snapshot;
	}

	/** Follows a ledger from now on; undefined when the workspace has none. */
	follow(ledger: Ledger | undefined): void {
		this.subscription?.dispose();
		this.ledger = ledger;
		this.foreignTasks = undefined;
		this.live = new LiveTasks(plainTasks);
		this.archive = new ArchiveWindow();
		this.shown = new ShownTasks();
		this.usage = new ShownUsage();
		this.subscription = ledger?.onDidChange(() => this.refresh.trigger());
		this.refresh.trigger();
	}

	/** Shows somebody else's boards, read-only. */
	showForeign(tasks: readonly ShownTask[]): void {
		this.follow(undefined);
		this.foreignTasks = tasks;
		this.refresh.trigger();
	}

	setProblems(problems: readonly BoardProblem[]): void {
		this.problems = problems;
		this.refresh.trigger();
	}

	/** Shows so many more archived tasks, the newest first. */
	showArchived(count: number): void {
		this.archive.widen(count);
		this.refresh.trigger();
	}

	/** Shows these archived tasks as well, in place of those named before. */
	showNamed(ids: readonly string[]): void {
		if (this.archive.name(ids)) {
			this.refresh.trigger();
		}
	}

	/** Looks again: for what changes with time alone, such as a host's lease that ran out. */
	poke(): void {
		this.refresh.trigger();
	}

	/** Resolves once everything asked for so far is in `current`. */
	settled(): Promise<void> {
		return this.refresh.idle();
	}

	dispose(): void {
		this.subscription?.dispose();
		this.refresh.dispose();
		this.emitter.dispose();
	}

	private async read(): Promise<void> {
		const { ledger } = this;
		const version = this.snapshot.version + 1;
		if (ledger === undefined) {
			const tasks = keyTasks(this.foreignTasks ?? []);
			this.publish({
				...emptySnapshot,
				version,
				workspace: this.foreignTasks === undefined ? 'none' : 'foreign',
				tasks,
				boards: orderBoards(tasks),
				counts: countStatuses(tasks.values()),
				problems: this.problems,
			});
			return;
		}
		const next = await ledger.read(async (reader) => {
			const swarm = await this.readSwarm(reader);
			// Leases are renewed every second; a picture that would show nothing else is neither read nor announced.
			const measured = await reader.fact(factKeys.measured);
			const held = await readHeldAgents(reader);
			const isSame = this.measured === measured && jsonEquals(Object.fromEntries(held), this.held);
			if (this.isShown(await reader.sequence(), swarm) && isSame) {
				return undefined;
			}
			this.measured = measured;
			this.held = Object.fromEntries(held);
			await this.usage.refresh(reader);
			const questions = await reader.questions({ state: 'open' });
			const agents = await this.readAgents(reader, questions, swarm.models ?? []);
			await this.readTasks(reader, agents);
			return {
				swarm,
				agents,
				questions,
				today: this.usage.today(this.clock.now()),
				events: await reader.events({ newestFirst: true, limit: shownEvents }),
			};
		});
		if (this.ledger === ledger && next !== undefined) {
			this.publish({
				...next,
				version,
				workspace: 'ours',
				tasks: this.shown.tasks,
				boards: this.shown.boards,
				archived: this.archive.total - this.archive.shown.size,
				counts: this.archive.addTo(countStatuses(this.live.onBoards.values())),
				problems: this.problems,
			});
		}
	}

	private async readSwarm(reader: LedgerReader): Promise<SwarmState> {
		const fact = await readSwarmFact(reader);
		const lease = await reader.lease(leaseNames.host);
		return {
			shouldRun: fact?.should_run ?? false,
			mode: fact?.mode ?? 'work',
			isHostAlive: isLeaseAlive(lease, this.clock.now()),
			models: await readOfferedModels(reader, this.clock.now()),
		};
	}

	private isShown(sequence: number, swarm: SwarmState): boolean {
		const { current } = this;
		return (
			current.workspace === 'ours' &&
			this.live.sequence === sequence &&
			this.archive.isWide &&
			current.problems === this.problems &&
			current.swarm.shouldRun === swarm.shouldRun &&
			current.swarm.mode === swarm.mode &&
			current.swarm.isHostAlive === swarm.isHostAlive &&
			JSON.stringify(current.swarm.models) === JSON.stringify(swarm.models)
		);
	}

	private publish(snapshot: SwarmSnapshot): void {
		this.snapshot = snapshot;
		this.emitter.fire(snapshot);
	}

	private async readTasks(reader: LedgerReader, agents: readonly ShownAgent[]): Promise<void> {
		const changed = await this.live.refresh(reader);
		const named = agents.flatMap(({ runs }) => runs.map(({ task_id }) => task_id));
		const read = await this.live.include(reader, named);
		const isAnother = (await this.archive.refresh(reader)) || changed === 'everything';
		this.shown.update(isAnother ? 'everything' : new Set([...changed, ...read]), {
			archive: this.archive.shown,
			named: this.live.archived,
			onBoards: this.live.onBoards,
		});
	}

	private async readAgents(
		reader: LedgerReader,
		questions: readonly Question[],
		models: readonly OfferedModel[],
	): Promise<ShownAgent[]> {
		const asking = new Set(questions.map(({ run_id }) => run_id));
		const agents = await reader.agents();
		const checks = await readAgentChecks(reader);
		const machine = await readMachineContainment(reader);
		const { byAgent } = this.usage.today(this.clock.now());
		return Promise.all(
			agents.map(async (agent) => {
				const runs = await reader.runs({ worker: agent.id, limit: shownRunsPerAgent });
				const run = runs.find(({ state }) => isOpenRun(state));
				return {
					agent,
					run,
					runs,
					state: stateOf(agent.enabled, run, asking),
					check: checks.get(agent.id),
					containment: describeContainment(agent, machine),
					missingModel: missingModel(agent, models),
					held: this.held[agent.id],
					usage: {
						today: byAgent.get(agent.id) ?? noUsage,
						run: run === undefined ? noUsage : this.usage.ofRun(run.run_id),
					},
				};
			}),
		);
	}
}

function stateOf(isEnabled: boolean, run: Run | undefined, asking: ReadonlySet<string>): AgentState {
	if (run !== undefined) {
		return run.state === 'review'
			? 'review'
			: isPausedRun(run)
				? 'paused'
				: asking.has(run.run_id)
					? 'asking'
					: 'working';
	}
	return isEnabled ? 'idle' : 'disabled';
}
