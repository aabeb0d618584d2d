// Owns measuring what runs take of the machine: all of them together every few seconds, and nothing while none has a process. What is
// written stands on the run, without an event: a history of samples would outgrow the history of the work.

import type { Disposable } from '../../base/event.ts';
import { describeError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Clock, ProcessIdentity, ProcessResources, ProcessRunner } from '../ports.ts';
import type { RunToken } from '../run/run.ts';
import type { RunResources } from '../run/runResources.ts';
import { factKeys } from '../swarmFacts.ts';
import type { HostLedger } from './hostLedger.ts';

export interface ResourceWatchParts {
	readonly ledger: Pick<HostLedger, 'write'>;
	readonly processes: Pick<ProcessRunner, 'measure'>;
	readonly clock: Clock;
	readonly log: Logger;
	/** Between two measurements; between the first process and the first measurement of all. */
	readonly pauses?: { readonly usual: number; readonly first: number };
}

interface Watched {
	readonly token: RunToken;
	process: ProcessIdentity;
	/** Processor time at the last measurement, and when that was on the monotonic clock. */
	last: { readonly cpu: number; readonly at: number } | undefined;
	/** As it was last written. */
	written: RunResources | undefined;
}

const usualPauses = { usual: 5_000, first: 1_500 };
/** Changes below this are not worth a write: a share of the memory, points of per cent of a processor. */
const noticed = { memory: 0.05, cpu: 5 };

export class ResourceWatch implements Disposable {
	private readonly parts: ResourceWatchParts;
	private readonly runs = new Map<string, Watched>();
	private timer: ReturnType<typeof setTimeout> | undefined;
	private isDisposed = false;

	constructor(parts: ResourceWatchParts) {
		this.parts = parts;
	}

	/** Measures this process for the run from now on, instead of an earlier one. */
	watch(token: RunToken, process: ProcessIdentity): void {
		const known = this.runs.get(token.run_id);
		if (known === undefined) {
			this.runs.set(token.run_id, { token, process, last: undefined, written: undefined });
		} else if (known.process.pid !== process.pid || known.process.started !== process.started) {
			known.process = process;
			known.last = undefined;
		}
		this.plan(this.pauses.first);
	}

	/** What was written of it stays. */
	forget(runId: string): void {
		this.runs.delete(runId);
	}

	dispose(): void {
		this.isDisposed = true;
		clearTimeout(this.timer);
	}

	private get pauses(): { readonly usual: number; readonly first: number } {
		return this.parts.pauses ?? usualPauses;
	}

	private plan(milliseconds: number): void {
		if (this.timer === undefined && !this.isDisposed && this.runs.size > 0) {
			this.timer = setTimeout(() => {
				this.measure()
					.catch((error: unknown) => this.parts.log.debug(`Runs were not measured: ${describeError(error)}`))
					.finally(() => {
						this.timer = undefined;
						this.plan(this.pauses.usual);
					});
			}, milliseconds);
		}
	}

	private async measure(): Promise<void> {
		const watched = [...this.runs.values()];
		const found = await this.parts.processes.measure(watched.map(({ process }) => process));
		const at = new Date(this.parts.clock.now()).toISOString();
		const news = watched.flatMap((run) => {
			const measured = found.get(run.process.pid);
			if (measured === undefined) {
				return [];
			}
			const others = watched.filter((other) => other !== run && other.process.pid === run.process.pid);
			const resources = this.next(run, measured, { at, others: others.length });
			return isWorthWriting(run.written, resources) ? [{ run, resources }] : [];
		});
		if (news.length === 0) {
			return;
		}
		await this.parts.ledger.write(async (transaction) => {
			for (const { run, resources } of news) {
				// It may have ended meanwhile; what is measured of it is nobody's concern then.
				await transaction.updateRun(run.token, { resources }).catch(() => undefined);
			}
			await transaction.setFact(factKeys.measured, at);
		});
		for (const { run, resources } of news) {
			run.written = resources;
		}
	}

	private next(
		run: Watched,
		measured: ProcessResources,
		{ at, others }: { readonly at: string; readonly others: number },
	): RunResources {
		const now = this.parts.clock.monotonic();
		const { last, written } = run;
		const spent = last === undefined ? 0 : Math.max(0, measured.cpuMilliseconds - last.cpu);
		const cpu = last === undefined || now <= last.at ? 0 : (spent * 100) / (now - last.at);
		run.last = { cpu: measured.cpuMilliseconds, at: now };
		return {
			at,
			memory_bytes: measured.memoryBytes,
			peak_memory_bytes: Math.max(measured.memoryBytes, written?.peak_memory_bytes ?? 0),
			cpu_percent: Math.round(cpu),
			peak_cpu_percent: Math.max(Math.round(cpu), written?.peak_cpu_percent ?? 0),
			processes: measured.processes,
			shared_with: others,
		};
	}
}

function isWorthWriting(before: RunResources | undefined, now: RunResources): boolean {
	return (
		before === undefined ||
		before.processes !== now.processes ||
		before.shared_with !== now.shared_with ||
		Math.abs(now.memory_bytes - before.memory_bytes) > before.memory_bytes * noticed.memory ||
		Math.abs(now.cpu_percent - before.cpu_percent) > noticed.cpu
	);
}
