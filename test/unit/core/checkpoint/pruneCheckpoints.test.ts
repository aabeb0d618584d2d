// Checks which checkpoints are forgotten by number and age, and that a story which cannot be read hides no checkpoint.

import assert from 'node:assert/strict';
import { checkpointMessage, readCheckpoints } from '../../../../src/core/checkpoint/checkpoint.ts';
import { checkpointReference } from '../../../../src/core/checkpoint/checkpointReference.ts';
import { outdatedCheckpoints } from '../../../../src/core/checkpoint/pruneCheckpoints.ts';
import { defaultSettings } from '../../../../src/core/settings.ts';

const day = 86_400_000;
const now = Date.parse('2026-03-01T00:00:00Z');
const made = (run: string, number: number, daysAgo: number) => ({
	name: checkpointReference(run, number),
	commit: `${run}.${number}`,
	message: checkpointMessage(run, number, {
		task_id: 'A',
		worker: 'Tester',
		attempt: 1,
		base: 'base',
		at: new Date(now - daysAgo * day).toISOString(),
		session_id: null,
		summary: 'line\n\nother line',
		pinned: [],
		decisions: [],
		did: [],
		plan: '',
		plan_position: null,
		usage: '',
		left_out: [],
	}),
});

describe('outdatedCheckpoints', () => {
	const forgotten = (references: Parameters<typeof readCheckpoints>[0], kept: number, days: number) =>
		outdatedCheckpoints(
			readCheckpoints(references),
			{ ...defaultSettings, 'checkpoints.kept': kept, 'checkpoints.days': days },
			now,
		).map(({ id }) => id);

	it('keeps the last ones of each run, by number and not by text', () => {
		const all = [made('run-a', 9, 1), made('run-a', 10, 1), made('run-a', 11, 1), made('run-b', 1, 1)];
		assert.deepEqual(forgotten(all, 2, 14), ['run-a/9']);
	});

	it('forgets what is too old, unless age does not count', () => {
		const all = [made('run-a', 1, 20), made('run-a', 2, 3)];
		assert.deepEqual(forgotten(all, 10, 14), ['run-a/1']);
		assert.deepEqual(forgotten(all, 10, 0), []);
	});

	it('keeps one whose story cannot be read, and takes no other reference for one', () => {
		const broken = { ...made('run-a', 1, 1), message: 'Dream.OS: rescued work\n\n{"at": 3}' };
		const other = { ...broken, name: 'refs/dreamos/rescue/run-a' };
		const [found, ...rest] = readCheckpoints([broken, other]);
		assert.deepEqual([found?.id, found?.story, rest], ['run-a/1', undefined, []]);
		assert.deepEqual(forgotten([broken], 10, 14), []);
	});
});
