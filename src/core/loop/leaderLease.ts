// Owns leadership: taking the host's lease, renewing it, noticing that it is lost. Waiting costs nothing but a look at the ledger;
// whoever waits takes over when the leader's lease ends or is given back.

import { sleep } from '../../base/async.ts';
import type { Disposable, Event } from '../../base/event.ts';
import { Emitter } from '../../base/event.ts';
import { describeError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Logger } from '../../base/log.ts';
import type { Actor } from '../actor.ts';
import type { Lease, Ledger } from '../ledger.ts';
import type { Clock } from '../ports.ts';
import { isLeaseAlive, leaseLifetimes, leaseNames } from '../swarmFacts.ts';

export interface LeaderLeaseParts {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Logger;
	readonly actor: Actor;
	readonly holder: string;
	/** Facts about the holder: pid, start, version. */
	readonly data: JsonObject;
	/** Whether the leader is dead for certain; then its lease is not waited for. Without it, every lease is. */
	readonly isGone?: (leader: Lease) => Promise<boolean>;
}

const renewMilliseconds = 1000;
/** Longest sleep of one who waits, so that a ledger whose watcher failed is looked at all the same. */
const longestWaitMilliseconds = 1000;
/** A pause between two renewals longer than this was no busy moment: machine or process slept. */
const gapMilliseconds = 3000;

export class LeaderLease implements Disposable {
	readonly epoch: number;
	private readonly parts: LeaderLeaseParts;
	private readonly emitter = new Emitter<string>();
	private timer: ReturnType<typeof setTimeout> | undefined;
	private lastWall: number;
	private lastMonotonic: number;
	private isOver = false;

	private constructor(parts: LeaderLeaseParts, lease: Lease) {
		this.parts = parts;
		this.epoch = lease.epoch;
		this.lastWall = parts.clock.now();
		this.lastMonotonic = parts.clock.monotonic();
		this.schedule();
	}

	/** Fires once, with the reason, when somebody else leads. Nothing may be written after that. */
	readonly onDidLose: Event<string> = (listener) => this.emitter.event(listener);

	/** Resolves when this holder leads. Rejects with the signal's reason when it is not to wait any longer. */
	static async take(
		parts: LeaderLeaseParts,
		signal: AbortSignal,
		onWait: (leader: Lease) => void,
	): Promise<LeaderLease> {
		let isTold = false;
		for (;;) {
			signal.throwIfAborted();
			const { clock, ledger } = parts;
			const leader = await ledger.read((reader) => reader.lease(leaseNames.host));
			const gone = leader !== undefined && (await parts.isGone?.(leader)) === true ? leader : undefined;
			if (leader === undefined || !isLeaseAlive(leader, clock.now()) || gone !== undefined) {
				const lease = await acquire(parts, gone);
				if (lease !== undefined) {
					return new LeaderLease(parts, lease);
				}
				continue;
			}
			if (!isTold) {
				isTold = true;
				onWait(leader);
			}
			await changeOrTime(ledger, Math.min(leader.expires_at - clock.now() + 1, longestWaitMilliseconds), signal);
		}
	}

	/** Gives the lease back at once; the next host need not wait for its end. */
	async release(): Promise<void> {
		this.dispose();
		const { ledger, actor, holder } = this.parts;
		await ledger.write(actor, (transaction) => transaction.releaseLease(leaseNames.host, holder));
	}

	/** Stops renewing. The lease ends by itself. */
	dispose(): void {
		this.isOver = true;
		clearTimeout(this.timer);
	}

	private schedule(): void {
		if (!this.isOver) {
			this.timer = setTimeout(() => {
				this.renew()
					.catch((error: unknown) =>
						this.parts.log.warn(`The leader lease was not renewed: ${describeError(error)}`),
					)
					.finally(() => this.schedule());
			}, renewMilliseconds);
		}
	}

	private async renew(): Promise<void> {
		const { clock, ledger, actor, holder, data, log } = this.parts;
		// The monotonic clock of some systems stands still while the machine sleeps, the wall clock may be set: the larger counts.
		const gap = Math.max(clock.now() - this.lastWall, clock.monotonic() - this.lastMonotonic);
		if (gap > gapMilliseconds) {
			log.warn(
				`Nothing ran for ${Math.round(gap / 1000)} s (sleep, or a stopped process); leadership is checked again.`,
			);
		}
		const lease = await ledger.write(actor, (transaction) =>
			transaction.acquireLease(leaseNames.host, holder, leaseLifetimes.host, clock.now(), data),
		);
		if (this.isOver) {
			return;
		}
		if (lease === undefined || lease.epoch !== this.epoch) {
			this.dispose();
			this.emitter.fire('another host leads');
			return;
		}
		this.lastWall = clock.now();
		this.lastMonotonic = clock.monotonic();
	}
}

/** Takes the lease when it is free or has run out, or when it is still held by the process that is gone. */
function acquire(parts: LeaderLeaseParts, gone: Lease | undefined): Promise<Lease | undefined> {
	const { clock, holder, ledger, actor, data } = parts;
	return ledger.write(actor, async (transaction) => {
		const current = await transaction.lease(leaseNames.host);
		if (gone !== undefined && current?.holder === gone.holder && current.epoch === gone.epoch) {
			await transaction.releaseLease(leaseNames.host, gone.holder);
		}
		return transaction.acquireLease(leaseNames.host, holder, leaseLifetimes.host, clock.now(), data);
	});
}

async function changeOrTime(ledger: Ledger, milliseconds: number, signal: AbortSignal): Promise<void> {
	const waiting = new AbortController();
	const subscription = ledger.onDidChange(() => waiting.abort());
	try {
		await sleep(Math.max(milliseconds, 1), AbortSignal.any([waiting.signal, signal]));
	} catch {
		// Woken by a change, or told to give up: the caller looks which.
	} finally {
		subscription.dispose();
	}
}
