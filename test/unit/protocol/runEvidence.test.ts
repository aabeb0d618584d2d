// Checks what a page is told of a run's evidence: all of it in short, cut where it is long, and as text.

import assert from 'node:assert/strict';
import type { Evidence } from '../../../src/core/gate/evidence.ts';
import { toRunEvidence } from '../../../src/protocol/runEvidence.ts';

const evidence: Evidence = {
	format: 'dreamos.evidence',
	version: 1,
	run_id: 'run-1',
	task_id: 'A',
	task_name: 'a',
	worker: 'Agent-1',
	attempt: 1,
	state: 'failed',
	reason: null,
	opened_at: '2026-01-01T00:00:00.000Z',
	closed_at: null,
	base_commit: 'b'.repeat(40),
	result_commit: 'c'.repeat(40),
	files: Array.from({ length: 203 }, (_, index) => `f${index}.ts`),
	summary: null,
	gates: [
		{
			kind: 'tests',
			command: 'npm test\nrm',
			exit_code: 1,
			ending: 'exited',
			duration_ms: 61_000,
			output: `${'x'.repeat(9000)}the end\n`,
			passed: false,
			verdict: 'failed',
		},
		{
			kind: 'diagnostics',
			command: 'no new error in the editor',
			exit_code: null,
			ending: 'notRead',
			duration_ms: 0,
			output: 'Not read: no window.',
			passed: false,
			verdict: 'not read',
		},
	],
	acceptance: [{ text: 'b is there', state: 'confirmed', by: 'human:ann' }],
	reviews: [{ at: '', by: 'human:ann', verdict: 'accepted', reason: '' }],
	claims: [{ claim: 'changed x', verdict: 'contradicted', evidence: 'It is not.' }],
	contradicted: [
		{ claim: 'changed x', evidence: 'It is not.' },
		{ claim: 'All tests pass.', evidence: 'They do not.' },
	],
	altered: [],
};

describe('toRunEvidence', () => {
	const shown = toRunEvidence(evidence);

	it('tells how each gate ended, how long it took, and the end of what it printed', () => {
		assert.deepEqual(
			shown.gates.map(({ verdict, how, took }) => [verdict, how, took]),
			[
				['failed', 'exit code 1', '1 min'],
				['not read', '', '0 ms'],
			],
		);
		assert.match(shown.gates[0]?.output ?? '', /xxxthe end$/u);
		assert.ok((shown.gates[0]?.output.length ?? 0) < 4200);
		assert.equal(shown.gates[0]?.command.includes('\n'), false);
	});

	it('tells a claim once, whether it was made in fields, in words or both', () => {
		assert.deepEqual(
			shown.claims.map(({ claim, verdict }) => [claim, verdict]),
			[
				['changed x', 'contradicted'],
				['All tests pass.', 'contradicted'],
			],
		);
	});

	it('names a bounded number of files, and the commits', () => {
		assert.deepEqual([shown.files.length, shown.moreFiles], [200, 3]);
		assert.deepEqual([shown.commit, shown.base], [evidence.result_commit, evidence.base_commit]);
	});
});
