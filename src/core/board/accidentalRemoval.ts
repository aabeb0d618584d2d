// Owns the guess whether records that vanished from a file were taken out on purpose.

/** Up to this many are taken for meant, unless they were all there were. */
const meantAtMost = 3;

/**
 * Older task managers start from an empty list when they cannot read a file, and save that. So many records missing at once are
 * taken for an accident: they are put back, and the person is told how to remove them on purpose. What is missing in an archive
 * is more likely missing because git brought an older version of the month.
 */
export function isAccidentalRemoval(removed: number, size: number, isArchive = false): boolean {
	return removed > 1 && (removed === size || (removed > meantAtMost && (removed > size / 2 || isArchive)));
}
