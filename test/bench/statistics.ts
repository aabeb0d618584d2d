// Owns the few numbers a list of measurements is told by. No means: one slow round must not move what is reported.

/** Value below which the given share of the sorted values lies; `share` from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((left, right) => left - right);
	const value = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? sorted[0];
	if (value === undefined) {
		throw new Error('Nothing was measured.');
	}
	return value;
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((left, right) => left - right);
	const middle = sorted.length / 2;
	return Number.isInteger(middle) ? (percentile(sorted, 0.5) + (sorted[middle] ?? 0)) / 2 : percentile(sorted, 0.5);
}

/** Lowest and highest value, as text for a note: how far the rounds of one figure lie apart. */
export function spread(values: readonly number[], digits = 2): string {
	return `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
}

/** Numbers in an order that looks random and is the same in each run. */
export function* shuffled(count: number, seed: number): Generator<number> {
	const numbers = Array.from({ length: count }, (_, index) => index);
	let state = seed + 1;
	for (let left = count; left > 0; left -= 1) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		const chosen = state % left;
		const last = left - 1;
		[numbers[chosen], numbers[last]] = [numbers[last] ?? 0, numbers[chosen] ?? 0];
		yield numbers[last] ?? 0;
	}
}
