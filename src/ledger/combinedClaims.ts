// Owns how processes claim together: whoever gets the write lock serves all claims that wait (claimRounds.ts), and goes on as long as
// others come; they only wait for their answer. So nobody starves, and a wait is at most two rounds.

import { newRunId } from '../base/ids.ts';
import type { Actor } from '../core/actor.ts';
import type { Claimed, ClaimRequest } from '../core/task/advanceTask.ts';
import { refuseUnlessBusy } from './busyRetry.ts';
import type { ClaimOrder, ClaimOutcome } from './claimOrders.ts';
import { readOutcomes, writeOrders } from './claimOrders.ts';
import type { ClaimRoundsParts, OwnOutcome } from './claimRounds.ts';
import { ClaimRounds } from './claimRounds.ts';
import { busyError, toLedgerError } from './ledgerErrors.ts';

/** Claims of one process that go into one request: the texts of so many fit into a slot. */
const ownLimit = 8;
/** When to look again though nobody rang: who served is gone, or somebody else has the lock and does not ring. */
const lookMilliseconds = 15;
/** Nobody has served for so long: those who hold the lock write something else, and we stand in line with them, and look often. */
const patienceMilliseconds = 30;
const frontMilliseconds = 2;
/** How long whoever gives up waits for the answer of somebody who has begun with its request meanwhile. */
const lastMilliseconds = 1000;

export interface CombinedClaimsParts extends ClaimRoundsParts {
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
	private readonly rounds: ClaimRounds;
	private isRunning = false;

	constructor(parts: CombinedClaimsParts) {
		this.parts = parts;
		this.rounds = new ClaimRounds(parts);
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
		this.rounds.release();
	}

	/** Serves nobody any more beside the claims that wait in this process; another takes over. */
	stop(): void {
		this.rounds.stop();
	}

	/** Settles what waits in this process, and serves others as long as they come. Never rejects. */
	private async run(): Promise<void> {
		while (this.waiting.length > 0 || this.rounds.isServing) {
			const some = this.waiting.splice(0, ownLimit);
			try {
				const orders = some.map(({ order }) => order);
				const outcomes = this.rounds.isServing ? await this.rounds.next(orders) : await this.outcomesOf(orders);
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
				this.rounds.rest();
			}
			if (this.rounds.isServing) {
				await this.rounds.linger(() => this.waiting.length > 0);
			}
		}
		this.isRunning = false;
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
					return await this.rounds.serveRound(own);
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
}
