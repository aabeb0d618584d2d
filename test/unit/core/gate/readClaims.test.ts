// Checks which words of an agent the evidence contradicts: plain lies are found, and nobody is accused for anything else.

import assert from 'node:assert/strict';
import { contradictedClaims } from '../../../../src/core/gate/readClaims.ts';
import type { GateResult } from '../../../../src/core/task/task.ts';

const gate = (fields: Partial<GateResult> = {}): GateResult => ({
	kind: 'tests',
	command: 'npm test',
	exit_code: 1,
	ending: 'exited',
	duration_ms: 1,
	output: '',
	...fields,
});
const files = ['src/a.ts', 'docs/guide.md'];
const claims = (said: string, gates: readonly GateResult[] = []) =>
	contradictedClaims(said, { files, gates }).map(({ evidence }) => evidence);

describe('contradictedClaims', () => {
	it('finds tests that are said to pass and do not', () => {
		for (const said of [
			'All tests pass.',
			'I changed the parser. The test suite passes now!',
			'Done, checks are green',
			'Everything passed on my side.',
		]) {
			assert.deepEqual(claims(said, [gate()]), ['The gate npm test ended with exit code 1.'], said);
			assert.deepEqual(claims(said, [gate({ exit_code: 0 })]), [], said);
		}
	});

	it('finds a linter that is said to be clean and is not, and does not take tests for it', () => {
		const lint = gate({ kind: 'diagnostics', command: 'tsc' });
		assert.equal(claims('The type check passes.', [lint]).length, 1);
		assert.deepEqual(claims('All tests pass.', [lint]), []);
	});

	it('finds files that are said to be changed and are not', () => {
		assert.deepEqual(claims('I updated `src/a.ts` and `src/b.ts`.'), [
			'src/b.ts is not among the files that were changed.',
		]);
		assert.deepEqual(claims('Files changed:\n- a.ts\n- docs/guide.md\n- lib/c.py\n\nNothing more: d.py'), [
			'lib/c.py is not among the files that were changed.',
		]);
		assert.deepEqual(claims('Created test/new.test.ts, a.ts and guide.md'), [
			'test/new.test.ts is not among the files that were changed.',
		]);
	});

	it('finds a word that nothing was changed', () => {
		assert.deepEqual(claims('I made no changes.'), ['It changed src/a.ts, docs/guide.md.']);
		assert.deepEqual(claims('I made no changes to other files.'), []);
	});

	it('accuses nobody who said no such thing', () => {
		for (const said of [
			'The tests do not pass yet: one fails in src/x.ts.',
			'I could not make all tests pass.',
			'I changed src/a.ts to use lib/other.ts.',
			'Added support for Node.js and fixed the parser in a.ts.',
			'See lib/c.py for how it is done elsewhere; I did not change lib/c.py.',
			'If everything passes, merge it.',
			'Ran 1 step.',
			'',
		]) {
			assert.deepEqual(claims(said, [gate()]), [], said);
		}
	});

	it('says nothing of a gate that said nothing of the work', () => {
		assert.deepEqual(claims('All tests pass.', [gate({ ending: 'timeout', exit_code: null })]), []);
	});

	it('is done with a megabyte at once', () => {
		assert.deepEqual(claims(`${'changed the file, '.repeat(60_000)}\n${'a/'.repeat(100_000)}`), []);
	});
});
