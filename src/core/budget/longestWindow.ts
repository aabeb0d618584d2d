// Owns how long a window of a budget may be.

/** A week, in hours: what is older is kept in sums only. */
export const longestWindowHours = 24 * 7;
