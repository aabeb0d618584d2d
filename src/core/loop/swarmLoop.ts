// Owns the loop: follows the ledger, begins what can begin, tells runs that lost their task, and knows when there is nothing to
// do. It decides nothing itself: schedule.ts does.

import type { Coalescer } from '../../base/async.ts';
import { coalesce } from '../../base/async.ts';
import type { Disposable } from '../../base/event.ts';
import { describeError, isDreamError } from '../../base/errors.ts';
import type { Agent } from '../agent/agent.ts';
import type { Driver } from '../driver/driver.ts';
import type { Chance } from '../recovery/backOff.ts';
import { reclaimReferences } from '../landing/runReferences.ts';
import { missingModel } from '../models/offeredModels.ts';
import { byTask } from '../question/startConsent.ts';
import type { Machine } from '../ports.ts';
import type { Run, RunState } from '../run/run.ts';
import { drivenStates } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import { advanceTask, claimTask } from '../task/advanceTask.ts';
import { requireTask } from '../task/moveTask.ts';
import { withoutMachine } from './attempts.ts';
import { readEarlierEnds } from './earlierEnds.ts';
import { HeldAgents } from './heldAgents.ts';
import { HostBudget } from './hostBudget.ts';
import type { ClaimedRun, HostRunParts } from './hostRunParts.ts';
import { runLogPath } from '../run/runLogPath.ts';
import { HostRun } from './hostRun.ts';
import { publishRest } from './idle.ts';
import { MachineRoom } from './machineRoom.ts';
import type { LoopPicture } from './loopPicture.ts';
import { LoopPictures } from './loopPicture.ts';
import { findResumedWork, pausedWork } from './resumedWork.ts';
import type { AgentFailure, RunStop } from './runEnding.ts';
import type { Start } from './schedule.ts';
import { planStarts } from './schedule.ts';
import { StartConsents } from './startConsents.ts';

export interface SwarmLoopParts extends Omit<HostRunParts, 'onUnusableAgent' | 'onAgentEnded' | 'budget'> {
	readonly drivers: ReadonlyMap<string, Driver>;
	/** Without it nobody looks whether the machine has room for another agent. */
	readonly machine?: Machine | undefined;
	/** What makes pauses differ; a seeded one in tests. */
	readonly chance?: Chance;
	/** Whether hooks of events up to this sequence are still to be run; the swarm does not rest before they were. */
	readonly areHooksDue?: (sequence: number) => boolean;
}

const windowMilliseconds = 5;
/** For what no event tells; every change is followed at once. */
const slowTickMilliseconds = 1000;
/** A guard that refused a claim is asked again after this time: what it judges may have changed outside. */
const guardPauseMilliseconds = 60_000;
const waitingStates: readonly RunState[] = ['review', 'landing'];

export class SwarmLoop implements Disposable {
	private readonly parts: SwarmLoopParts;
	private readonly work: Coalescer;
	private readonly subscription: Disposable;
	private readonly timer: ReturnType<typeof setInterval>;
	private readonly held: HeldAgents;
	private readonly runs = new Map<string, HostRun>();
	private readonly pictures: LoopPictures;
	private readonly room: MachineRoom;
	private readonly budget: HostBudget;
	private readonly consents: StartConsents;
	/** What the last decision was based on; the same picture is not decided on twice. */
	private decided = '';
	private restedAt = -1;
	/** Tasks a guard kept from being claimed, with the monotonic time from which it is asked again. */
	private readonly guarded = new Map<string, number>();
	private waitingRuns: ReadonlySet<string> = new Set();
	private isStopping = false;
	/** What an earlier host said of held agents was looked at, and told anew. */
	private isHeldPublished = false;

	constructor(parts: SwarmLoopParts) {
		this.parts = parts;
		this.pictures = new LoopPictures(parts.clock);
		this.held = new HeldAgents(parts.chance ?? Math.random);
		this.budget = new HostBudget({
			...parts,
			task: (id) => this.pictures.task(id),
			agent: (id) => this.pictures.agent(id),
		});
		this.consents = new StartConsents(parts);
		this.room = new MachineRoom(parts.machine, parts.clock);
		this.work = coalesce(
			windowMilliseconds,
			() => this.tick(),
			(error) => this.onTickError(error),
		);
		this.subscription = parts.ledger.onDidChange(() => this.work.trigger());
		this.timer = setInterval(() => this.work.trigger(), slowTickMilliseconds);
		this.work.trigger();
	}

	/** Begins nothing more and ends every run as told. Resolves when nothing of any run is left on the machine. */
	async stop(stop: RunStop): Promise<void> {
		this.isStopping = true;
		for (const run of this.runs.values()) {
			run.stop(stop);
		}
		this.dispose();
		await this.work.idle();
		for (const run of this.runs.values()) {
			run.stop(stop);
		}
		await Promise.all([...this.runs.values()].map(({ done }) => done));
		if (stop.kind === 'release') {
			await this.consents.close();
		}
	}

	/** Looks again: for what no event tells. */
	poke(): void {
		this.work.trigger();
	}

