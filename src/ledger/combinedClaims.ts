// Owns how processes claim together: whoever gets the write lock serves all claims that wait, in one transaction with one sync, and
// goes on as long as others come; they only wait for their answer. So nobody starves, and a wait is at most two rounds.

import { sleep } from '../base/async.ts';
import { newRunId } from '../base/ids.ts';
import type { Actor } from '../core/actor.ts';
import type { Claimed, ClaimRequest } from '../core/task/advanceTask.ts';
import type { Bell } from './bell.ts';
import type { BusyRetryOptions } from './busyRetry.ts';
import { refuseUnlessBusy, retryInLine } from './busyRetry.ts';
import type { ClaimOrder, ClaimOutcome } from './claimOrders.ts';
import { readOrders, readOutcomes, writeOrders, writeOutcomes } from './claimOrders.ts';
import { busyError, toLedgerError } from './ledgerErrors.ts';
import type { RequestSlots, TakenRequest } from './requestSlots.ts';
import type { WaitingLine } from './waitingLine.ts';

/** Claims of one process that go into one request: the texts of so many fit into a slot. */
const ownLimit = 8;
/** When to look again though nobody rang: who served is gone, or somebody else has the lock and does not ring. */
const lookMilliseconds = 15;
/** How often who serves looks for the next requests, and how long it waits for all of those it has just answered. */
const stepMilliseconds = 1;
const gatherMilliseconds = 6;
/** Nobody asked for so long: the serving is over. */
const idleMilliseconds = 10;

export interface CombinedClaimsParts extends BusyRetryOptions {
	readonly line: WaitingLine;
	readonly slots: RequestSlots;
	readonly bell: Bell;
	/**
	 * Takes the lock, asks which orders there are, serves them in one transaction and resolves after its commit. Throws what
	 * SQLite says when the lock is not free.
	 */
	readonly serve: (orders: () => readonly ClaimOrder[]) => Promise<readonly ClaimOutcome[]>;
	/** Keeps the ledger open until the job is done. */
	readonly during: (job: () => Promise<void>) => Promise<void>;
}

interface WaitingClaim {
	readonly order: ClaimOrder;
	readonly resolve: (claimed: Claimed) => void;
	readonly reject: (error: unknown) => void;
}

export class CombinedClaims {
	private readonly parts: CombinedClaimsParts;
	private readonly waiting: WaitingClaim[] = [];
	private isRunning = false;
	/** Whether we go on serving others when nobody of this process waits. */
	private isServing = false;
	private isStopped = false;
	/** How many requests the last round served. */
	private lastRound = 0;

	constructor(parts: CombinedClaimsParts) {
		this.parts = parts;
	}

	claim(actor: Actor, request: ClaimRequest): Promise<Claimed> {
		const runId = request.runId ?? newRunId(request.now);
		const order = { actor, request: { ...request, runId }, mayBeServed: false };
		return new Promise((resolve, reject) => {
			this.waiting.push({ order, resolve, reject });
			if (!this.isRunning) {
				this.isRunning = true;
				void this.parts.during(() => this.run());
			}
		});
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

	/** Settles what waits in this process, and serves others as long as they come. Never rejects. */
	private async run(): Promise<void> {
		while (this.waiting.length > 0 || this.isServing) {
			const some = this.waiting.splice(0, ownLimit);
			try {
				const orders = some.map(({ order }) => order);
				const outcomes = this.isServing ? await this.serveNext(orders) : await this.outcomesOf(orders);
				some.forEach(({ resolve, reject }, index) => {
					const outcome = outcomes[index];
					if (outcome !== undefined && 'granted' in outcome) {
						resolve(outcome.granted);
					} else {
						reject(outcome?.refused);
					}
				});
			} catch (error) {
				some.forEach(({ reject }) => reject(toLedgerError(error, this.parts.path)));
				this.setServing(false);
			}
			if (this.isServing) {
				await this.linger();
			}
		}
		this.isRunning = false;
	}

	/** The next round of who serves already. */
	private serveNext(own: readonly ClaimOrder[]): Promise<readonly ClaimOutcome[]> {
		return retryInLine(this.parts, this.parts.line, () => this.serveRound(own));
	}

	private async outcomesOf(orders: readonly ClaimOrder[]): Promise<readonly ClaimOutcome[]> {
		const { line, slots, bell, path, deadlineMilliseconds } = this.parts;
		const started = performance.now();
		let own = orders;
		let isPosted = false;
		try {
			for (;;) {
				// Taken before the look: an answer that comes while we try for ourselves rings for nobody who waits.
				const { heard } = bell;
				const state = isPosted ? slots.look() : 'gone';
				if (typeof state === 'object') {
					isPosted = false;
					return readOutcomes(state.answer);
				}
				// Who was told that its request cannot be served does not leave it again without trying for itself.
				const isFree = state !== 'taken' && ((isPosted && state === 'gone') || !slots.survey().isServed);
				if (isFree && line.ahead() === 0) {
					try {
						return await this.serveRound(own);
					} catch (error) {
						refuseUnlessBusy(error, started, this.parts);
					}
				} else if (performance.now() - started >= deadlineMilliseconds) {
					throw busyError(path, performance.now() - started);
				}
				if (state === 'gone') {
					bell.listen();
					if (slots.post(writeOrders(own))) {
						isPosted = true;
						own = orders.map((order) => ({ ...order, mayBeServed: true }));
						// Whoever served may have stopped before it could see the request.
						continue;
					}
				}
				await bell.wait(heard, lookMilliseconds * (1 + Math.random()));
			}
		} finally {
			bell.rest();
			if (isPosted) {
				slots.withdraw();
			}
		}
	}

	/** Serves our own claims and those that wait; the outcomes of our own. */
	private async serveRound(own: readonly ClaimOrder[]): Promise<readonly ClaimOutcome[]> {
		const { slots, bell, serve } = this.parts;
		let taken: readonly { readonly request: TakenRequest; readonly orders: readonly ClaimOrder[] }[] = [];
		try {
			const outcomes = await serve(() => {
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
				const others = taken.flatMap(({ request, orders }) =>
					request.mayBeServed ? orders.map((order) => ({ ...order, mayBeServed: true })) : orders,
				);
				return [...own, ...others];
			});
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
		} catch (error) {
			taken.forEach(({ request }) => slots.answer(request));
			throw error;
		}
	}

	/** Lets those we have answered claim again, so that few large rounds serve them all; nobody coming means we are done. */
	private async linger(): Promise<void> {
		const started = performance.now();
		for (;;) {
			await sleep(stepMilliseconds);
			const { asked } = this.parts.slots.survey();
			const waited = performance.now() - started;
			if (
				asked >= Math.max(1, this.lastRound) ||
				(waited >= gatherMilliseconds && (asked > 0 || this.waiting.length > 0))
			) {
				return;
			}
			if (waited >= idleMilliseconds || !this.isServing) {
				// Who has left a request just now is woken by it, and tries for itself.
				this.setServing(false);
				return;
			}
		}
	}

	private setServing(wanted: boolean): void {
		const isServing = wanted && !this.isStopped;
		if (isServing || this.isServing) {
			this.parts.slots.serves(isServing);
		}
		if (this.isServing && !isServing) {
			this.release();
		}
		this.isServing = isServing;
	}
}
