// Owns handing mocha's counts and failures to the runner: prints like mocha's own "spec" reporter, then writes one JSON file.
// Runs in plain Node and inside the extension host.
import { writeFileSync } from 'node:fs';
import { format } from 'node:util';
import Mocha from 'mocha';

/** Environment variable with the path of the JSON file (see MochaCounts in results.mjs). */
export const RESULTS_VARIABLE = 'DREAMOS_TEST_RESULTS';

/** Environment variable with what each printed line shall begin with, to tell it from an editor's own output. */
export const PREFIX_VARIABLE = 'DREAMOS_TEST_LINE_PREFIX';

class CountingReporter extends Mocha.reporters.Spec {
	/**
	 * @param {Mocha.Runner} runner
	 * @param {Mocha.MochaOptions} [options]
	 */
	constructor(runner, options) {
		super(runner, options);
		const prefix = process.env[PREFIX_VARIABLE];
		if (prefix) {
			// An editor's console does not fill in placeholders as Node's does.
			Mocha.reporters.Base.consoleLog = (/** @type {unknown[]} */ ...parts) =>
				console.log(prefix + format(...parts));
		}
		const path = process.env[RESULTS_VARIABLE];
		const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;
		/** @type {import('./results.mjs').MochaCounts} */
		const counts = { passed: 0, failed: 0, skipped: 0, failures: [], files: {} };
		/** @param {Mocha.Runnable} test @param {'passed' | 'failed' | 'skipped'} kind */
		const count = (test, kind) => {
			counts[kind]++;
			if (test.file !== undefined) {
				(counts.files[test.file] ??= { passed: 0, failed: 0, skipped: 0 })[kind]++;
			}
		};
		runner.on(EVENT_TEST_PASS, (/** @type {Mocha.Test} */ test) => count(test, 'passed'));
		// Also counts hooks that fail, which mocha's own sum of tests would hide.
		runner.on(EVENT_TEST_FAIL, (/** @type {Mocha.Test | Mocha.Hook} */ test, /** @type {unknown} */ error) => {
			count(test, 'failed');
			const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
			counts.failures.push({ title: test.fullTitle(), text, ...(test.file ? { file: test.file } : {}) });
		});
		runner.on(EVENT_TEST_PENDING, (/** @type {Mocha.Test} */ test) => count(test, 'skipped'));
		runner.once(EVENT_RUN_END, () => {
			if (path) {
				writeFileSync(path, `${JSON.stringify(counts)}\n`);
			}
		});
	}
}

// Mocha loads a reporter by path and takes its default export.
// oxlint-disable-next-line import/no-default-export
export default CountingReporter;
