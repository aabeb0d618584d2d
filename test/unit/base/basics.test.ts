// Checks lifetimes, errors, JSON helpers and ids.

import assert from 'node:assert/strict';
import { DisposableStore, toDisposable } from '../../../src/base/disposable.ts';
import { describeError, DreamError, isDreamError, toError } from '../../../src/base/errors.ts';
import { newRunId } from '../../../src/base/ids.ts';
import { jsonEquals, parseJsonOrUndefined, stringifyFile } from '../../../src/base/json.ts';

describe('DisposableStore', () => {
	it('disposes in reverse, once, and late additions at once', () => {
		const seen: number[] = [];
		const store = new DisposableStore();
		store.add(toDisposable(() => seen.push(1)));
		store.add(toDisposable(() => seen.push(2)));
		store.dispose();
		store.dispose();
		store.add(toDisposable(() => seen.push(3)));
		assert.deepEqual(seen, [2, 1, 3]);
	});

	it('disposes the rest when one throws, and tells the first error', () => {
		const seen: string[] = [];
		const store = new DisposableStore();
		store.add(toDisposable(() => seen.push('first')));
		store.add(
			toDisposable(() => {
				throw new Error('stuck');
			}),
		);
		assert.throws(() => store.dispose(), /stuck/u);
		assert.deepEqual(seen, ['first']);
	});
});

describe('DreamError', () => {
	it('tells what happened and what to do', () => {
		const error = new DreamError('task.unknown', 'There is no task X.', {
			advice: 'Look at the list.',
			details: { task_id: 'X' },
		});
		assert.equal(describeError(error), 'There is no task X. Look at the list.');
		assert.equal(isDreamError(error, 'task.unknown'), true);
		assert.equal(isDreamError(error, 'task.duplicate'), false);
		assert.equal(isDreamError(new Error('x')), false);
		assert.equal(toError('text').message, 'text');
	});
});

describe('json', () => {
	it('compares by content', () => {
		assert.equal(jsonEquals({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }), true);
		assert.equal(jsonEquals([1, 2], [2, 1]), false);
		assert.equal(jsonEquals({ a: 1 }, { a: 1, b: 1 }), false);
		assert.equal(jsonEquals(JSON.parse('{"__proto__": 1}'), {}), false);
	});

	it('writes files with a final newline and reads none out of nonsense', () => {
		assert.equal(stringifyFile([]), '[]\n');
		assert.equal(parseJsonOrUndefined('{'), undefined);
	});
});

describe('ids', () => {
	it('does not repeat and sorts runs by time', () => {
		const ids = new Set(Array.from({ length: 10_000 }, () => newRunId(1_000_000_000_000)));
		assert.equal(ids.size, 10_000);
		assert.equal(newRunId(1_000_000_000_000) < newRunId(2_000_000_000_000), true);
	});
});
