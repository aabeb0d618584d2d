// Checks reading what the TypeScript service answers, whatever that is.

import assert from 'node:assert/strict';
import { readTypescriptAnswer } from '../../../../src/editor/diagnostics/typescriptAnswer.ts';

describe('readTypescriptAnswer', () => {
	it('takes errors and warnings with their line, and nothing else', () => {
		const said = [
			{ start: { line: 3, offset: 5 }, end: {}, text: 'Type A is not B.', code: 2322, category: 'error' },
			{ start: { line: 4, offset: 1 }, text: 'Old.', code: 6385, category: 'warning' },
			{ start: { line: 5, offset: 1 }, text: 'Unused.', code: 6133, category: 'suggestion' },
		];
		assert.deepEqual(
			readTypescriptAnswer(said, 'a.ts').map(({ line, severity, message, source }) => [
				line,
				severity,
				message,
				source,
			]),
			[
				[3, 'error', 'Type A is not B.', 'ts'],
				[4, 'warning', 'Old.', 'ts'],
			],
		);
	});

	it('survives what no version says', () => {
		assert.deepEqual(readTypescriptAnswer([null, 7, {}, { category: 'error' }], 'a.ts'), [
			{ path: 'a.ts', line: 1, severity: 'error', message: '', source: 'ts' },
		]);
	});
});
