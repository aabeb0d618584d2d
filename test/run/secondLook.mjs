// Owns the second look at test files that failed: each once more, by itself, on a machine that does nothing else.
// What passes then is told as unsteady with its first error, never in silence; what fails again has failed.

/** @typedef {import('./results.mjs').StageResult} StageResult */

/** More files than this do not fail by a machine that stalled: they are not looked at again. */
export const MOST_FILES = 5;

/**
 * The files to look at again: none where all passed, where something beside single tests went wrong, or where too much failed.
 * @param {StageResult} result
 * @returns {string[]}
 */
export function filesToLookAtAgain({ failures, files, problems }) {
	const failed = failures.map(({ file }) => file);
	const known = [...new Set(failed)].filter((file) => file !== undefined && file in files);
	const isAllKnown = failed.every((file) => file !== undefined && file in files);
	return problems.length === 0 && isAllKnown && known.length <= MOST_FILES ? /** @type {string[]} */ (known) : [];
}

/**
 * What a stage is worth after one of its files was run again.
 * @param {StageResult} first
 * @param {string} file
 * @param {StageResult} again the run of that file alone
 * @returns {StageResult}
 */
export function afterSecondLook(first, file, again) {
	const before = first.files[file] ?? { passed: 0, failed: 0, skipped: 0 };
	const seconds = first.seconds + again.seconds;
	// A file that could not be run again proves nothing: the first run counts.
	if (again.failed > 0 || again.passed < before.passed) {
		return { ...first, seconds };
	}
	return {
		...first,
		passed: first.passed - before.passed + again.passed,
		failed: first.failed - before.failed,
		skipped: first.skipped - before.skipped + again.skipped,
		seconds,
		failures: first.failures.filter((failure) => failure.file !== file),
		unsteady: [...first.unsteady, ...first.failures.filter((failure) => failure.file === file)],
	};
}
