// Owns which known words somebody most likely meant by one that is not known. Pure; for tens of thousands of words at a time.

/** Words longer than this are compared by their beginning only. */
const longest = 64;

/** How many letters must be typed, taken out, exchanged or swapped with their neighbour to make one word of the other. */
function distanceOf(left: string, right: string, limit: number): number {
	if (Math.abs(left.length - right.length) > limit) {
		return limit + 1;
	}
	let older: number[] = [];
	let previous = Array.from({ length: right.length + 1 }, (_each, index) => index);
	for (let row = 1; row <= left.length; row++) {
		const current = [row];
		let best = row;
		for (let column = 1; column <= right.length; column++) {
			const isSame = left[row - 1] === right[column - 1];
			let cost = Math.min(
				(previous[column] ?? 0) + 1,
				(current[column - 1] ?? 0) + 1,
				(previous[column - 1] ?? 0) + (isSame ? 0 : 1),
			);
			if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
				cost = Math.min(cost, (older[column - 2] ?? 0) + 1);
			}
			current.push(cost);
			best = Math.min(best, cost);
		}
		if (best > limit) {
			return limit + 1;
		}
		older = previous;
		previous = current;
	}
	return previous[right.length] ?? limit + 1;
}

const folded = (word: string): string =>
	word
		.slice(0, longest)
		.toLowerCase()
		.replace(/[\s_-]+/gu, '-');

/** The nearest of the known words, best first; those that share nothing with the word are left out. */
export function nearestWords(word: string, known: Iterable<string>, most: number): string[] {
	const wanted = folded(word);
	const limit = Math.max(2, Math.floor(wanted.length / 3));
	const found: { readonly candidate: string; readonly rank: number }[] = [];
	for (const candidate of known) {
		const other = folded(candidate);
		const distance = distanceOf(wanted, other, limit);
		if (distance <= limit) {
			found.push({ candidate, rank: distance });
		} else if (wanted.length > 2 && (other.startsWith(wanted) || (wanted.startsWith(other) && other.length > 2))) {
			// Half typed, or with something after it.
			found.push({ candidate, rank: limit + 1 });
		}
	}
	return found
		.sort((left, right) => left.rank - right.rank || (left.candidate < right.candidate ? -1 : 1))
		.slice(0, most)
		.map(({ candidate }) => candidate);
}
