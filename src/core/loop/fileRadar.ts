// Owns which files a run has changed so far: looked at while it shows signs of work, never more often than its pause, and written down
// when it is another set. A look that fails changes nothing; the result of the run is taken by itself.

import type { Coalescer } from '../../base/async.ts';
import { coalesce } from '../../base/async.ts';
import { describeError } from '../../base/errors.ts';
import type { Disposable } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import { countOf } from '../../base/words.ts';
import type { Clock, Git } from '../ports.ts';
import type { Run } from '../run/run.ts';
import type { HostLedger } from './hostLedger.ts';

export interface FileRadarParts {
	readonly git: Pick<Git, 'touchedFiles'>;
	readonly ledger: Pick<HostLedger, 'write'>;
	readonly clock: Clock;
	readonly log: Logger;
	readonly run: Run;
	/** Absolute path of the worktree. */
	readonly folder: string;
	/** At most one look in this time, and in a repository where looks take long, fewer. */
	readonly pauseMilliseconds: number;
	readonly signal: AbortSignal;
	/** Told at each look. */
	readonly onFiles?: ((files: readonly string[]) => Promise<void>) | undefined;
}

export const radarPauseMilliseconds = 3000;
/** So that a look at each file of a huge repository, beside twenty others that look, costs little of the time agents have. */
const restsPerLook = 19;
/** More names than this help nobody; the run's result has them all. */
const mostFiles = 500;
/** Names an event keeps: it is written again for every set of files, and the run's row has them. */
const toldFiles = 20;

export class FileRadar implements Disposable {
	private readonly parts: FileRadarParts;
	private readonly looks: Coalescer;
	private known = '';
	private tookMilliseconds = 0;

	constructor(parts: FileRadarParts) {
		this.parts = parts;
		this.looks = coalesce(
			() => Math.max(parts.pauseMilliseconds, this.tookMilliseconds * restsPerLook),
			() => this.look(),
			(error) => parts.log.debug(`${parts.run.run_id}: its files were not looked at: ${describeError(error)}`),
		);
		this.looks.trigger();
	}

	/** The run showed a sign of work. */
	note(): void {
		this.looks.trigger();
	}

	/** Looks no more; resolves when a look in progress is through. */
	async end(): Promise<void> {
		this.dispose();
		await this.looks.idle();
	}

	dispose(): void {
		this.looks.dispose();
	}

	private async look(): Promise<void> {
		const { git, ledger, clock, run, folder, signal } = this.parts;
		const began = clock.monotonic();
		const files = (await git.touchedFiles(folder)).slice(0, mostFiles);
		this.tookMilliseconds = clock.monotonic() - began;
		await this.parts.onFiles?.(files);
		const key = files.join('\0');
		if (key === this.known || signal.aborted) {
			return;
		}
		const token = { run_id: run.run_id, epoch: run.epoch };
		await ledger.write(async (transaction) => {
			await transaction.updateRun(token, { files: [...files], active_at: transaction.at });
			await transaction.append({
				type: 'run.touched',
				task_id: run.task_id,
				run_id: run.run_id,
				agent_id: run.worker,
				message: `${run.worker} has changed ${countOf(files.length, 'file')} so far`,
				data: { files: files.slice(0, toldFiles), count: files.length },
			});
		});
		this.known = key;
	}
}
