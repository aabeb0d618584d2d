// The second look must not hide what is broken: each way of doing so is planted here.
import assert from 'node:assert/strict';
import { drawSummary, judgeStage } from '../../run/results.mjs';
import type { StageResult } from '../../run/results.mjs';
import { afterSecondLook, filesToLookAtAgain, MOST_FILES } from '../../run/secondLook.mjs';

const ended = { code: 1, isLate: false, leftRunning: [] };

/** A stage in which one test failed in each of these files, and one passed. */
function failedIn(...files: readonly string[]): StageResult {
	return judgeStage(
		'ui',
		{
			passed: files.length,
			failed: files.length,
			skipped: 0,
			failures: files.map((file) => ({ title: `of ${file}`, text: 'Error: in vain', file })),
			files: Object.fromEntries(files.map((file) => [file, { passed: 1, failed: 1, skipped: 0 }])),
		},
		ended,
		10,
	);
}

const passed = (count: number) =>
	judgeStage('ui', { passed: count, failed: 0, skipped: 0, failures: [], files: {} }, { ...ended, code: 0 }, 5);

describe('the second look', () => {
	it('counts what passes now, and tells what it was', () => {
		const result = afterSecondLook(failedIn('a.ts', 'b.ts'), 'a.ts', passed(2));
		assert.deepEqual([result.passed, result.failed, result.seconds], [3, 1, 15]);
		assert.deepEqual(
			[result.failures, result.unsteady].map((each) => each.map(({ title }) => title)),
			[['of b.ts'], ['of a.ts']],
		);
		const summary = drawSummary([result]);
		assert.match(summary, /^ui: of a\.ts \(unsteady: it passed in a second look\)\n {4}Error: in vain$/mu);
		assert.match(summary, /3 passed, 1 failed, 1 unsteady \(15\.0 s\)/u);
		assert.match(summary, /^ui: of b\.ts$/mu);
	});

	it('lets fail what fails again', () => {
		const result = afterSecondLook(failedIn('a.ts'), 'a.ts', failedIn('a.ts'));
		assert.deepEqual([result.passed, result.failed, result.unsteady], [1, 1, []]);
	});

	it('lets fail what was not reached again', () => {
		const none = judgeStage('ui', undefined, { ...ended, code: 7 }, 1);
		assert.equal(afterSecondLook(failedIn('a.ts'), 'a.ts', none).failed, 1);
		assert.equal(afterSecondLook(failedIn('a.ts'), 'a.ts', passed(0)).failed, 1);
	});

	it('looks at each failed file once', () => {
		assert.deepEqual(filesToLookAtAgain(failedIn('a.ts', 'b.ts')), ['a.ts', 'b.ts']);
		assert.deepEqual(filesToLookAtAgain(passed(3)), []);
	});

	it('looks at nothing where much failed, or more than single tests did', () => {
		const many = Array.from({ length: MOST_FILES + 1 }, (_each, index) => `${index}.ts`);
		assert.deepEqual(filesToLookAtAgain(failedIn(...many)), []);
		assert.deepEqual(filesToLookAtAgain({ ...failedIn('a.ts'), problems: ['It left a process running: x'] }), []);
		const nowhere = { title: 'a hook', text: 'Error' };
		const result = failedIn('a.ts');
		assert.deepEqual(filesToLookAtAgain({ ...result, failures: [...result.failures, nowhere] }), []);
	});
});
