// Owns a whole swarm in a temp folder: a real repository, a real ledger, real processes. Hosts run in this process here; what
// must survive the death of a process is tested with real host processes.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { toError } from '../../src/base/errors.ts';
import type { JsonObject } from '../../src/base/json.ts';
import type { Logger } from '../../src/base/log.ts';
import { nullLogger } from '../../src/base/log.ts';
import type { Agent } from '../../src/core/agent/agent.ts';
import type { Container } from '../../src/core/containment/container.ts';
import type { Driver } from '../../src/core/driver/driver.ts';
import type { OpenRunTools } from '../../src/core/driver/jobTools.ts';
import type { LedgerEvent } from '../../src/core/events.ts';
import { GuardedLedger } from '../../src/core/hooks/guardedLedger.ts';
import { sharedPlace } from '../../src/core/driver/sharedPlace.ts';
import { HooksFile } from '../../src/core/hooks/hooksFile.ts';
import type { LandingTarget } from '../../src/core/landing/landingTarget.ts';
import type { Lease, Ledger } from '../../src/core/ledger.ts';
import { isIdle } from '../../src/core/loop/idle.ts';
import { LeaderLease } from '../../src/core/loop/leaderLease.ts';
import { runtimePaths } from '../../src/core/paths.ts';
import { PolicyFile } from '../../src/core/policy/policyFile.ts';
import type { Clock, Git, Machine } from '../../src/core/ports.ts';
import type { Run } from '../../src/core/run/run.ts';
import type { Settings } from '../../src/core/settings.ts';
import { defaultSettings } from '../../src/core/settings.ts';
import { factKeys, leaseNames } from '../../src/core/swarmFacts.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import type { Task } from '../../src/core/task/task.ts';
import { arrivalsFolder } from '../../src/core/worktree/worktreeNames.ts';
import { createDrivers } from '../../src/drivers/drivers.ts';
import { leadSwarm } from '../../src/host/leadSwarm.ts';
import { StopWatch } from '../../src/host/stopWatch.ts';
import { openLedger } from '../../src/ledger/openLedger.ts';
import { createFileLandingTarget } from '../../src/node/fileLandingTarget.ts';
import { createGit } from '../../src/node/git.ts';
import { nodeFileSystem } from '../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../src/node/processRunner.ts';
import { systemClock } from '../../src/node/systemClock.ts';
import { createChokidarWatcher } from '../../src/node/chokidarWatcher.ts';
import { buildAgent } from './swarmBuilders.ts';
import { makeRepository, runGit } from './temporaryRepository.ts';

/** How long is waited for what must come: for a machine that stalls, not for the product, and less than a test's own limit. */
const patience = 50_000;

export const person = { kind: 'human', id: 'ann' } as const;

export interface TemporaryHost {
	readonly id: string;
	stop(reason?: string): Promise<number>;
	readonly done: Promise<number>;
}

export interface HostChild {
	readonly child: ChildProcess;
	/** Exit code, or the signal that ended it. */
	readonly exited: Promise<number | string>;
	/** What it said on stderr. */
	errors(): string;
}

export class TemporarySwarm {
	readonly folder: string;
	/** Where hosts put worktrees; a test may name another folder before the first host leads. */
	worktrees: string;
	readonly ledger: Ledger;
	readonly git: Git;
	readonly lines: string[] = [];
	settings: Settings = { ...defaultSettings };
	/** Added to the environment of hosts that are started from here on. */
	readonly childEnvironment: Record<string, string> = {};
	private readonly top: string;
	private readonly cache: string;
	private readonly children: ChildProcess[] = [];
	private readonly hosts: TemporaryHost[] = [];
	private hostCount = 0;

	private constructor(root: string, top: string, folder: string, ledger: Ledger) {
		this.top = top;
		this.folder = folder;
		this.worktrees = join(root, 'worktrees');
		this.cache = join(root, 'cache');
		this.ledger = ledger;
		this.git = createGit({ workspaceFolder: this.folder, log: this.log });
	}

