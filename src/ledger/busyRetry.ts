// Owns the waiting for a lock that another process holds: short, in turn, never blocking the event loop for long, and not for ever.

import { sleep } from '../base/async.ts';
import { busyError, isBusy } from './ledgerErrors.ts';
import type { WaitingLine } from './waitingLine.ts';
import { longestPauseMilliseconds } from './waitingLine.ts';

export interface BusyRetryOptions {
	readonly path: string;
	readonly deadlineMilliseconds: number;
}

/** Repeats an attempt until it is not busy, with growing, jittered pauses. Fails with `ledger.busy` after the deadline. */
export async function retryWhileBusy<Result>(
	options: BusyRetryOptions,
	attempt: () => Result | Promise<Result>,
): Promise<Result> {
	const started = performance.now();
	for (let tries = 0; ; tries += 1) {
		try {
			return await attempt();
		} catch (error) {
			refuseUnlessBusy(error, started, options);
		}
		await sleep(Math.min(2 ** tries, 16) * (0.5 + Math.random() / 2));
	}
}

/**
 * The same for writers, in the order in which they came. Whoever is first in line asks often, the others only look how far
 * they have come; the attempt leaves the line as soon as it has the lock.
 */
export async function retryInLine<Result>(
	options: BusyRetryOptions,
	line: WaitingLine,
	attempt: () => Promise<Result>,
): Promise<Result> {
	const started = performance.now();
	const pause = createPause();
	try {
		for (;;) {
			const ahead = line.ahead();
			if (ahead === 0) {
				try {
					return await attempt();
				} catch (error) {
					refuseUnlessBusy(error, started, options);
				}
			} else if (performance.now() - started >= options.deadlineMilliseconds) {
				throw busyError(options.path, performance.now() - started);
			}
			await pause(ahead, (milliseconds) => line.wait(milliseconds));
		}
	} finally {
		line.leave();
	}
}

/** Rethrows what is not a busy lock; fails with `ledger.busy` after the deadline. */
export function refuseUnlessBusy(
	error: unknown,
	started: number,
	{ path, deadlineMilliseconds }: BusyRetryOptions,
): void {
	if (!isBusy(error)) {
		throw error;
	}
	const waited = performance.now() - started;
	if (waited >= deadlineMilliseconds) {
		throw busyError(path, waited);
	}
}

/** What one short transaction takes, roughly. */
const turnMilliseconds = 0.4;
/** How often the first in line asks for the lock. */
const frontMilliseconds = 0.1;
/** Timers of the event loop are this coarse; shorter pauses stand still. */
const timerMilliseconds = 1;
/** Longest time the thread stands still before the event loop gets its turn. */
const standMilliseconds = 1;
const nobody = new Int32Array(new SharedArrayBuffer(4));

/**
 * Pauses as long as those ahead need: standing still for fractions of a millisecond, through the event loop beyond. Tells
 * before how long it will be.
 */
function createPause(): (ahead: number, tell: (milliseconds: number) => void) => Promise<void> {
	let stood = 0;
	return async (ahead, tell) => {
		const wanted = Math.min(
			Math.max(frontMilliseconds, (ahead - 1) * turnMilliseconds),
			longestPauseMilliseconds - timerMilliseconds,
		);
		if (wanted >= timerMilliseconds) {
			stood = 0;
			tell(wanted + timerMilliseconds);
			await sleep(wanted);
			return;
		}
		if (stood >= standMilliseconds) {
			stood = 0;
			await new Promise<void>((resolve) => setImmediate(resolve));
		}
		stood += wanted;
		tell(wanted);
		Atomics.wait(nobody, 0, 0, wanted);
	};
}
