// Owns the smallest edits that turn one text into another, by lines. Pure.

/** Replaces [start, end) of the text before, in UTF-16 offsets. Edits do not overlap and stand in order. */
export interface OffsetEdit {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

/** Beyond this many comparisons the changed middle is replaced as a whole: a large change has no small edits worth the time. */
const comparisonLimit = 1_000_000;

const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];

/** Length of the longest common part of the lists from each pair of places on, row by row. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
	const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
	for (let left = before.length - 1; left >= 0; left -= 1) {
		for (let right = after.length - 1; right >= 0; right -= 1) {
			const [row, below] = [rows[left], rows[left + 1]];
			if (row !== undefined && below !== undefined) {
				const isSame = before[left] === after[right];
				row[right] = isSame ? (below[right + 1] ?? 0) + 1 : Math.max(below[right] ?? 0, row[right + 1] ?? 0);
			}
		}
	}
	return rows;
}

/** The edits between two lists of lines that begin at `offset`. */
function editsOf(before: readonly string[], after: readonly string[], offset: number): OffsetEdit[] {
	if (before.length * after.length > comparisonLimit) {
		return [{ start: offset, end: offset + before.join('').length, text: after.join('') }];
	}
	const lengths = commonLengths(before, after);
	const edits: OffsetEdit[] = [];
	let [left, right, start] = [0, 0, offset];
	while (left < before.length || right < after.length) {
		let end = start;
		let text = '';
		while (
			(left < before.length || right < after.length) &&
			!(left < before.length && before[left] === after[right])
		) {
			const below = lengths[left + 1]?.[right] ?? -1;
			const beside = lengths[left]?.[right + 1] ?? -1;
			if (left < before.length && (right >= after.length || below >= beside)) {
				end += before[left]?.length ?? 0;
				left += 1;
			} else {
				text += after[right] ?? '';
				right += 1;
			}
		}
		if (end > start || text !== '') {
			edits.push({ start, end, text });
		}
		start = end;
		while (left < before.length && right < after.length && before[left] === after[right]) {
			start += before[left]?.length ?? 0;
			left += 1;
			right += 1;
		}
	}
	return edits;
}

/** The edits that make `after` of `before`: what is equal at both ends stays untouched, so that cursors and folds stay too. */
export function minimalEdits(before: string, after: string): OffsetEdit[] {
	if (before === after) {
		return [];
	}
	const [old, next] = [splitLines(before), splitLines(after)];
	let head = 0;
	while (head < old.length && head < next.length && old[head] === next[head]) {
		head += 1;
	}
	let tail = 0;
	while (
		tail < old.length - head &&
		tail < next.length - head &&
		old[old.length - 1 - tail] === next[next.length - 1 - tail]
	) {
		tail += 1;
	}
	return editsOf(
		old.slice(head, old.length - tail),
		next.slice(head, next.length - tail),
		old.slice(0, head).join('').length,
	);
}
