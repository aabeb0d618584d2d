// Owns the time in which this host leads: recovery first, then the loop and the landings, then an orderly end or, when leadership
// is lost, an immediate one.

import { Sequencer } from '../base/async.ts';
import type { Disposable } from '../base/event.ts';
import type { Logger } from '../base/log.ts';
import { describeError, isDreamError } from '../base/errors.ts';
import { countOf } from '../base/words.ts';
import type { Actor } from '../core/actor.ts';
import type { Container } from '../core/containment/container.ts';
import { keepMachineContainment } from '../core/containment/machineContainment.ts';
import type { Driver } from '../core/driver/driver.ts';
import type { OpenRunTools } from '../core/driver/jobTools.ts';
import type { HooksFile } from '../core/hooks/hooksFile.ts';
import { HookWorker } from '../core/hooks/hookWorker.ts';
import type { LandingBounds } from '../core/landing/landingPath.ts';
import type { LandingTarget } from '../core/landing/landingTarget.ts';
import { landingGuard } from '../core/landing/landRun.ts';
import { LandingWorker } from '../core/landing/landingWorker.ts';
import type { Ledger } from '../core/ledger.ts';
import type { HostLedger } from '../core/loop/hostLedger.ts';
import { createHostLedger } from '../core/loop/hostLedger.ts';
import { workspaceQueueKey } from '../core/loop/prepareFolder.ts';
import type { LeaderLease } from '../core/loop/leaderLease.ts';
import { recoverRuns } from '../core/loop/recoverRuns.ts';
import { ResourceWatch } from '../core/loop/resourceWatch.ts';
import { TrialMerges } from '../core/loop/trialMerges.ts';
import { SwarmLoop } from '../core/loop/swarmLoop.ts';
import { WorktreePool } from '../core/worktree/worktreePool.ts';
import { publishSizes } from '../core/worktree/worktreeSizes.ts';
import type { Clock, FileSystem, Git, Machine, ProcessRunner } from '../core/ports.ts';
import type { PolicyFile } from '../core/policy/policyFile.ts';
import type { Settings } from '../core/settings.ts';
import type { HostExitCode } from './exitCodes.ts';
import { hostExitCodes } from './exitCodes.ts';
import { keepSearchReady } from './searchUpkeep.ts';
import type { StopWatch } from './stopWatch.ts';

export interface LeadParts {
	readonly ledger: Ledger;
	readonly actor: Actor;
	readonly lease: LeaderLease;
	readonly stopWatch: StopWatch;
	/** Aborted, with the reason as text, when nothing may be written any more. */
	readonly lost: AbortController;
	readonly git: Git;
	readonly files: FileSystem;
	readonly processes: ProcessRunner;
	readonly clock: Clock;
	/** What is left of the machine decides whether another agent begins. */
	readonly machine?: Machine;
	readonly log: Logger;
	readonly settings: () => Settings;
	readonly drivers: ReadonlyMap<string, Driver>;
	/** What agents are contained with; told to everybody who looks at agents. */
	readonly container?: Pick<Container, 'look'>;
	readonly landingTarget: LandingTarget;
	/** At most one look at the files of a run in this time. */
	readonly radarMilliseconds?: number;
	/** Files of a worktree, as a place for a change. */
	readonly worktreeTarget: (folder: string) => LandingTarget;
	/** Commands to run after events. */
	readonly hooks: HooksFile;
	/** What agents may do when they ask. */
	readonly policy: PolicyFile;
	readonly workspaceFolder: string;
	readonly worktreesFolder: string;
	readonly bounds: LandingBounds;
	/** Serves the tools of agents; without it they get none. */
	readonly openTools?: OpenRunTools;
	/** Brings the board files up to date before the end. */
	readonly flushBoards: () => Promise<void>;
}

/** How long hooks that are due may hold up the end; what is left is run by the next host. */
const hookGraceMilliseconds = 4000;
/** A change of hands of windows is noticed by time alone. */
const pokeEveryMilliseconds = 1000;

