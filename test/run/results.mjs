// Owns the counts of a test run: how a stage hands them over, what makes a stage fail, and the last lines printed.

/**
 * What the reporter writes when mocha has ended.
 * @typedef {object} MochaCounts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {TestFailure[]} failures
 * @property {Record<string, FileCounts>} files the same counts by the file they stand in
 */

/** @typedef {{ passed: number, failed: number, skipped: number }} FileCounts */

/**
 * @typedef {object} TestFailure
 * @property {string} title of the test or hook, with those of its suites
 * @property {string} text the error with its stack
 * @property {string} [file] where it stands, where mocha knows
 */

/**
 * @typedef {object} StageResult
 * @property {string} stage
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} seconds
 * @property {string[]} problems what failed beside single tests, as sentences
 * @property {TestFailure[]} failures the single tests that failed
 * @property {TestFailure[]} unsteady those that failed beside others and passed in a second look (secondLook.mjs)
 * @property {Record<string, FileCounts>} files
 * @property {boolean} didReport whether the tests were reached at all
 */

/** @type {MochaCounts} */
const NO_COUNTS = { passed: 0, failed: 0, skipped: 0, failures: [], files: {} };

/**
 * Judges a stage. A run that says nothing, ran nothing, came too late or left processes behind has failed, also when
 * every single test passed.
 * @param {string} stage
 * @param {MochaCounts | undefined} counts
 * @param {{ code: number | null, isLate: boolean, leftRunning: readonly string[] }} end
 * @param {number} seconds
 * @returns {StageResult}
 */
export function judgeStage(stage, counts, end, seconds) {
	const { passed, failed, skipped, failures, files } = counts ?? NO_COUNTS;
	/** @type {string[]} */
	const problems = [];
	if (end.isLate) {
		problems.push('It did not end in time and was stopped.');
	} else if (counts === undefined) {
		problems.push(`It ended with code ${end.code} and reported no results.`);
	} else if (passed + failed === 0) {
		problems.push('No test ran.');
	} else if (end.code !== 0 && failed === 0) {
		problems.push(`It ended with code ${end.code} although no test failed.`);
	}
	problems.push(...end.leftRunning.map((line) => `It left a process running: ${line}`));
	return {
		stage,
		passed,
		failed: failed + problems.length,
		skipped,
		seconds,
		problems,
		failures,
		unsteady: [],
		files,
		didReport: counts !== undefined,
	};
}

/**
 * A stage that could not even be prepared.
 * @param {string} stage
 * @param {unknown} error
 * @param {number} seconds
 * @returns {StageResult}
 */
export function brokenStage(stage, error, seconds) {
	// Only a fault of ours needs its stack; a plain error was written for the reader.
	const isPlain = error instanceof Error && error.name === 'Error';
	const problem = isPlain ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
	return {
		stage,
		passed: 0,
		failed: 1,
		skipped: 0,
		seconds,
		problems: [problem],
		failures: [],
		unsteady: [],
		files: {},
		didReport: false,
	};
}

/** Of one failure, so that a run in which everything fails can still be read. */
const LINES_PER_FAILURE = 25;

/**
 * What failed, told once more: of a long log often only the end is kept.
 * @param {StageResult} result
 */
function drawFailures({ stage, failures, unsteady }) {
	return [...unsteady, ...failures].flatMap((failure) => {
		const lines = failure.text.split('\n');
		const rest = lines.length - LINES_PER_FAILURE;
		return [
			`${stage}: ${failure.title}${unsteady.includes(failure) ? ' (unsteady: it passed in a second look)' : ''}`,
			...lines.slice(0, LINES_PER_FAILURE).map((line) => `    ${line}`),
			...(rest > 0 ? [`    … and ${rest} more ${rest === 1 ? 'line' : 'lines'}`] : []),
			'',
		];
	});
}

/**
 * What failed, one line a stage with its problems below it; the last line is the total.
 * @param {readonly StageResult[]} results
 */
export function drawSummary(results) {
	const width = Math.max(0, ...results.map(({ stage }) => stage.length));
	const lines = results.flatMap((result) => {
		const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
		const unsteady = result.unsteady.length > 0 ? `, ${result.unsteady.length} unsteady` : '';
		const seconds = `${result.seconds.toFixed(1)} s`;
		return [
			`${result.stage.padEnd(width)}  ${result.passed} passed, ${result.failed} failed${skipped}${unsteady} (${seconds})`,
			...result.problems.map((problem) => `${' '.repeat(width)}  ! ${problem}`),
		];
	});
	const passed = results.reduce((sum, result) => sum + result.passed, 0);
	const failed = results.reduce((sum, result) => sum + result.failed, 0);
	return [...results.flatMap(drawFailures), ...lines, '', `${passed} passed, ${failed} failed`].join('\n');
}
