// Owns the shape of a figure: a number with the tasks behind it, so that whoever shows it can open them. Pure.

export interface Figure {
	/** Names it among the figures of an analysis. */
	readonly key: string;
	readonly label: string;
	readonly value: number;
	readonly taskIds: readonly string[];
}

/** The value below which a share of the values lies; undefined where there are none. */
export function quantile(values: readonly number[], share: number): number | undefined {
	const sorted = [...values].sort((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
