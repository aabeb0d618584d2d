// Owns the proof of how durations and counts are said.

import { strict as assert } from 'node:assert';
import { countOf, formatBytes, formatDuration, formatTook } from '../../../src/base/words.ts';

describe('words', () => {
	it('say sizes in the largest unit that fits', () => {
		const sizes = [0, 512, 1024, 1536, 14_336, 3.25 * 1024 ** 2, 1024 ** 3, 2000 * 1024 ** 4];
		assert.deepEqual(sizes.map(formatBytes), [
			'0 B',
			'512 B',
			'1 KB',
			'1.5 KB',
			'14 KB',
			'3.3 MB',
			'1 GB',
			'2000 TB',
		]);
	});

	it('say durations in at most two units', () => {
		const [second, minute, hour] = [1000, 60_000, 3_600_000];
		const cases: readonly [number, string][] = [
			[-5, '0 s'],
			[999, '0 s'],
			[45 * second, '45 s'],
			[59_999, '59 s'],
			[3 * minute + 59 * second, '3 min'],
			[hour, '1 h'],
			[hour + 5 * minute, '1 h 5 min'],
			[24 * hour, '1 d'],
			[51 * hour + minute, '2 d 3 h'],
		];
		assert.deepEqual(
			cases.map(([milliseconds]) => formatDuration(milliseconds)),
			cases.map(([, text]) => text),
		);
	});

	it('say how long something took that took hardly any time', () => {
		assert.deepEqual([-5, 0.4, 36, 999, 1000, 61_000].map(formatTook), [
			'0 ms',
			'0 ms',
			'36 ms',
			'999 ms',
			'1 s',
			'1 min',
		]);
	});

	it('say one thing and several things', () => {
		assert.deepEqual(
			[countOf(0, 'task'), countOf(1, 'task'), countOf(2, 'task')],
			['0 tasks', '1 task', '2 tasks'],
		);
		assert.equal(countOf(2, 'is', 'are'), '2 are');
	});
});
