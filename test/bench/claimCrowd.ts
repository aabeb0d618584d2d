// Owns a crowd of processes that claim at the same time, seen from the one that starts them: begins them at once, collects what they
// tell. What each of them does is in its program, how it goes about it in crowdMember.ts.

import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** One load on one ledger or file; a crowd can take on several, one after the other. */
export interface CrowdLoad {
	/** What they claim from. */
	readonly path: string;
	/** How many tasks they claim of; those to warm up on come behind them. */
	readonly tasks: number;
	/** How long they go on, unless no task is left before. */
	readonly milliseconds: number;
	/** Milliseconds each of them thinks between two claims, on average. */
	readonly pause: number;
}

/** What one process tells of its work. */
export interface ClaimReport {
	/** Milliseconds of every claim that was granted, or given up because it was not its turn in time. */
	readonly waits: number[];
	/** The very first claim of the process, before the load: everything is still cold. */
	readonly first: number;
	/** When it began and when its last claim was granted, by the clock all processes share. */
	readonly began: number;
	last: number;
	refused: number;
	busy: number;
}

/** Started once for many loads: to start twenty programs takes longer than most of what they are asked to do. */
export class ClaimCrowd {
	private readonly workers: readonly ChildProcess[];

	/** @param program file name of what each process runs, in this folder. */
	constructor(program: string, processes: number) {
		const path = join(import.meta.dirname, program);
		this.workers = Array.from({ length: processes }, (_, index) =>
			fork(path, [String(index + 1)], { execArgv: [] }),
		);
	}

	/** Lets the first so many of them, or all, warm up and begin at once, and collects what they tell. */
	async claim(load: CrowdLoad, processes = this.workers.length): Promise<ClaimReport[]> {
		const workers = this.workers.slice(0, processes);
		for (const worker of workers) {
			await ask(worker, load);
		}
		await Promise.all(workers.map((worker) => ask(worker, 'warm')));
		return Promise.all(workers.map((worker) => ask(worker, 'go') as Promise<ClaimReport>));
	}

	async end(): Promise<void> {
		await Promise.all(
			this.workers.map(async (worker) => {
				if (worker.connected) {
					worker.disconnect();
				}
				if (worker.exitCode === null && worker.signalCode === null) {
					await once(worker, 'exit');
				}
			}),
		);
	}
}

/** Sends a word and resolves to the answer. */
function ask(worker: ChildProcess, word: CrowdLoad | 'warm' | 'go'): Promise<unknown> {
	return new Promise((resolve, reject) => {
		const ended = (code: number | null, signal: string | null) =>
			reject(new Error(`A claiming process ended early: ${String(code ?? signal)}.`));
		if (!worker.connected) {
			ended(worker.exitCode, worker.signalCode);
			return;
		}
		worker.once('exit', ended);
		worker.once('message', (told) => {
			worker.off('exit', ended);
			resolve(told);
		});
		worker.send(word);
	});
}

export const waitsOf = (reports: readonly ClaimReport[]): number[] => reports.flatMap(({ waits }) => waits);

export const grantedOf = ({ waits, busy }: ClaimReport): number => waits.length - busy;