/** Leads until told to stop or passed over; resolves when nothing of its work is left running. */
export async function leadSwarm(parts: LeadParts): Promise<HostExitCode> {
	const { ledger, actor, lease, stopWatch, lost, log, clock } = parts;
	const subscription = lease.onDidLose((reason) => lost.abort(reason));
	const hostLedger = createHostLedger({
		ledger,
		actor,
		hostId: actor.id,
		epoch: lease.epoch,
		log,
		signal: lost.signal,
	});
	const onFenced = () => lost.abort('another host leads');
	const workspaceQueue = new Sequencer();
	let worktrees: WorktreePool | undefined;
	let landings: LandingWorker | undefined;
	let loop: SwarmLoop | undefined;
	let hooks: HookWorker | undefined;
	let poke: ReturnType<typeof setInterval> | undefined;
	let search: Disposable | undefined;
	let trials: TrialMerges | undefined;
	let resources: ResourceWatch | undefined;
	try {
		const hookWorker = await HookWorker.begin({ ...parts, ledger: hostLedger, onCaughtUp: () => loop?.poke() });
		hooks = hookWorker;
		await hostLedger.persist((transaction) =>
			transaction.append({
				type: 'host.started',
				message: `swarm host ${actor.id} leads`,
				data: { pid: process.pid },
			}),
		);
		void tellContainment(hostLedger, parts.container, log);
		const begin = clock.monotonic();
		const count = await recoverRuns({ ...parts, ledger: hostLedger });
		log.info(
			`Ready after ${Math.round(clock.monotonic() - begin)} ms; ${count === 0 ? 'nothing' : countOf(count, 'run')} to recover.`,
		);
		worktrees = await WorktreePool.open({
			...parts,
			onFull: async (message) => {
				log.warn(message);
				await hostLedger
					.write((transaction) => transaction.append({ type: 'worktree.capped', message }))
					.catch((error: unknown) => log.warn(describeError(error)));
			},
			onMeasured: (sizes) =>
				publishSizes(hostLedger, sizes).catch((error: unknown) => log.warn(describeError(error))),
		});
		landings = new LandingWorker({
			...parts,
			read: (work) => hostLedger.read(work),
			write: (work) => hostLedger.persist(work),
			onDidChange: ledger.onDidChange,
			target: queued(parts.landingTarget, workspaceQueue),
			...landingGuard(ledger, actor),
			conflictRetries: () => parts.settings()['landing.conflictRetries'],
			side: 'host',
			taker: actor.id,
		});
		resources = new ResourceWatch({ ...parts, ledger: hostLedger });
		loop = new SwarmLoop({
			...parts,
			resources,
			ledger: hostLedger,
			workspaceQueue,
			worktrees,
			onFenced,
			areHooksDue: (sequence) => hookWorker.isDue(sequence),
		});
		trials = new TrialMerges({
			...parts,
			ledger: hostLedger,
			onDidChange: ledger.onDidChange,
			workspaceQueue,
			workspacePath: parts.bounds.workspacePath,
		});
		const worker = landings;
		poke = setInterval(() => worker.poke(), pokeEveryMilliseconds);
		search = keepSearchReady(ledger, log);
		await Promise.race([stopWatch.stopped(), aborted(lost.signal)]);
	} catch (error) {
		if (!isDreamError(error, 'host.fenced')) {
			throw error;
		}
		onFenced();
	} finally {
		clearInterval(poke);
		subscription.dispose();
		search?.dispose();
		trials?.dispose();
		resources?.dispose();
		landings?.dispose();
		// Runs that end need the repository, and it is held as long as a worktree is made.
		worktrees?.cease();
	}
	if (!lost.signal.aborted) {
		const reason = stopWatch.reason ?? 'the host stops';
		log.info(`Stopping: ${reason}.`);
		await loop?.stop({ kind: 'release', reason, isUrgent: stopWatch.isUrgent });
		await endDrivers(parts);
		await landings?.idle();
		await worktrees?.stop(false);
		await trials?.idle();
		await hooks?.stop(hookGraceMilliseconds);
	}
	hooks?.dispose();
	if (lost.signal.aborted) {
		log.error(`Everything ends now and nothing more is written: ${String(lost.signal.reason)}.`);
		await loop?.stop({ kind: 'abandon' });
		await endDrivers(parts);
		await worktrees?.stop(true);
		return hostExitCodes.leaseLost;
	}
	await conclude(parts);
	return hostExitCodes.stopped;
}

/** Ends what drivers keep ready between runs. */
async function endDrivers({ drivers, log }: LeadParts): Promise<void> {
	await Promise.all([...drivers.values()].map(async (driver) => driver.dispose?.())).catch((error: unknown) =>
		log.error('A process of an agent could not be ended.', error),
	);
}

async function conclude({ ledger, actor, lease, flushBoards, stopWatch, log }: LeadParts): Promise<void> {
	const reason = stopWatch.reason ?? 'stopped';
	await flushBoards().catch((error: unknown) => log.error('The boards are not up to date.', error));
	await ledger.write(actor, (transaction) =>
		transaction.append({
			type: 'host.stopped',
			message: `swarm host ${actor.id} stopped: ${reason}`,
			data: { pid: process.pid },
		}),
	);
	await lease.release().catch((error: unknown) => log.warn(`The lease was not given back: ${describeError(error)}`));
	log.info(`Stopped: ${reason}.`);
}

/** A landing waits for a snapshot in progress and the other way round, so that no run begins with half a change. */
function queued(target: LandingTarget, queue: Sequencer): LandingTarget {
	return {
		read: (path) => target.read(path),
		apply: (operations, label) => queue.run(workspaceQueueKey, () => target.apply(operations, label)),
	};
}

function aborted(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) {
			resolve();
		}
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
}

/** Looking takes as long as starting a program; nobody waits for it. */
async function tellContainment(
	ledger: HostLedger,
	container: Pick<Container, 'look'> | undefined,
	log: Logger,
): Promise<void> {
	try {
		const found = await container?.look();
		if (found !== undefined) {
			await ledger.write((transaction) => keepMachineContainment(transaction, found));
		}
	} catch (error) {
		log.warn(`What agents are contained with was not told: ${describeError(error)}`);
	}
}
