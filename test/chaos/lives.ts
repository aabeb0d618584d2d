// Owns the processes of a chaos run: each role has some lives at once, and a life that ends, in order or not, is followed by another
// with the next number.

import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosPlace } from './chaosPlace.ts';
import type { LifeOptions } from './lifeOptions.ts';
import { BoardLock } from './boardLock.ts';
import { endProcesses, PROCESS_MARK } from '../support/processTree.mjs';

export const roles = ['writer', 'window', 'host', 'terminal', 'person', 'foreign', 'git'] as const;
export type Role = (typeof roles)[number];

const programs: Readonly<Record<Role, string>> = {
	writer: 'ledgerWriter.program.ts',
	window: 'editorWindow.program.ts',
	host: '../../src/host.ts',
	terminal: 'terminal.program.ts',
	person: 'person.program.ts',
	foreign: 'foreignWriter.program.ts',
	git: 'gitUser.program.ts',
};

/** Without it root may write to what was made read-only, and a permission taken away would mean nothing. */
const withoutPowers = ['--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-dac_override,-dac_read_search'];
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
export const canTakePermissions = process.getuid?.() !== 0 || setpriv !== undefined;

export interface Life {
	readonly role: Role;
	readonly name: string;
	readonly child: ChildProcess;
	isPaused: boolean;
	/** It has begun, and may have something to lose. */
	isAtWork: boolean;
	/** Steps it has told of. */
	count: number;
	errors: string;
}

export interface LivesOptions {
	readonly place: ChaosPlace;
	readonly mark: string;
	readonly seed: number;
	readonly tasks: number;
	/** How many lives each role has at once. */
	readonly crowd: Readonly<Record<Role, number>>;
}

export class Lives {
	/** Lives begun, by role. */
	readonly begun: Record<Role, number> = {
		writer: 0,
		window: 0,
		host: 0,
		terminal: 0,
		person: 0,
		foreign: 0,
		git: 0,
	};
	/** What a process said before it ended by itself and not in order. */
	readonly complaints: string[] = [];
	private readonly options: LivesOptions;
	private readonly living = new Map<string, Life>();
	private isEnding = false;
	private finished = 0;

	constructor(options: LivesOptions) {
		this.options = options;
	}

	start(): void {
		for (const role of roles) {
			for (let index = 0; index < this.options.crowd[role]; index += 1) {
				this.begin(role, index, 0);
			}
		}
	}

	get all(): Life[] {
		return [...this.living.values()];
	}

	/** Steps of every life so far, as far as they told. */
	get steps(): number {
		return this.all.reduce((sum, { role, count }) => sum + (role === 'writer' ? count : 0), this.finished);
	}

	/** Asks everybody to end in order, waits, and ends the rest. On a machine with too much to do that takes its time. */
	async end(): Promise<void> {
		this.isEnding = true;
		for (const life of this.all) {
			if (life.isPaused) {
				life.child.kill('SIGCONT');
			}
			if (life.role === 'host') {
				life.child.kill('SIGTERM');
			} else if (life.child.connected) {
				life.child.send('end', () => undefined);
			}
		}
		const deadline = performance.now() + 120_000;
		while (this.living.size > 0 && performance.now() < deadline) {
			await delay(50);
		}
		for (const life of this.all) {
			this.complaints.push(`${life.name} did not end when it was asked to.`);
			life.child.kill('SIGKILL');
		}
		while (this.living.size > 0) {
			await delay(20);
		}
	}

	private begin(role: Role, index: number, turn: number): void {
		const { place, mark, seed, tasks } = this.options;
		const name = `${role}-${index}.${turn}`;
		const own: LifeOptions = {
			folder: place.folder,
			journals: place.journals,
			name,
			seed: seed + roles.indexOf(role) * 1_000_003 + index * 10_007 + turn,
			tasks,
		};
		const lifeMark = `${mark}/${name}/`;
		const words = role === 'host' ? ['--workspace', place.folder] : [JSON.stringify(own)];
		const preload = ['--import', join(import.meta.dirname, 'clockJumps.program.ts')];
		const child = fork(join(import.meta.dirname, programs[role]), words, {
			...(setpriv === undefined || process.getuid?.() !== 0
				? { execArgv: preload }
				: { execPath: setpriv, execArgv: [...withoutPowers, process.execPath, ...preload] }),
			cwd: place.folder,
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
			env: {
				...process.env,
				DREAMOS_CHAOS_CLOCK: place.clock,
				[PROCESS_MARK]: lifeMark,
				XDG_CACHE_HOME: place.cache,
				NODE_OPTIONS: undefined,
			},
		});
		this.begun[role] += 1;
		const life: Life = { role, name, child, isPaused: false, isAtWork: false, count: 0, errors: '' };
		this.living.set(name, life);
		child.on('message', (count) => {
			life.count = Number(count);
			life.isAtWork = true;
		});
		if (role === 'host') {
			// It says nothing to anybody but the ledger.
			setTimeout(() => (life.isAtWork = true), 3000).unref();
		}
		child.stderr?.on('data', (chunk: Buffer) => (life.errors = (life.errors + chunk.toString()).slice(-4000)));
		child.once('close', (code, signal) => {
			void this.bury(life, lifeMark).then(() => {
				if (signal === null && code !== 0 && role !== 'host') {
					this.complaints.push(`${name} ended with code ${String(code)}: ${life.errors.trim()}`);
				}
				if (!this.isEnding) {
					setTimeout(
						() => !this.isEnding && this.begin(role, index, turn + 1),
						code === 0 ? 500 : 50,
					).unref();
				}
			});
		});
	}

	/** A git that its user began outlives the user, and goes on to write boards: the turn is given on once it is gone, too. */
	private async bury({ role, name, count }: Life, lifeMark: string): Promise<void> {
		if (role === 'git') {
			await endProcesses(lifeMark, undefined, 5000);
		}
		this.living.delete(name);
		this.finished += role === 'writer' ? count : 0;
		new BoardLock(this.options.place.journals).free(name);
	}
}
