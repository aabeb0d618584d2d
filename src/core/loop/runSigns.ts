// Owns what is written of a run while it goes on: that it is active, which process it runs, in which session. Written in the background and in
// order; a sign that cannot be written never stops the work.

import type { HostLedger } from './hostLedger.ts';
import type { ResourceWatch } from './resourceWatch.ts';
import type { Clock, ProcessIdentity, ProcessRunner } from '../ports.ts';
import type { Run, RunSession, RunToken } from '../run/run.ts';

export interface RunSignsParts {
	readonly ledger: HostLedger;
	readonly clock: Clock;
	readonly token: RunToken;
	/** Nothing is written once this is aborted. */
	readonly signal: AbortSignal;
	readonly resources?: Pick<ResourceWatch, 'watch' | 'forget'> | undefined;
	readonly onError: (error: unknown) => void;
}

/** Activity is written at most this often. */
const activityMilliseconds = 2000;
/** More than a run has at once; of thousands of steps those before have ended. */
const rememberedProcesses = 64;

export class RunSigns {
	private readonly parts: RunSignsParts;
	private activeAt: number;
	private readonly seen = new Map<string, ProcessIdentity>();
	private writing: Promise<void> = Promise.resolve();

	constructor(parts: RunSignsParts) {
		this.parts = parts;
		this.activeAt = parts.clock.monotonic();
	}

	noteActivity(): void {
		const now = this.parts.clock.monotonic();
		if (now - this.activeAt >= activityMilliseconds) {
			this.activeAt = now;
			this.write({});
		}
	}

	noteProcess(process: ProcessIdentity): void {
		const { pid, started } = process;
		this.remember(process);
		this.parts.resources?.watch(this.parts.token, process);
		this.write({ pid, pid_started: started });
	}

	/** For a stop that asks nobody. Who is told to end in order as well finds nobody left. */
	endProcesses(processes: Pick<ProcessRunner, 'endTree'>): void {
		for (const each of this.seen.values()) {
			processes.endTree(each, { isUrgent: true }).catch(this.parts.onError);
		}
	}

	noteSession(session: RunSession): void {
		this.write({ session });
	}

	/** The last sign was given. Resolves when every one is written, or could not be. */
	end(): Promise<void> {
		this.parts.resources?.forget(this.parts.token.run_id);
		return this.writing;
	}

	private remember(process: ProcessIdentity): void {
		this.seen.set(`${process.pid} ${process.started}`, process);
		const [oldest] = this.seen.size > rememberedProcesses ? this.seen.keys() : [];
		if (oldest !== undefined) {
			this.seen.delete(oldest);
		}
	}

	private write(patch: Partial<Pick<Run, 'pid' | 'pid_started' | 'session'>>): void {
		const { ledger, token, signal, onError } = this.parts;
		this.writing = this.writing
			.then(async () => {
				if (!signal.aborted) {
					await ledger.write((transaction) =>
						transaction.updateRun(token, { ...patch, active_at: transaction.at }),
					);
				}
			})
			.catch(onError);
	}
}