	dispose(): void {
		this.isStopping = true;
		this.subscription.dispose();
		clearInterval(this.timer);
		this.work.dispose();
	}

	private onTickError(error: unknown): void {
		this.decided = '';
		if (isDreamError(error, 'host.fenced')) {
			this.parts.onFenced();
		} else {
			this.parts.log.warn(`The swarm was not looked at: ${describeError(error)}`);
		}
	}

	private async tick(): Promise<void> {
		const picture = await this.parts.ledger.read(async (reader) => {
			await this.budget.refresh(reader);
			return this.pictures.read(reader);
		});
		this.noticeTaken(picture);
		this.noticeDecided(picture);
		this.noticeSteering(picture);
		if (this.isStopping || !picture.shouldRun) {
			return;
		}
		await this.goOnWithPaused(picture);
		const settings = this.parts.settings();
		if (!this.isHeldPublished) {
			const ends = await this.parts.ledger.read(readEarlierEnds);
			this.held.remember(ends, picture.agents, settings, this.parts.clock.now());
		}
		if (
			this.held.review(picture.agents, settings, picture.checks, this.parts.clock.now()) ||
			!this.isHeldPublished
		) {
			this.decided = '';
			this.isHeldPublished = true;
			await this.held.publish((work) => this.parts.ledger.write(work));
		}
		await this.lookAtMachine(picture, settings);
		await this.budget.tell(picture.agents, picture.openRuns);
		await this.budget.letGoOn(picture.unfunded);
		this.forgetGuarded();
		const policy = settings.autonomy === 'askForRisky' ? await this.parts.policy.read() : undefined;
		const basis = JSON.stringify([
			picture.sequence,
			this.runs.size,
			[...this.held.reasons.keys()],
			[...this.guarded.keys()],
			this.parts.areHooksDue?.(picture.sequence) === true,
			picture.models,
			this.room.reason,
			policy,
			this.budget.held(picture.agents),
			settings,
		]);
		if (basis === this.decided) {
			return;
		}
		this.decided = basis;
		// What an attempt leaves is kept before the next one begins.
		const ending = new Set([...this.runs.values()].map(({ taskId }) => taskId));
		const { starts, asks } = planStarts({
			...picture,
			tasks: this.pictures.tasks,
			passedOver: new Set([...ending, ...this.guarded.keys()]),
			settings,
			drivers: this.parts.drivers,
			held: this.held.reasons,
			machine: this.room.reason,
			budget: this.budget.check(),
			startQuestions: byTask(picture.openStarts),
			policy,
		});
		await this.consents.keep(picture.openStarts, asks, {
			tasks: this.pictures.tasks,
			settings,
			policy,
		});
		for (const start of starts) {
			await this.begin(start);
		}
		if (starts.length + asks.length === 0) {
			await this.noticeRest(picture);
		}
	}

	/** A run that is no longer open in the ledger was ended by somebody else: a person cancelled, released or completed its task. */
	private noticeTaken({ openRuns }: LoopPicture): void {
		const open = new Set(openRuns.map(({ run_id }) => run_id));
		for (const [id, run] of this.runs) {
			if (!open.has(id)) {
				run.stop({ kind: 'taken' });
			}
		}
	}

	private noticeSteering({ openRuns, messages }: LoopPicture): void {
		for (const run of openRuns) {
			this.runs.get(run.run_id)?.steer(
				run,
				messages.filter(({ task_id }) => task_id === run.task_id),
			);
		}
	}

	/** Runs that were paused when their host ended, and may go on. Their task stays theirs all the time. */
	private async goOnWithPaused({ openRuns, agents, models }: LoopPicture): Promise<void> {
		for (const run of openRuns) {
			const isWaiting = run.pause?.is_over === true && drivenStates.includes(run.state);
			const agent = agents.find(({ id }) => id === run.worker);
			const isAble = agent === undefined || missingModel(agent, models) === undefined;
			if (isWaiting && isAble && run.host_id !== null && !this.runs.has(run.run_id)) {
				await this.goOn(run, agent);
			}
		}
	}

	private async goOn(run: Run, agent: Agent | undefined): Promise<void> {
		const { ledger, drivers, log } = this.parts;
		const driver = agent === undefined ? undefined : drivers.get(agent.driver);
		this.decided = '';
		try {
			if (agent === undefined || driver === undefined) {
				await ledger.write((transaction) =>
					advanceTask(transaction, {
						taskId: run.task_id,
						move: 'release',
						reason: `${run.worker}, which was paused, is not there any more`,
						token: run,
						runPatch: withoutMachine,
					}),
				);
				return;
			}
			const folder = run.worktree ?? this.parts.files.join(this.parts.worktreesFolder, run.run_id);
			const claim = await ledger.write(async (transaction) => ({
				task: (await requireTask(transaction, run.task_id)).task,
				run: await transaction.updateRun(run, {
					host_id: ledger.hostId,
					worktree: folder,
					active_at: transaction.at,
				}),
			}));
			this.launch({ ...claim, agent, driver, folder, resumed: pausedWork({ run: claim.run, folder }) });
			log.info(`${run.run_id}: ${agent.id} goes on with ${run.task_id}, which was paused.`);
		} catch (error) {
			if (isDreamError(error, 'host.fenced')) {
				throw error;
			}
			log.warn(`${run.run_id} did not go on: ${describeError(error)}`);
		}
	}

