// Owns trying changes that wait for review again, whenever another one landed or came to wait: who reviews sees that two do not go
// together before one of them is accepted.

import type { Coalescer, Sequencer } from '../../base/async.ts';
import { coalesce } from '../../base/async.ts';
import { describeError } from '../../base/errors.ts';
import type { Disposable } from '../../base/event.ts';
import type { Logger } from '../../base/log.ts';
import { describeConflicts } from '../landing/planLanding.ts';
import type { TrialGit } from '../landing/trialMerge.ts';
import { snapshotForTrial, trialMerge } from '../landing/trialMerge.ts';
import type { Ledger } from '../ledger.ts';
import type { Run } from '../run/run.ts';
import type { HostLedger } from './hostLedger.ts';
import { workspaceQueueKey } from './prepareFolder.ts';

export interface TrialMergesParts {
	readonly ledger: HostLedger;
	readonly onDidChange: Ledger['onDidChange'];
	readonly git: TrialGit;
	/** See `workspaceQueueKey`. */
	readonly workspaceQueue: Sequencer;
	readonly log: Logger;
	readonly workspacePath: string;
}

const windowMilliseconds = 500;
/** So many are tried each time, the newest first. */
const mostTrials = 20;

export class TrialMerges implements Disposable {
	private readonly parts: TrialMergesParts;
	private readonly work: Coalescer;
	private readonly subscription: Disposable;
	/** Landings so far and what waits: the same is not tried twice. */
	private tried = '';
	private readSequence = -1;
	private landings = 0;
	private isDisposed = false;

	constructor(parts: TrialMergesParts) {
		this.parts = parts;
		this.work = coalesce(
			windowMilliseconds,
			() => this.look(),
			(error) => parts.log.debug(`Changes in review were not tried: ${describeError(error)}`),
		);
		this.subscription = parts.onDidChange(() => this.work.trigger());
		this.work.trigger();
	}

	/** Resolves when a trial in progress is through. */
	idle(): Promise<void> {
		return this.work.idle();
	}

	/** Tries nothing more; a trial in progress goes on, see `idle`. */
	dispose(): void {
		this.isDisposed = true;
		this.subscription.dispose();
		this.work.dispose();
	}

	private async look(): Promise<void> {
		const waiting = await this.parts.ledger.read(async (reader) => {
			const sequence = await reader.sequence();
			if (sequence === this.readSequence) {
				return undefined;
			}
			// What landed before this host began is in the working tree already.
			const isFirst = this.readSequence < 0;
			const events = isFirst ? [] : await reader.events({ after: this.readSequence });
			this.readSequence = sequence;
			this.landings += events.filter(({ type }) => /^landing\.(?:finished|reverted)$/u.test(type)).length;
			return reader.runs({ state: ['review'], limit: mostTrials });
		});
		if (waiting === undefined) {
			return;
		}
		const key = [this.landings, ...waiting.map(({ run_id }) => run_id)].join(' ');
		if (key === this.tried) {
			return;
		}
		this.tried = key;
		if (waiting.length === 0) {
			return;
		}
		const { git, workspaceQueue } = this.parts;
		// One for all of them, and never of half a landing.
		const now = await workspaceQueue.run(workspaceQueueKey, () => snapshotForTrial(git));
		for (const run of waiting) {
			if (this.isDisposed) {
				return;
			}
			await this.tryOne(run, now);
		}
	}

	private async tryOne(run: Run, now: string): Promise<void> {
		const { git, ledger, workspacePath } = this.parts;
		const conflicts = await trialMerge(git, run, now, workspacePath);
		const reason =
			conflicts.length === 0
				? null
				: `it would conflict with what is there now: ${describeConflicts(conflicts, 3)}`;
		if (reason === run.reason) {
			return;
		}
		await ledger.write(async (transaction) => {
			const current = await transaction.run(run.run_id);
			if (current?.state !== 'review') {
				return;
			}
			await transaction.updateRun(run, { reason });
			await transaction.append({
				type: 'run.tried',
				task_id: run.task_id,
				run_id: run.run_id,
				message: `the change of ${run.run_id} was tried: ${reason ?? 'it fits what is there now'}`,
				data: { files: conflicts.map(({ path }) => path) },
			});
		});
	}
}
