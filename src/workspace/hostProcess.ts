// Owns starting the swarm host's process and asking the ledger about it. It never talks to the host: the ledger is the only channel.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sleep } from '../base/async.ts';
import { DreamError } from '../base/errors.ts';
import { displayText, tailText } from '../base/text.ts';
import type { AgentKeys } from '../core/agent/agentKeys.ts';
import type { HostStatus } from '../core/actions/swarmDoor.ts';
import type { Ledger } from '../core/ledger.ts';
import { runtimePaths } from '../core/paths.ts';
import type { Clock } from '../core/ports.ts';
import { isLeaseAlive, leaseNames } from '../core/swarmFacts.ts';
import { handKeys } from './handedKeys.ts';
import { memoryEnvironment, memoryFlags } from './hostMemory.ts';
import { isHostGone } from '../node/hostIdentity.ts';

const startTimeoutMilliseconds = 15_000;
const lookEveryMilliseconds = 40;

export interface HostProcessOptions {
	readonly folder: string;
	readonly hostScript: string;
	readonly startedFrom: 'editor' | 'terminal';
	readonly clock: Clock;
	readonly ledger: () => Ledger;
	readonly agentKeys?: () => Promise<AgentKeys>;
}

export class HostProcess {
	private readonly options: HostProcessOptions;
	private starting: Promise<HostStatus> | undefined;
	/** Kept so that its stdin stays open: a host of a terminal ends with the command that began it. */
	private child: ChildProcess | undefined;

	constructor(options: HostProcessOptions) {
		this.options = options;
	}

	async status(): Promise<HostStatus> {
		const lease = await this.options.ledger().read((reader) => reader.lease(leaseNames.host));
		// A lease outlives a host that was killed by seconds; nobody need wait for that.
		const isRunning =
			lease !== undefined && isLeaseAlive(lease, this.options.clock.now()) && !(await isHostGone(lease));
		const pid = lease?.data['pid'];
		return {
			isRunning,
			pid: isRunning && typeof pid === 'number' ? pid : undefined,
			epoch: isRunning ? lease.epoch : undefined,
		};
	}

	/** Resolves once a host leads: the one that did already, or a new one. Two calls at once start one. */
	ensure(): Promise<HostStatus> {
		this.starting ??= this.start().finally(() => {
			this.starting = undefined;
		});
		return this.starting;
	}

	async waitUntilStopped(timeoutMilliseconds: number): Promise<void> {
		const deadline = this.options.clock.monotonic() + timeoutMilliseconds;
		for (let status = await this.status(); status.isRunning; status = await this.status()) {
			if (this.options.clock.monotonic() > deadline) {
				throw new DreamError(
					'host.doesNotStop',
					`The swarm host (pid ${status.pid ?? '?'}) is still at work.`,
					{
						details: { pid: status.pid },
						advice: `Look at ${runtimePaths.hostLog}; end that process if it hangs. Its runs are recovered by the next host.`,
					},
				);
			}
			await sleep(lookEveryMilliseconds);
		}
	}

	private async start(): Promise<HostStatus> {
		const before = await this.status();
		if (before.isRunning) {
			return before;
		}
		const errorFile = join(this.options.folder, runtimePaths.logs, 'host-start.log');
		const child = this.spawnHost(errorFile, (await this.options.agentKeys?.()) ?? {});
		let failure: string | undefined;
		child.once('error', (error) => (failure = error.message));
		child.once('exit', (code, signal) => (failure = `it ended with ${signal ?? `exit code ${code ?? '?'}`}`));
		const deadline = this.options.clock.monotonic() + startTimeoutMilliseconds;
		while (this.options.clock.monotonic() < deadline) {
			const status = await this.status();
			if (status.isRunning) {
				return status;
			}
			if (failure !== undefined) {
				break;
			}
			await sleep(lookEveryMilliseconds);
		}
		const output = readTail(errorFile);
		throw new DreamError(
			'host.didNotStart',
			`The swarm host did not start: ${failure ?? 'it took too long'}.${output === '' ? '' : ` ${output}`}`,
			{
				details: { script: this.options.hostScript },
				advice: `Look at ${runtimePaths.hostLog}.`,
			},
		);
	}

	private spawnHost(errorFile: string, keys: AgentKeys): ChildProcess {
		const isEditor = this.options.startedFrom === 'editor';
		mkdirSync(dirname(errorFile), { recursive: true });
		const errorOutput = openSync(errorFile, 'w');
		try {
			const child = spawn(
				process.execPath,
				[
					...memoryFlags,
					this.options.hostScript,
					'--workspace',
					this.options.folder,
					...(isEditor ? [] : ['--parent-stdin']),
				],
				{
					cwd: this.options.folder,
					// The editor's own runtime becomes plain Node with this variable; a plain Node ignores it.
					env: {
						...process.env,
						ELECTRON_RUN_AS_NODE: '1',
						NODE_OPTIONS: undefined,
						...memoryEnvironment(process.env),
						...handKeys(keys),
					},
					detached: true,
					stdio: [isEditor ? 'ignore' : 'pipe', 'ignore', errorOutput],
					windowsHide: true,
				},
			);
			child.unref();
			this.child = child;
			return child;
		} finally {
			closeSync(errorOutput);
		}
	}

	/** Lets go of a host that a terminal began: its stdin closes and it stops in order. */
	dispose(): void {
		this.child?.stdin?.destroy();
		this.child = undefined;
	}
}

function readTail(file: string): string {
	try {
		return tailText(displayText(readFileSync(file, 'utf8')).trim(), 2000);
	} catch {
		return '';
	}
}