	/**
	 * Makes repository, ledger and agents; `place` is where the workspace lies in the repository, `inside` where the repository lies
	 * in the workspace.
	 */
	static async create(
		root: string,
		files: Readonly<Record<string, string | Uint8Array>>,
		{
			agents = [buildAgent('Agent-1'), buildAgent('Agent-2')],
			place = '',
			inside = '',
		}: { agents?: readonly Agent[]; place?: string; inside?: string } = {},
	): Promise<TemporarySwarm> {
		const top = join(root, 'repository', inside);
		const folder = join(root, 'repository', place);
		mkdirSync(top, { recursive: true });
		mkdirSync(join(folder, 'runtime'), { recursive: true });
		mkdirSync(join(root, 'worktrees'), { recursive: true });
		makeRepository(top, files);
		const plain = await openLedger({
			path: join(folder, runtimePaths.ledger),
			clock: systemClock,
			log: nullLogger,
			watcher: createChokidarWatcher({ onError: () => undefined }),
		});
		// As every program opens it: no move goes past its guards.
		const ledger = new GuardedLedger(plain, {
			hooks: new HooksFile(nodeFileSystem, join(folder, runtimePaths.hooks)),
			processes: createProcessRunner(),
			log: nullLogger,
			folder,
			refusal: () => undefined,
		});
		const swarm = new TemporarySwarm(root, top, folder, ledger);
		await ledger.write(person, async (transaction) => {
			for (const agent of agents) {
				await transaction.putAgent(agent);
			}
		});
		return swarm;
	}

	get log(): Logger {
		const add = (level: string) => (message: string, error?: unknown) => {
			this.lines.push(`${level} ${message}${error === undefined ? '' : ` ${toError(error).stack ?? ''}`}`);
		};
		return { debug: () => undefined, info: add('info'), warn: add('warn'), error: add('error') };
	}

	async add(task_id: string, run: readonly string[], fields: Partial<Task> = {}): Promise<void> {
		await this.ledger.write(person, (transaction) =>
			createTask(transaction, { name: `do ${task_id}`, task_id, params: { run: [...run] }, ...fields }),
		);
	}

	/** Writes runtime/hooks.json. */
	hook(...hooks: readonly object[]): void {
		writeFileSync(join(this.folder, runtimePaths.hooks), JSON.stringify(hooks));
	}

	async tell(shouldRun: boolean, startedFrom: 'editor' | 'terminal' = 'terminal'): Promise<void> {
		await this.ledger.write(person, async (transaction) => {
			const fact: JsonObject = {
				should_run: shouldRun,
				changed_at: transaction.at,
				changed_by: 'human:ann',
				started_from: startedFrom,
			};
			await transaction.setFact(factKeys.swarm, fact);
			await transaction.append({ type: shouldRun ? 'swarm.started' : 'swarm.stopped', message: 'test' });
		});
	}

	/** Starts a host in this process; it leads when nobody else does. */
	async lead(
		more: {
			drivers?: ReadonlyMap<string, Driver>;
			landingTarget?: LandingTarget;
			openTools?: OpenRunTools;
			windowPatienceMilliseconds?: number;
			radarMilliseconds?: number;
			clock?: Clock;
			git?: Git;
			/** What is left of the machine; without it nobody looks. */
			machine?: Machine;
			/** Holds agents to their places; without it none is contained. */
			container?: Container;
		} = {},
	): Promise<TemporaryHost> {
		const { ledger, log, folder } = this;
		const git = more.git ?? this.git;
		this.hostCount += 1;
		const actor = { kind: 'host', id: `host-${this.hostCount}` } as const;
		const settings = () => this.settings;
		const clock = more.clock ?? systemClock;
		const stopWatch = new StopWatch({ ledger, clock, log, settings, ...more });
		const lease = await LeaderLease.take(
			{ ledger, clock, log, actor, holder: actor.id, data: {} },
			stopWatch.signal,
			() => undefined,
		);
		const processes = createProcessRunner();
		const done = leadSwarm({
			ledger,
			actor,
			lease,
			stopWatch,
			lost: new AbortController(),
			git,
			files: nodeFileSystem,
			processes,
			clock,
			...(more.machine === undefined ? {} : { machine: more.machine }),
			log,
			settings,
			drivers:
				more.drivers ??
				createDrivers({
					clock,
					files: nodeFileSystem,
					processes,
					shared: sharedPlace(this.worktrees),
					...(more.container === undefined ? {} : { container: more.container }),
				}),
			landingTarget:
				more.landingTarget ??
				createFileLandingTarget({ topFolder: this.top, stagingFolder: join(folder, runtimePaths.landing) }),
			...(more.radarMilliseconds === undefined ? {} : { radarMilliseconds: more.radarMilliseconds }),
			worktreeTarget: (worktree) =>
				createFileLandingTarget({ topFolder: worktree, stagingFolder: arrivalsFolder(worktree) }),
			hooks: new HooksFile(nodeFileSystem, join(folder, runtimePaths.hooks)),
			policy: new PolicyFile(nodeFileSystem, folder),
			workspaceFolder: folder,
			worktreesFolder: this.worktrees,
			bounds: { workspacePath: relative(this.top, folder).split(sep).join('/') },
			...(more.container === undefined ? {} : { container: more.container }),
			...(more.openTools === undefined ? {} : { openTools: more.openTools }),
			flushBoards: async () => undefined,
		}).finally(() => {
			lease.dispose();
			stopWatch.dispose();
		});
		const host: TemporaryHost = {
			id: actor.id,
			done,
			stop: (reason = 'the test ends') => {
				stopWatch.stop(reason);
				return done;
			},
		};
		this.hosts.push(host);
		return host;
	}

