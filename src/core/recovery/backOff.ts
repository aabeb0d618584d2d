// Owns how pauses grow from failure to failure, and that agents that failed together do not all come back in the same moment.

import type { IBackoff } from 'cockatiel';
import { ExponentialBackoff } from 'cockatiel';

/** A number from 0 to below 1. */
export type Chance = () => number;

export type Growth = 'linear' | 'exponential';

export interface BackOffRange {
	/** Milliseconds of the first pause, and of the longest. */
	readonly first: number;
	readonly longest: number;
}

/** A pause is longer by up to this share of itself. */
const jitter = 0.25;

/** The first pause; `next()` gives those after it: twice as long each time, or longer by the first each time. Never shorter than meant. */
export function beginBackOff(growth: Growth, { first, longest }: BackOffRange, chance: Chance): IBackoff<unknown> {
	return new ExponentialBackoff<number>({
		initialDelay: first,
		maxDelay: longest,
		exponent: 2,
		generator: (before, { initialDelay, maxDelay, exponent }) => {
			const tries = before ?? 0;
			const whole = initialDelay * (growth === 'linear' ? tries + 1 : exponent ** tries);
			return [Math.min(maxDelay / (1 + jitter), whole) * (1 + jitter * chance()), tries + 1];
		},
	}).next();
}
