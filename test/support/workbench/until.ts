// Owns waiting in UI tests: ask again until it holds or the deadline passes. Never a fixed sleep.
import { setTimeout as delay } from 'node:timers/promises';

/** For a machine that stalls, not for the product: how quick it is, is measured by the bench. */
export const PATIENCE_MILLISECONDS = 40_000;

const PAUSE_MILLISECONDS = 50;

/**
 * Polls `probe` until it returns something other than undefined or false.
 * @param what ends the sentence "Waited in vain for …"
 * @param lastSeen describes what was there instead, for the error
 */
export async function until<Value>(
	what: string,
	probe: () => Promise<Value | undefined | false>,
	lastSeen?: () => Promise<string> | string,
	milliseconds = PATIENCE_MILLISECONDS,
): Promise<Value> {
	const deadline = Date.now() + milliseconds;
	let problem: unknown;
	for (;;) {
		try {
			const value = await probe();
			if (value !== undefined && value !== false) {
				return value;
			}
			problem = undefined;
		} catch (error) {
			// The page re-renders while we read it; the next look may succeed.
			problem = error;
		}
		if (Date.now() > deadline) {
			const seen = await Promise.resolve(lastSeen?.()).catch(String);
			const message = `Waited ${milliseconds} ms in vain for ${what}.${seen === undefined ? '' : `\nSeen instead:\n${seen}`}`;
			throw new Error(message, { cause: problem });
		}
		await delay(PAUSE_MILLISECONDS);
	}
}