	/** Starts a host as a process of its own, from the sources, with a cache folder of the test's. */
	spawnHost(...words: readonly string[]): HostChild {
		const script = join(import.meta.dirname, '../../src/host.ts');
		const child = spawn(process.execPath, [script, '--workspace', this.folder, ...words], {
			env: {
				...process.env,
				XDG_CACHE_HOME: this.cache,
				LOCALAPPDATA: this.cache,
				NODE_OPTIONS: undefined,
				...this.childEnvironment,
			},
			stdio: ['pipe', 'ignore', 'pipe'],
		});
		this.children.push(child);
		let errors = '';
		child.stderr?.on('data', (chunk: Buffer) => {
			errors += chunk.toString();
		});
		const exited = new Promise<number | string>((resolve) =>
			child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)),
		);
		return { child, exited, errors: () => errors };
	}

	/** Who leads by the ledger; waits until somebody does. */
	async leader(milliseconds = patience): Promise<Lease> {
		let lease: Lease | undefined;
		await this.until(
			async () => {
				lease = await this.ledger.read((reader) => reader.lease(leaseNames.host));
				return lease !== undefined && lease.expires_at > Date.now();
			},
			'a host leads',
			milliseconds,
		);
		if (lease === undefined) {
			throw new Error('nobody leads');
		}
		return lease;
	}

	/** Tells the swarm to work, waits until it rests, and stops the host. */
	async workUntilIdle(
		milliseconds = patience,
		more: { git?: Git; container?: Container; openTools?: OpenRunTools } = {},
	): Promise<void> {
		const since = await this.ledger.read((reader) => reader.sequence());
		await this.tell(true);
		const host = await this.lead(more);
		await this.until(() => this.ledger.read((reader) => isIdle(reader, since)), 'the swarm rests', milliseconds);
		await host.stop();
	}

	/** Waits until the condition holds; fails with what was waited for and what the hosts said. */
	async until(condition: () => boolean | Promise<boolean>, what: string, milliseconds = patience): Promise<void> {
		const deadline = Date.now() + milliseconds;
		while (!(await condition())) {
			if (Date.now() > deadline) {
				throw new Error(`Waited ${milliseconds} ms in vain: ${what}\n${this.lines.join('\n')}`);
			}
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	}

	async task(id: string): Promise<Task> {
		const stored = await this.ledger.read((reader) => reader.task(id));
		if (stored === undefined) {
			throw new Error(`There is no task ${id}.`);
		}
		return stored.task;
	}

	async statusIs(id: string, status: Task['status'], milliseconds?: number): Promise<Task> {
		await this.until(async () => (await this.task(id)).status === status, `${id} is ${status}`, milliseconds);
		return this.task(id);
	}

	/** Runs of a task, oldest first. */
	async runs(taskId: string): Promise<Run[]> {
		return (await this.ledger.read((reader) => reader.runs({ task_id: taskId }))).toReversed();
	}

	events(taskId?: string): Promise<LedgerEvent[]> {
		return this.ledger.read((reader) => reader.events(taskId === undefined ? {} : { task_id: taskId }));
	}

	shown(path: string): string | undefined {
		const full = join(this.top, path);
		return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
	}

	/** What is left of runs on this machine: worktrees, their registrations, hidden references. */
	leftovers(): string[] {
		// What landed is kept, to be taken back one day.
		const references = runGit(this.top, 'for-each-ref', '--format=%(refname)', 'refs/dreamos/')
			.split('\n')
			.filter((name) => !name.startsWith('refs/dreamos/landed/'));
		const registered = runGit(this.top, 'worktree', 'list', '--porcelain')
			.split('\n')
			.filter((line) => line.startsWith('worktree '))
			.slice(1);
		const cached = existsSync(this.cache) ? readdirSync(this.cache, { recursive: true, encoding: 'utf8' }) : [];
		const worktrees = cached.map((path) => basename(path)).filter((name) => name.startsWith('run-'));
		return [...readdirSync(this.worktrees), ...worktrees, ...references, ...registered].filter(
			(line) => line !== '',
		);
	}

	async dispose(): Promise<void> {
		await Promise.allSettled(this.hosts.map((host) => host.stop()));
		for (const child of this.children) {
			child.kill('SIGKILL');
		}
		this.ledger.dispose();
	}
}