	private launch(claim: ClaimedRun): void {
		const run = new HostRun(
			{
				...this.parts,
				budget: this.budget,
				onUnusableAgent: (unusable, why) => this.hold(unusable, why),
				onAgentEnded: (agent, failure) => this.noteEnd(agent, failure),
			},
			claim,
		);
		this.runs.set(run.runId, run);
		void run.done.then(() => {
			this.runs.delete(run.runId);
			this.work.trigger();
		});
	}

	/** A change that waited was landed, rejected or dropped: its reference may go, or becomes a rescue reference. */
	private noticeDecided({ openRuns }: LoopPicture): void {
		const waiting = new Set(
			openRuns.filter(({ state }) => waitingStates.includes(state)).map(({ run_id }) => run_id),
		);
		const hasEnded = [...this.waitingRuns].some((id) => !waiting.has(id));
		this.waitingRuns = waiting;
		if (hasEnded) {
			reclaimReferences(this.parts.git, this.parts.ledger.read).catch((error: unknown) =>
				this.parts.log.warn(`References were not cleared away: ${describeError(error)}`),
			);
		}
	}

	private async begin({ task: { task }, agent, reason }: Start): Promise<void> {
		const { ledger, files, clock, log, drivers, worktreesFolder } = this.parts;
		const driver = drivers.get(agent.driver);
		if (driver === undefined || this.isStopping) {
			return;
		}
		try {
			const resumed = await findResumedWork(
				{ ...this.parts, read: (work) => ledger.read(work) },
				task.task_id,
				agent,
			);
			const claim = await ledger.write(async (transaction) => {
				const { stored, run } = await claimTask(transaction, {
					taskId: task.task_id,
					worker: agent.id,
					driver: agent.driver,
					hostId: ledger.hostId,
					now: clock.now(),
					reason,
				});
				const folder = resumed?.folder ?? files.join(worktreesFolder, run.run_id);
				const prepared = await transaction.updateRun(run, {
					state: 'preparing',
					worktree: folder,
					log_file: runLogPath(run.run_id),
				});
				return { run: prepared, task: stored.task, agent, driver, folder, resumed };
			});
			this.launch(claim);
			log.info(`${claim.run.run_id}: ${agent.id} begins ${task.task_id} (${reason}).`);
		} catch (error) {
			if (isDreamError(error, 'host.fenced')) {
				throw error;
			}
			if (isDreamError(error, 'task.guardRefused')) {
				this.guarded.set(task.task_id, clock.monotonic() + guardPauseMilliseconds);
			}
			// Somebody else was first, or the ledger is busy: the next look decides again.
			this.decided = '';
			log.info(`${agent.id} did not get ${task.task_id}: ${describeError(error)}`);
		}
	}

	/** Only while something waits to begin: what nobody waits for is not measured. */
	private async lookAtMachine({ isReady }: LoopPicture, settings: Settings): Promise<void> {
		if (isReady && (await this.room.look(settings))) {
			await this.room.publish((work) => this.parts.ledger.write(work));
			this.parts.log.info(this.room.reason ?? 'The machine has room for another agent.');
		}
	}

	private forgetGuarded(): void {
		for (const [id, until] of this.guarded) {
			if (until <= this.parts.clock.monotonic()) {
				this.guarded.delete(id);
			}
		}
	}

	private noteEnd(agent: Agent, failure: AgentFailure | undefined): 'pays' | 'spared' {
		const { clock, settings } = this.parts;
		const { price, reason } = this.held.noteEnd(agent, failure, settings(), clock.now());
		if (reason !== undefined) {
			this.tellHeld(reason);
		}
		return price;
	}

	private hold(agent: Agent, reason: string): void {
		this.held.hold(agent, this.parts.settings(), reason, this.parts.clock.now());
		this.tellHeld(
			`${agent.id} gets no task until its entry or a setting changes, it passes a check, or the swarm is started again: ${reason}`,
		);
	}

	private tellHeld(news: string): void {
		this.parts.log.warn(news);
		this.held.publish((work) => this.parts.ledger.write(work)).catch((error: unknown) => this.onTickError(error));
	}

	/** Says so when nothing runs, nothing can start, and nothing of an earlier run is left to clean up. */
	private async noticeRest({ sequence, openRuns, isReady }: LoopPicture): Promise<void> {
		const isGoing = openRuns.some(({ host_id: host, state }) => host !== null && state !== 'review');
		const isDue = this.parts.areHooksDue?.(sequence) === true;
		const isBreath = isReady && (this.room.reason !== undefined || this.held.isSoonFree(this.parts.clock.now()));
		if (this.runs.size > 0 || isGoing || isDue || isBreath || sequence <= this.restedAt) {
			return;
		}
		await this.parts.ledger.write((transaction) => publishRest(transaction, this.parts.ledger.hostId, sequence));
		this.restedAt = sequence;
	}
}
