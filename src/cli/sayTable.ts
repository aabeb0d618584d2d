// Owns how lists read in a terminal: a table under its header, or a sentence when there is nothing.

import type { Output } from './output.ts';
import { table } from './output.ts';

/** Says rows under a header; `nothing` when there are none. */
export function sayTable(
	output: Output,
	header: readonly string[],
	rows: readonly (readonly string[])[],
	nothing: string,
): void {
	if (rows.length === 0) {
		output.say(nothing);
	} else {
		table([header, ...rows]).forEach(output.say);
	}
}
