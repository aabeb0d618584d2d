// Checks the gates that look at the change itself, and what counts as a new problem of a linter.

import assert from 'node:assert/strict';
import { judgeChange, outsideTouches } from '../../../../src/core/gate/changeGates.ts';
import { newProblems } from '../../../../src/core/gate/newProblems.ts';

describe('judgeChange', () => {
	const outside = (touches: readonly string[], files: readonly string[], workspacePath = '') =>
		outsideTouches({ task: { touches: [...touches] }, files, workspacePath });

	it('names files that fit no glob of the task', () => {
		assert.deepEqual(outside(['src/**', 'README.md'], ['src/a/b.ts', 'README.md', 'lib/x.ts']), ['lib/x.ts']);
		assert.deepEqual(outside(['src/*.{ts,css}'], ['src/a.ts', 'src/a.css', 'src/a.js']), ['src/a.js']);
		assert.deepEqual(outside(['src'], ['src/a/b.ts', 'srcs/a.ts']), ['srcs/a.ts']);
		assert.deepEqual(outside([], ['anything']), []);
	});

	it('takes globs from the workspace folder as well as from the top of the repository', () => {
		assert.deepEqual(outside(['src/**'], ['app/src/a.ts', 'other/src/a.ts'], 'app'), ['other/src/a.ts']);
		assert.deepEqual(outside(['app/src/**'], ['app/src/a.ts'], 'app'), []);
	});

	it('judges what the plan asks for and nothing else', () => {
		const facts = { task: { touches: ['a'] }, files: ['b'], workspacePath: '', commit: 'c' };
		assert.deepEqual(judgeChange({ wantsDiff: false, wantsTouches: false }, facts), {
			results: [],
			failure: undefined,
		});
		const judged = judgeChange({ wantsDiff: true, wantsTouches: true }, facts);
		assert.deepEqual(
			judged.results.map(({ kind, exit_code: code, commit }) => [kind, code, commit]),
			[
				['diff', 0, 'c'],
				['touches', 1, 'c'],
			],
		);
		assert.match(judged.failure ?? '', /names \(a\): b\./u);
		const empty = judgeChange({ wantsDiff: true, wantsTouches: true }, { ...facts, files: [] });
		assert.match(empty.failure ?? '', /No file was changed/u);
	});
});

describe('newProblems', () => {
	const base = { folder: '/base', output: '/base/a.ts:3:5: error X\nFound 1 error' };

	it('knows a problem of the base again where it has moved', () => {
		assert.deepEqual(newProblems({ folder: '/work', output: '/work/a.ts:30:1: error X\nFound 1 error' }, base), []);
	});

	it('counts another of the same kind, and one in another file', () => {
		const output = '/work/a.ts:3:5: error X\n/work/a.ts:9:5: error X\n/work/b.ts:1:1: error X\nFound 3 errors';
		assert.deepEqual(newProblems({ folder: '/work', output }, base), [
			'/work/a.ts:9:5: error X',
			'/work/b.ts:1:1: error X',
			'Found 3 errors',
		]);
	});
});
