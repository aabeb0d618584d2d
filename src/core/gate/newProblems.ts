// Owns which problems of a compiler or linter are new: what it prints for the work, less what it prints for the base. Places in files
// move with every edit, so numbers do not count; how often a line comes does. Pure.

import { displayText } from '../../base/text.ts';

export interface Printed {
	readonly output: string;
	/** Absolute path of the folder it ran in, which it may name. */
	readonly folder: string;
}

function linesOf({ output, folder }: Printed): { readonly shown: string; readonly key: string }[] {
	return displayText(output)
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '')
		.map((shown) => ({ shown, key: shown.replaceAll(folder, '.').replaceAll(/\d+(?:\.\d+)?/gu, '#') }));
}

/** Lines for the work that the base does not have as often. */
export function newProblems(work: Printed, base: Printed): string[] {
	const known = new Map<string, number>();
	for (const { key } of linesOf(base)) {
		known.set(key, (known.get(key) ?? 0) + 1);
	}
	return linesOf(work).flatMap(({ shown, key }) => {
		const left = known.get(key) ?? 0;
		known.set(key, left - 1);
		return left > 0 ? [] : [shown];
	});
}
