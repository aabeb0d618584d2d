// Owns which problems of the editor are new: those of the work, less those of the base. Lines move with every edit, so where a problem
// stands does not count; how often it comes in its file does. Pure.

import type { EditorProblem } from './problemReading.ts';

export interface FoundProblems {
	readonly problems: readonly EditorProblem[];
	/** Absolute path of the worktree, which a message may name. */
	readonly folder: string;
}

/** @param renamed path in the base by path in the work, of files that have another there */
export function newEditorProblems(
	work: FoundProblems,
	base: FoundProblems,
	renamed: ReadonlyMap<string, string>,
): EditorProblem[] {
	const known = new Map<string, number>();
	for (const problem of base.problems) {
		const key = keyOf(problem, problem.path, base.folder);
		known.set(key, (known.get(key) ?? 0) + 1);
	}
	return work.problems.filter((problem) => {
		const key = keyOf(problem, renamed.get(problem.path) ?? problem.path, work.folder);
		const left = known.get(key) ?? 0;
		known.set(key, left - 1);
		return left <= 0;
	});
}

const keyOf = ({ severity, source, message }: EditorProblem, path: string, folder: string): string =>
	JSON.stringify([path, severity, source, message.replaceAll(folder, '.').replaceAll(/\d+(?:\.\d+)?/gu, '#')]);
