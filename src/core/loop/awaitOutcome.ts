// Owns waiting for a driver: for its outcome, for its end after a cancel, and never for ever for either.

import { sleepWithoutWaits } from '../../base/async.ts';
import type { DriverOutcome, DriverSession } from '../driver/driver.ts';

export interface OutcomeRequest {
	/** Aborted when the run is to be cancelled. */
	readonly signal: AbortSignal;
	/** After this long without an outcome the driver is given up. */
	readonly limitMilliseconds: number;
	/** Milliseconds in which the driver waited for a person; they do not count. */
	readonly waitedMilliseconds: () => number;
	/** Names the driver in what is said of it. */
	readonly driverId: string;
	readonly onCancelError: (error: unknown) => void;
}

/** Longer than any driver may take to end what it runs. */
const cancelLimitMilliseconds = 10_000;

/** What the driver says, or that it says nothing. Cancels the session as soon as the signal aborts. */
export async function awaitOutcome(session: DriverSession, request: OutcomeRequest): Promise<DriverOutcome> {
	const { signal, driverId } = request;
	const over = new AbortController();
	const silence = async (
		milliseconds: number,
		what: string,
		waited: () => number = () => 0,
	): Promise<DriverOutcome> => {
		await sleepWithoutWaits(milliseconds, waited, over.signal);
		return { kind: 'failed', code: 'driver.hangs', reason: `The driver ${driverId} ${what}.`, isTransient: true };
	};
	const cancelled = new Promise<DriverOutcome>((resolve) => {
		const cancel = () => {
			session.cancel().catch(request.onCancelError);
			silence(cancelLimitMilliseconds, 'did not stop when told to').then(resolve, () => undefined);
		};
		signal.addEventListener('abort', cancel, { once: true });
		if (signal.aborted) {
			cancel();
		}
	});
	const hung = silence(request.limitMilliseconds, 'did not come to an end', request.waitedMilliseconds);
	hung.catch(() => undefined);
	try {
		const outcome = await Promise.race([session.outcome, cancelled, hung]);
		if (outcome.kind === 'failed' && outcome.code === 'driver.hangs') {
			session.cancel().catch(request.onCancelError);
		}
		return outcome;
	} finally {
		over.abort();
	}
}
