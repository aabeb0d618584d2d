// The judge of a test run must not be fooled: each way of passing without testing is planted here.
import assert from 'node:assert/strict';
import { drawSummary, judgeStage } from '../../run/results.mjs';

const fine = { code: 0, isLate: false, leftRunning: [] };

describe('judgeStage', () => {
	it('passes a stage in which tests ran and none failed', () => {
		const result = judgeStage('unit', { passed: 3, failed: 0, skipped: 1, failures: [], files: {} }, fine, 1);
		assert.deepEqual([result.passed, result.failed, result.skipped, result.problems], [3, 0, 1, []]);
	});

	it('counts failed tests once', () => {
		const result = judgeStage(
			'unit',
			{ passed: 3, failed: 2, skipped: 0, failures: [], files: {} },
			{ ...fine, code: 2 },
			1,
		);
		assert.equal(result.failed, 2);
	});

	const planted = [
		{ name: 'no test ran', counts: { passed: 0, failed: 0, skipped: 5, failures: [], files: {} }, end: fine },
		{ name: 'nothing was reported', counts: undefined, end: fine },
		{
			name: 'it ended badly after the last test',
			counts: { passed: 1, failed: 0, skipped: 0, failures: [], files: {} },
			end: { ...fine, code: 1 },
		},
		{
			name: 'it came too late',
			counts: { passed: 1, failed: 0, skipped: 0, failures: [], files: {} },
			end: { ...fine, code: null, isLate: true },
		},
		{
			name: 'a process stayed',
			counts: { passed: 1, failed: 0, skipped: 0, failures: [], files: {} },
			end: { ...fine, leftRunning: ['sleep 9'] },
		},
	];
	for (const { name, counts, end } of planted) {
		it(`fails a stage when ${name}`, () => {
			const result = judgeStage('unit', counts, end, 1);
			assert.equal(result.failed, 1);
			assert.equal(result.problems.length, 1);
		});
	}
});

describe('drawSummary', () => {
	it('tells before the totals what failed, and where', () => {
		const failures = [
			{ title: 'a ledger keeps', text: ['Error: gone', '  at one', ...Array(30).fill('  at')].join('\n') },
		];
		const unit = judgeStage(
			'unit',
			{ passed: 3, failed: 1, skipped: 0, failures, files: {} },
			{ ...fine, code: 1 },
			1,
		);
		const lines = drawSummary([unit]).split('\n');
		assert.deepEqual(lines.slice(0, 3), ['unit: a ledger keeps', '    Error: gone', '      at one']);
		assert.ok(lines.includes('    … and 7 more lines'));
		assert.equal(lines.at(-1), '3 passed, 1 failed');
	});

	it('ends with the total', () => {
		const unit = judgeStage('unit', { passed: 3, failed: 0, skipped: 0, failures: [], files: {} }, fine, 1.25);
		const ui = judgeStage('ui', undefined, { ...fine, code: 7 }, 2);
		assert.equal(
			drawSummary([unit, ui]),
			[
				'unit  3 passed, 0 failed (1.3 s)',
				'ui    0 passed, 1 failed (2.0 s)',
				'      ! It ended with code 7 and reported no results.',
				'',
				'3 passed, 1 failed',
			].join('\n'),
		);
	});
});
