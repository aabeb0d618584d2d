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
import { busyError, isBusy, toLedgerError } from './ledgerErrors.ts';
import type { RequestSlots, TakenRequest } from './requestSlots.ts';
import type { WaitingLine } from './waitingLine.ts';

/** Claims of one process that go into one request: the texts of so many fit into a slot. */
const ownLimit = 8;
/** When to look again though nobody rang: who served is gone, or somebody else has the lock and does not ring. */
const lookMilliseconds = 15;
/** Nobody has served for so long: those who hold the lock write something else, and we stand in line with them, and look often. */
const patienceMilliseconds = 30;
const frontMilliseconds = 2;
/** How long whoever gives up waits for the answer of somebody who has begun with its request meanwhile. */
const lastMilliseconds = 1000;
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
	 * SQLite says when the lock is not free. Commits nothing when the outcomes are no longer wanted.
	 */
	readonly serve: (orders: () => readonly ClaimOrder[], areWanted: () => boolean) => Promise<readonly ClaimOutcome[]>;
	/** Keeps the ledger open until the job is done. */
	readonly during: (job: () => Promise<void>) => Promise<void>;
}

/** Of a claim of this process: it may have failed for any reason. */
type OwnOutcome = ClaimOutcome | { readonly refused: unknown };

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
	private serveNext(own: readonly ClaimOrder[]): Promise<readonly OwnOutcome[]> {
		return retryInLine(this.parts, this.parts.line, () => this.serveRound(own));
	}

	private async outcomesOf(orders: readonly ClaimOrder[]): Promise<readonly OwnOutcome[]> {
		const { line, slots, bell } = this.parts;
		try {
			return await this.askOrServe(orders);
		} catch (error) {
			const outcomes = await this.lastAnswer(orders);
			if (outcomes === undefined) {
				throw error;
			}
			return outcomes;
		} finally {
			slots.withdraw();
			line.leave();
			bell.rest();
		}
	}

	private async askOrServe(orders: readonly ClaimOrder[]): Promise<readonly OwnOutcome[]> {
		const { line, slots, bell, path, deadlineMilliseconds } = this.parts;
		const started = performance.now();
		let own = orders;
		let isPosted = false;
		let isAlone = false;
		for (;;) {
			// Taken before the look: an answer that comes while we try for ourselves rings for nobody who waits.
			const { heard } = bell;
			const state = isPosted ? slots.look() : 'gone';
			const outcomes = typeof state === 'object' ? readOutcomes(state.answer, orders) : undefined;
			if (outcomes !== undefined) {
				return outcomes;
			}
			const isGone = state === 'gone' || typeof state === 'object';
			// Whom nobody can serve, or whom nobody tells anything, does not wait for who serves without trying for itself.
			const isOnItsOwn = isAlone || state === 'late' || (isPosted && isGone);
			const isFree = state !== 'taken' && (isOnItsOwn || !slots.survey().isServed);
			const waited = performance.now() - started;
			if (isFree && line.ahead() === 0) {
				try {
					return await this.serveRound(own);
				} catch (error) {
					refuseUnlessBusy(error, started, this.parts);
				}
			} else if (state !== 'taken' && waited >= deadlineMilliseconds) {
				throw busyError(path, waited);
			}
			if (isGone) {
				bell.listen();
				const isFirst = !isPosted;
				isPosted = slots.post(writeOrders(own));
				isAlone = !isPosted;
				if (isPosted) {
					own = orders.map((order) => ({ ...order, mayBeServed: true }));
				}
				if (isPosted && isFirst) {
					// Whoever served may have stopped before it could see the request.
					continue;
				}
			}
			const isInLine = isFree && waited >= patienceMilliseconds;
			const pause = (isInLine ? frontMilliseconds : lookMilliseconds) * (1 + Math.random());
			if (isInLine) {
				line.wait(pause);
			}
			await bell.wait(heard, pause);
		}
	}

	/** Somebody may have begun with our request before we took it back, and will have served it. */
	private async lastAnswer(orders: readonly ClaimOrder[]): Promise<readonly ClaimOutcome[] | undefined> {
		const { slots, bell } = this.parts;
		if (!slots.isLeft) {
			return undefined;
		}
		slots.withdraw();
		const started = performance.now();
		for (;;) {
			const { heard } = bell;
			const state = slots.look();
			if (typeof state === 'object') {
				return readOutcomes(state.answer, orders);
			}
			const isBegun = state === 'taken' || state === 'late';
			if (!isBegun || performance.now() - started >= lastMilliseconds) {
				return undefined;
			}
			await bell.wait(heard, lookMilliseconds);
		}
	}

	/** Serves our own claims and those that wait; the outcomes of our own. */
	private async serveRound(own: readonly ClaimOrder[]): Promise<readonly OwnOutcome[]> {
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
