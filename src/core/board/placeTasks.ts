// Owns the places of tasks on a board when somebody put the file into another order: as few tasks as possible get a new place.

/** Smallest step between two places that is used before all are spread anew. */
const smallestStep = 1e-6;

/**
 * New places so that tasks stand as in `order`. Ids that have no place yet get one between their neighbours; tasks that are not
 * in `order` keep theirs. Returns only what changes.
 */
export function placeTasks(order: readonly string[], places: ReadonlyMap<string, number>): Map<string, number> {
	const known = order.filter((id) => places.has(id));
	const sorted = known.map((id) => places.get(id) ?? 0).sort((left, right) => left - right);
	const dealt = new Map(known.map((id, index) => [id, sorted[index] ?? 0]));
	const result = new Map<string, number>();
	for (const [id, place] of dealt) {
		if (place !== places.get(id)) {
			result.set(id, place);
		}
	}
	let previous: number | undefined;
	for (let index = 0; index < order.length; index++) {
		const id = order[index] ?? '';
		const place = dealt.get(id);
		if (place !== undefined) {
			previous = place;
			continue;
		}
		let count = 0;
		while (index + count < order.length && !dealt.has(order[index + count] ?? '')) {
			count++;
		}
		const next = dealt.get(order[index + count] ?? '');
		const start = previous ?? (next === undefined ? 0 : next - count - 1);
		const step = next === undefined ? 1 : (next - start) / (count + 1);
		if (step < smallestStep) {
			return new Map(order.map((each, rank) => [each, rank + 1]));
		}
		for (let offset = 0; offset < count; offset++) {
			previous = start + step * (offset + 1);
			result.set(order[index + offset] ?? '', previous);
		}
		index += count - 1;
	}
	return result;
}
