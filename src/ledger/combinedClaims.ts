// Owns how processes claim together: whoever gets the write lock serves all claims that wait, in one transaction with one sync, and
// the others only wait for their answer. So nobody starves, and a wait is at most two rounds however many there are.

import type { Sequencer } from '../base/async.ts';
import { newRunId } from '../base/ids.ts';
import type { Actor } from '../core/actor.ts';
import type { Claimed, ClaimRequest } from '../core/task/advanceTask.ts';
import type { Bell } from './bell.ts';
import type { BusyRetryOptions } from './busyRetry.ts';
import { refuseUnlessBusy } from './busyRetry.ts';
import type { BatchedOrder, ClaimOrder, ClaimOutcome } from './claimOrders.ts';
import { readOrders, readOutcomes, writeOrders, writeOutcomes } from './claimOrders.ts';
import { busyError, toLedgerError } from './ledgerErrors.ts';
import type { RequestSlots, TakenRequest } from './requestSlots.ts';
import type { WaitingLine } from './waitingLine.ts';

/** Claims of one process that go into one transaction; the texts of so many fit into a slot. */
const ownLimit = 8;

/** When to look again though nobody rang: somebody ended in the middle of it, or is no claimer and does not ring. */
const frontMilliseconds = Number(process.env['FRONT'] ?? 1);
const waitMilliseconds = Number(process.env['WAIT'] ?? 3);
const takenMilliseconds = Number(process.env['TAKEN'] ?? 20);

export interface CombinedClaimsParts extends BusyRetryOptions {
	readonly turns: Sequencer;
	readonly line: WaitingLine;
	readonly slots: RequestSlots;
	readonly bell: Bell;
	/**
	 * Takes the lock, asks which orders there are, serves them in one transaction and resolves after its commit. Throws what
	 * SQLite says when the lock is not free.
	 */
	readonly serve: (orders: () => readonly BatchedOrder[]) => Promise<readonly ClaimOutcome[]>;
}

interface WaitingClaim {
	readonly order: ClaimOrder;
	readonly resolve: (claimed: Claimed) => void;
	readonly reject: (error: unknown) => void;
}

export class CombinedClaims {
	private readonly parts: CombinedClaimsParts;
	private readonly waiting: WaitingClaim[] = [];

	constructor(parts: CombinedClaimsParts) {
		this.parts = parts;
	}

	claim(actor: Actor, request: ClaimRequest): Promise<Claimed> {
		const order = { actor, request: { ...request, runId: request.runId ?? newRunId(request.now) } };
		return new Promise((resolve, reject) => {
			this.waiting.push({ order, resolve, reject });
			void this.parts.turns.run('write', () => this.settleSome());
		});
	}

	/** Settles what waits in this process when its turn comes. Never rejects. */
	private async settleSome(): Promise<void> {
		const some = this.waiting.splice(0, ownLimit);
		if (some.length === 0) {
			return;
		}
		try {
			const outcomes = await this.outcomesOf(some.map(({ order }) => order));
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
		}
	}

	private async outcomesOf(own: readonly ClaimOrder[]): Promise<readonly ClaimOutcome[]> {
		const { line, slots, bell, path, deadlineMilliseconds } = this.parts;
		const started = performance.now();
		let isPosted = false;
		try {
			for (;;) {
				const state = isPosted ? slots.look() : 'waiting';
				if (typeof state === 'object') {
					return readOutcomes(state.answer);
				}
				const ahead = state === 'taken' ? 1 : line.ahead();
				if (ahead === 0) {
					try {
						return await this.serveAll(own, isPosted);
					} catch (error) {
						refuseUnlessBusy(error, started, this.parts);
					}
				} else if (performance.now() - started >= deadlineMilliseconds) {
					throw busyError(path, performance.now() - started);
				}
				if (!isPosted) {
					bell.listen();
				}
				if (!isPosted || state === 'gone') {
					isPosted = slots.post(writeOrders(own)) || isPosted;
				}
				const milliseconds = state === 'taken' ? takenMilliseconds : ahead === 0 ? frontMilliseconds : waitMilliseconds;
				if (state === 'taken') {
					line.leave();
				} else {
					line.wait(milliseconds);
				}
				await bell.wait(milliseconds);
			}
		} finally {
			line.leave();
			if (isPosted) {
				bell.rest();
				slots.withdraw();
			}
		}
	}

	/** The lock is free again: wakes those who wait for it, or for the answer they have got. */
	release(): void {
		if (this.parts.slots.isAsked()) {
			this.parts.bell.ring();
		}
	}

	/** Serves our own claims and those that wait; the outcomes of our own. */
	private async serveAll(own: readonly ClaimOrder[], mayBeServed: boolean): Promise<readonly ClaimOutcome[]> {
		const { slots, serve } = this.parts;
		let taken: readonly { readonly request: TakenRequest; readonly orders: readonly ClaimOrder[] }[] = [];
		const t0 = performance.now(); const marks: number[] = [];
		try {
			const outcomes = await serve(() => { marks.push(performance.now() - t0);
				taken = slots.take().map((request) => ({ request, orders: readOrders(request.text) ?? [] }));
				marks.push(performance.now() - t0);
				return [
					...own.map((order) => ({ ...order, mayBeServed })),
					...taken.flatMap(({ orders }) => orders.map((order) => ({ ...order, mayBeServed: true }))),
				];
			});
			marks.push(performance.now() - t0); let next = own.length;
			for (const { request, orders } of taken) {
				slots.answer(request, writeOutcomes(outcomes.slice(next, (next += orders.length))));
			}
			this.release();
			if (process.env['LOGB']) process.stderr.write(`${process.pid} batch ${outcomes.length} ${(performance.now() - t0).toFixed(2)} at ${performance.timeOrigin + t0} ${marks.map((m) => m.toFixed(2)).join(' ')}\n`);
			return outcomes.slice(0, own.length);
		} catch (error) {
			taken.forEach(({ request }) => slots.answer(request));
			throw error;
		}
	}
}
