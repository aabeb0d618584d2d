// Owns where two sides changed the same lines, read from the marks git puts into a merged text.

/** A range of lines here, from 1; where lines are missing, the one before which they would stand. */
export interface LineRange {
	readonly from: number;
	readonly to: number;
}

/** Ranges of our own text that are in conflict, from a text merged with marks and the base between them. */
export function conflictLines(merged: string): LineRange[] {
	const ranges: LineRange[] = [];
	let line = 1;
	let from: number | undefined;
	let side: 'both' | 'ours' | 'others' = 'both';
	for (const text of merged.split('\n')) {
		if (side === 'both' && text.startsWith('<<<<<<< workspace')) {
			side = 'ours';
			from = line;
		} else if (side === 'ours' && text.startsWith('||||||| base')) {
			side = 'others';
			ranges.push({ from: from ?? line, to: Math.max(from ?? line, line - 1) });
		} else if (side === 'others' && text.startsWith('>>>>>>> agent')) {
			side = 'both';
		} else if (side !== 'others') {
			line += 1;
		}
	}
	return ranges;
}

/** Only what is in conflict, with its marks. */
export function markedLines(merged: string): string {
	const shown: string[] = [];
	let isInside = false;
	for (const text of merged.split('\n')) {
		isInside ||= text.startsWith('<<<<<<< workspace');
		if (isInside) {
			shown.push(text);
		}
		isInside &&= !text.startsWith('>>>>>>> agent');
	}
	return shown.join('\n');
}

/** Such as `line 3`, `lines 3–5, 9`. */
export function describeLines(ranges: readonly LineRange[]): string {
	const shown = ranges.slice(0, 5).map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`));
	const isOne = ranges.length === 1 && ranges[0]?.from === ranges[0]?.to;
	return `${isOne ? 'line' : 'lines'} ${shown.join(', ')}${ranges.length > shown.length ? ' …' : ''}`;
}
