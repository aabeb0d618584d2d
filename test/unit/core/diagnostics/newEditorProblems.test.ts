// Checks which problems of the editor are new: those the base has not as often, wherever they stand.

import assert from 'node:assert/strict';
import { newEditorProblems } from '../../../../src/core/diagnostics/newEditorProblems.ts';
import type { EditorProblem } from '../../../../src/core/diagnostics/problemReading.ts';

const problem = (message: string, fields: Partial<EditorProblem> = {}): EditorProblem => ({
	path: 'a.ts',
	line: 1,
	severity: 'error',
	message,
	source: 'ts',
	...fields,
});

const fresh = (work: readonly EditorProblem[], base: readonly EditorProblem[], renamed: [string, string][] = []) =>
	newEditorProblems(
		{ problems: work, folder: '/w/work' },
		{ problems: base, folder: '/w/base' },
		new Map(renamed),
	).map(({ message, line }) => `${line} ${message}`);

describe('newEditorProblems', () => {
	it('finds what the base has not', () => {
		assert.deepEqual(
			fresh([problem('x is not defined'), problem('y is not defined')], [problem('x is not defined')]),
			['1 y is not defined'],
		);
	});

	it('does not take a problem for new that moved', () => {
		assert.deepEqual(fresh([problem('x', { line: 90 })], [problem('x', { line: 3 })]), []);
		assert.deepEqual(fresh([problem('declared on line 90')], [problem('declared on line 3')]), []);
		assert.deepEqual(fresh([problem('cannot read /w/work/b.ts')], [problem('cannot read /w/base/b.ts')]), []);
	});

	it('counts how often it comes, and in which file, from whom and how bad', () => {
		assert.deepEqual(fresh([problem('x'), problem('x', { line: 7 })], [problem('x')]), ['7 x']);
		assert.deepEqual(fresh([problem('x')], [problem('x', { path: 'b.ts' })]), ['1 x']);
		assert.deepEqual(fresh([problem('x')], [problem('x', { source: 'eslint' })]), ['1 x']);
		assert.deepEqual(fresh([problem('x')], [problem('x', { severity: 'warning' })]), ['1 x']);
	});

	it('follows a file that was renamed', () => {
		const before = [problem('x', { path: 'old.ts' })];
		assert.deepEqual(fresh([problem('x', { path: 'new.ts' })], before, [['new.ts', 'old.ts']]), []);
		assert.deepEqual(fresh([problem('x', { path: 'new.ts' })], before), ['1 x']);
	});
});
