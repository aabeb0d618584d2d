// Owns the rounds of whoever serves: the claims of its own process and those that wait in others, in one transaction with one sync,
// and how long it goes on. One bad order of somebody fails nobody else.

import { sleep } from '../base/async.ts';
import type { Bell } from './bell.ts';
import type { BusyRetryOptions } from './busyRetry.ts';
import { retryInLine } from './busyRetry.ts';
import type { ClaimOrder, ClaimOutcome } from './claimOrders.ts';
import { readOrders, writeOutcomes } from './claimOrders.ts';
import { isBusy, toLedgerError } from './ledgerErrors.ts';
import type { RequestSlots, TakenRequest } from './requestSlots.ts';
import type { WaitingLine } from './waitingLine.ts';

/** How often who serves looks for the next requests, and how long it waits for all of those it has just answered. */
const stepMilliseconds = 1;
const gatherMilliseconds = 6;
/** Nobody asked for so long: the serving is over. */
const idleMilliseconds = 10;

export interface ClaimRoundsParts extends BusyRetryOptions {
	readonly line: WaitingLine;
	readonly slots: RequestSlots;
	readonly bell: Bell;
	/**
	 * Takes the lock, asks which orders there are, serves them in one transaction and resolves after its commit. Throws what
	 * SQLite says when the lock is not free. Commits nothing when the outcomes are no longer wanted.
	 */
	readonly serve: (orders: () => readonly ClaimOrder[], areWanted: () => boolean) => Promise<readonly ClaimOutcome[]>;
}

/** Of a claim of this process: it may have failed for any reason. */
export type OwnOutcome = ClaimOutcome | { readonly refused: unknown };

export class ClaimRounds {
	private readonly parts: ClaimRoundsParts;
	private isActive = false;
	private isStopped = false;
	/** How many requests the last round served. */
	private lastRound = 0;

	constructor(parts: ClaimRoundsParts) {
		this.parts = parts;
	}

	/** Whether we go on serving others when nobody of this process waits. */
	get isServing(): boolean {
		return this.isActive;
	}

	/** The lock is free again: wakes those who wait for it. For whoever held it for something else. */
	release(): void {
		if (this.parts.slots.survey().asked > 0) {
			this.parts.bell.ring();
		}
	}

	/** Serves nobody any more beside the claims that wait in this process; another takes over. */
	stop(): void {
		this.isStopped = true;
		this.setServing(false);
	}

	/** Ends the serving after a round that failed. */
	rest(): void {
		this.setServing(false);
	}

	/** The next round of who serves already. */
	next(own: readonly ClaimOrder[]): Promise<readonly OwnOutcome[]> {
		return retryInLine(this.parts, this.parts.line, () => this.serveRound(own));
	}

	/** Serves our own claims and those that wait; the outcomes of our own. */
	async serveRound(own: readonly ClaimOrder[]): Promise<readonly OwnOutcome[]> {
		const { slots, bell, serve } = this.parts;
		let taken: readonly { readonly request: TakenRequest; readonly orders: readonly ClaimOrder[] }[] = [];
		let outcomes: readonly ClaimOutcome[];
		try {
			outcomes = await serve(
				() => {
					taken = slots.take().flatMap((request) => {
						const orders = readOrders(request.text);
						if (orders === undefined) {
							// Another version of us means something else by it.
							slots.answer(request);
							return [];
						}
						return [{ request, orders }];
					});
					if (taken.length > 0 && !slots.survey().isServed) {
						this.setServing(true);
					}
					return [...own, ...taken.flatMap(({ orders }) => orders)];
				},
				() => slots.areWanted(taken.map(({ request }) => request)),
			);
		} catch (error) {
			taken.forEach(({ request }) => slots.answer(request));
			if (isBusy(error) || own.length + taken.length < 2) {
				throw error;
			}
			this.setServing(false);
			return this.serveApart(own);
		}
		let next = own.length;
		for (const { request, orders } of taken) {
			slots.answer(request, writeOutcomes(outcomes.slice(next, (next += orders.length))));
		}
		this.lastRound = taken.length;
		const { isServed, asked } = slots.survey();
		this.setServing(!isServed && (taken.length > 0 || asked > 0));
		if (taken.length > 0 || asked > 0) {
			bell.ring();
		}
		return outcomes.slice(0, own.length);
	}

	/** Serves each in a transaction of its own: what is wrong with one of those who share one must not fail the others. */
	private async serveApart(own: readonly ClaimOrder[]): Promise<readonly OwnOutcome[]> {
		const { line, path, serve } = this.parts;
		const outcomes: OwnOutcome[] = [];
		for (const order of own) {
			const alone = { ...order, mayBeServed: true };
			const attempt = () =>
				serve(
					() => [alone],
					() => true,
				);
			try {
				outcomes.push(...(await retryInLine(this.parts, line, attempt)));
			} catch (error) {
				outcomes.push({ refused: toLedgerError(error, path) });
			}
		}
		return outcomes;
	}

	/** Lets those we have answered claim again, so that few large rounds serve them all; nobody coming means we are done. */
	async linger(hasOwn: () => boolean): Promise<void> {
		const started = performance.now();
		for (;;) {
			await sleep(stepMilliseconds);
			const { asked } = this.parts.slots.survey();
			const waited = performance.now() - started;
			if (asked >= Math.max(1, this.lastRound) || (waited >= gatherMilliseconds && (asked > 0 || hasOwn()))) {
				return;
			}
			if (waited >= idleMilliseconds || !this.isActive) {
				// Who has left a request just now is woken by it, and tries for itself.
				this.setServing(false);
				return;
			}
		}
	}

	private setServing(wanted: boolean): void {
		const isServing = wanted && !this.isStopped;
		if (isServing || this.isActive) {
			this.parts.slots.serves(isServing);
		}
		if (this.isActive && !isServing) {
			this.release();
		}
		this.isActive = isServing;
	}
}
