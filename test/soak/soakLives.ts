// Owns the processes of a soak run: one host and one window at a time, begun anew whenever they end, until the run is over; and the
// host's memory as it goes.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryEnvironment, memoryFlags } from '../../src/workspace/hostMemory.ts';
import { PROCESS_MARK } from '../support/processTree.mjs';
import type { SoakPlace } from './soakPlace.ts';

const roles = ['host', 'window'] as const;
export type Role = (typeof roles)[number];

/** Resident memory of one life of the host, in bytes; `at` in seconds since the run began. */
export interface MemorySample {
	readonly life: number;
	readonly at: number;
	readonly bytes: number;
}

export class SoakLives {
	readonly begun: Record<Role, number> = { host: 0, window: 0 };
	readonly killed: Record<Role, number> = { host: 0, window: 0 };
	/** What a process said that ended by itself and not in order. */
	readonly complaints: string[] = [];
	readonly samples: MemorySample[] = [];
	private readonly living = new Map<Role, ChildProcess>();
	private readonly place: SoakPlace;
	private readonly mark: string;
	private readonly since = performance.now();
	private isEnding = false;

	constructor(place: SoakPlace, mark: string) {
		this.place = place;
		this.mark = mark;
	}

	start(): void {
		roles.forEach((role) => this.begin(role));
	}

	kill(role: Role): void {
		if (this.living.get(role)?.kill('SIGKILL') === true) {
			this.killed[role] += 1;
		}
	}

	/** Reads what the host takes now; nothing where the system does not tell. */
	sample(): void {
		const pid = this.living.get('host')?.pid;
		const bytes = pid === undefined ? undefined : residentBytes(pid);
		if (bytes !== undefined) {
			const at = Math.round((performance.now() - this.since) / 1000);
			this.samples.push({ life: this.begun.host, at, bytes });
		}
	}

	/** Asks everybody to end in order and waits. */
	async end(milliseconds = 120_000): Promise<void> {
		this.isEnding = true;
		this.living.forEach((child) => child.kill('SIGTERM'));
		const deadline = performance.now() + milliseconds;
		while (this.living.size > 0 && performance.now() < deadline) {
			await delay(50);
		}
		for (const [role, child] of this.living) {
			this.complaints.push(`The ${role} did not end when it was asked to.`);
			child.kill('SIGKILL');
		}
	}

	private begin(role: Role): void {
		const words =
			role === 'host'
				? [...memoryFlags, join(import.meta.dirname, '../../src/host.ts'), '--workspace', this.place.folder]
				: [join(import.meta.dirname, 'window.program.ts'), this.place.folder];
		const child = spawn(process.execPath, words, {
			cwd: this.place.folder,
			stdio: ['ignore', 'ignore', 'pipe'],
			env: {
				...process.env,
				// As whoever starts a host for a person tells its runtime; only such a host's memory says anything.
				...(role === 'host' ? memoryEnvironment(process.env) : {}),
				[PROCESS_MARK]: this.mark,
				XDG_CACHE_HOME: this.place.cache,
				NODE_OPTIONS: undefined,
			},
		});
		this.begun[role] += 1;
		this.living.set(role, child);
		let errors = '';
		child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
		child.once('close', (code, signal) => {
			this.living.delete(role);
			if (signal !== 'SIGKILL' && !(this.isEnding && (code === 0 || signal === 'SIGTERM' || role === 'host'))) {
				this.complaints.push(`A ${role} ended with ${String(signal ?? code)}: ${errors.trim()}`);
			}
			if (!this.isEnding) {
				setTimeout(() => !this.isEnding && this.begin(role), 100).unref();
			}
		});
	}
}

function residentBytes(pid: number): number | undefined {
	try {
		const kilobytes = /^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
		return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
	} catch {
		return undefined;
	}
}
