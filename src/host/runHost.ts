// Owns the life of the host's process: open the workspace, wait for leadership, lead, close. It obeys the ledger, signals and, where
// asked, the stdin of the program that began it.

import { productVersion } from '../base/productVersion.ts';
import { rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DreamError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';
import type { Actor } from '../core/actor.ts';
import { sharedPlace } from '../core/driver/sharedPlace.ts';
import { HooksFile } from '../core/hooks/hooksFile.ts';
import { LeaderLease } from '../core/loop/leaderLease.ts';
import { LedgerModels } from '../core/models/ledgerModels.ts';
import { runtimePaths } from '../core/paths.ts';
import { PolicyFile } from '../core/policy/policyFile.ts';
import { leaseNames, readSwarmFact } from '../core/swarmFacts.ts';
import { lookAtWorkspace } from '../core/workspace/lookAtWorkspace.ts';
import { createDrivers } from '../drivers/drivers.ts';
import { createFileLandingTarget } from '../node/fileLandingTarget.ts';
import { nodeFileSystem } from '../node/nodeFileSystem.ts';
import { findPlaces } from '../workspace/findPlaces.ts';
import { openWorkspace } from '../workspace/openWorkspace.ts';
import { takeKeys } from '../workspace/handedKeys.ts';
import { dropMemoryEnvironment } from '../workspace/hostMemory.ts';
import type { OpenWorkspace } from '../workspace/workspaceOptions.ts';
import type { HostExitCode } from './exitCodes.ts';
import { hostExitCodes } from './exitCodes.ts';
import { systemMachine } from '../node/systemMachine.ts';
import { isHostGone, thisHost } from '../node/hostIdentity.ts';
import { createHostLog } from './hostLog.ts';
import { leadSwarm } from './leadSwarm.ts';
import { lateTools } from './lateTools.ts';
import { StopWatch } from './stopWatch.ts';

export interface HostOptions {
	/** Absolute path of the workspace folder. */
	readonly folder: string;
	/** End in order when stdin closes: the program that began this host is gone. */
	readonly isOwnedByParent: boolean;
	/** Absolute path of the running bundle. */
	readonly script: string;
}

const guardEveryMilliseconds = 2000;

/** Runs a host to its end and resolves to its exit code. Rejects when it could not start or broke. */
export async function runHost(options: HostOptions): Promise<HostExitCode> {
	const { folder } = options;
	const keys = takeKeys(process.env);
	dropMemoryEnvironment(process.env);
	const { state } = await lookAtWorkspace(nodeFileSystem, folder);
	if (state !== 'ours') {
		// Not even a log is written to a folder that is not ours; the reason is on stderr, where the starter looks.
		throw new DreamError('workspace.notInitialized', `${folder} is not set up for Dream.OS.`, {
			advice: 'Initialize the workspace, or adopt its boards, first.',
		});
	}
	const log = createHostLog({ path: join(folder, runtimePaths.hostLog) });
	const workspace = await openWorkspace({
		folder,
		log,
		startedFrom: 'terminal',
		hostScript: options.script,
		follows: 'boards',
	});
	try {
		return await runInWorkspace({ ...options, keys }, workspace, log);
	} catch (error) {
		log.error('The host ends with an error.', error);
		throw error;
	} finally {
		await workspace.close();
	}
}

async function runInWorkspace(
	options: HostOptions & { readonly keys: AgentKeys },
	workspace: OpenWorkspace,
	log: Logger,
): Promise<HostExitCode> {
	const ledger = workspace.ledger();
	if (ledger === undefined) {
		throw new DreamError('workspace.notInitialized', `${options.folder} has no ledger.`, {
			advice: 'Initialize or adopt the workspace first.',
		});
	}
	const { clock, files, processes, git, container } = workspace.ports;
	const settings = () => workspace.settings();
	const places = await findPlaces(options.folder, workspace.ports.git, workspace.settings());
	const actor: Actor = { kind: 'host', id: newId(leaseNames.host) };
	const stopWatch = new StopWatch({ ledger, clock, log, settings });
	const release = obeyProcess(stopWatch, options.isOwnedByParent, log);
	const lost = new AbortController();
	const tools = lateTools({
		dream: workspace.dream,
		ledger,
		log,
		folder: options.folder,
		script: options.script,
		keys: options.keys,
	});
	const guard = guardLedger(join(options.folder, runtimePaths.ledger), () => {
		lost.abort('the ledger file was removed or replaced');
		stopWatch.stop('the ledger file was removed or replaced');
	});
	try {
		const fact = await ledger.read(readSwarmFact);
		const lease = await LeaderLease.take(
			{
				ledger,
				clock,
				log,
				actor,
				holder: actor.id,
				data: {
					...(await thisHost()),
					version: productVersion,
					started_from: fact?.started_from ?? 'terminal',
				},
				isGone: isHostGone,
			},
			stopWatch.signal,
			(leader) => log.info(`Host ${leader.holder} (pid ${JSON.stringify(leader.data['pid'])}) leads; waiting.`),
		);
		try {
			log.info(`${actor.id} (pid ${process.pid}, Node ${process.versions.node}) leads ${options.folder}.`);
			return await leadSwarm({
				...places,
				ledger,
				actor,
				lease,
				stopWatch,
				lost,
				git,
				files,
				processes,
				clock,
				machine: systemMachine(),
				log,
				settings,
				drivers: createDrivers({
					clock,
					files,
					processes,
					container,
					keys: options.keys,
					languageModels: new LedgerModels({ ledger: () => ledger, clock, log, actor, askedBy: actor.id }),
					shared: sharedPlace(places.worktreesFolder),
				}),
				container,
				landingTarget: createFileLandingTarget({
					topFolder: places.topFolder,
					stagingFolder: join(options.folder, runtimePaths.landing),
				}),
				hooks: new HooksFile(files, join(options.folder, runtimePaths.hooks)),
				policy: new PolicyFile(files, options.folder),
				workspaceFolder: options.folder,
				openTools: tools.open,
				flushBoards: () => workspace.flushBoards(),
			});
		} finally {
			lease.dispose();
		}
	} catch (error) {
		if (stopWatch.reason !== undefined && error === stopWatch.signal.reason) {
			log.info(`Ended while waiting: ${stopWatch.reason}.`);
			return hostExitCodes.stopped;
		}
		throw error;
	} finally {
		await tools.close();
		clearInterval(guard);
		release();
		stopWatch.dispose();
		removeIfEmpty(places.worktreesFolder);
	}
}

/** Another host may have worktrees in it; then it stays. */
function removeIfEmpty(folder: string): void {
	try {
		rmdirSync(folder);
	} catch {
		// Not empty, or not there.
	}
}

/** SQLite goes on writing to a file that was deleted, and nobody would ever read it: such a host must not go on. */
function guardLedger(path: string, onGone: () => void): ReturnType<typeof setInterval> {
	const inode = () => statSync(path, { throwIfNoEntry: false })?.ino;
	const first = inode();
	return setInterval(() => {
		if (inode() !== first) {
			onGone();
		}
	}, guardEveryMilliseconds);
}

/** Ends in order on signals and, for a host that belongs to a terminal, when its stdin closes. A second signal ends at once. */
function obeyProcess(stopWatch: StopWatch, isOwnedByParent: boolean, log: Logger): () => void {
	const onBreak = (error: unknown) => log.error('The host breaks down.', error);
	process.on('uncaughtExceptionMonitor', onBreak);
	const onSignal = (signal: NodeJS.Signals) => {
		if (stopWatch.reason !== undefined) {
			process.exit(hostExitCodes.failed);
		}
		stopWatch.stop(`the host got ${signal}`);
	};
	const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
	for (const signal of signals) {
		process.on(signal, onSignal);
	}
	const onParentGone = () => stopWatch.stop('the program that began it ended');
	if (isOwnedByParent) {
		process.stdin.on('end', onParentGone).on('close', onParentGone).on('error', onParentGone).resume();
	}
	return () => {
		process.off('uncaughtExceptionMonitor', onBreak);
		for (const signal of signals) {
			process.off(signal, onSignal);
		}
		if (isOwnedByParent) {
			process.stdin
				.off('end', onParentGone)
				.off('close', onParentGone)
				.off('error', onParentGone)
				.pause()
				.unref();
		}
	};
}
