// Checks which finished tasks go to which archive, by dates that people, older programs and wrong clocks wrote.

import assert from 'node:assert/strict';
import { archiveOf, boardOfFile, chooseArchived, isArchive } from '../../../../src/core/task/archive.ts';
import { boardOfPath, boardPath } from '../../../../src/core/paths.ts';
import type { StoredTask } from '../../../../src/core/task/task.ts';
import { newTask } from '../../../../src/core/task/task.ts';

const now = Date.parse('2026-05-20T12:00:00Z');

function finished(id: string, completed_at: string | null, position = 0): StoredTask {
	const task = newTask({ task_id: id, name: id, status: 'COMPLETED', completed_at });
	return { task, record: {}, board: 'completed_tasks', position, epoch: 0, run_id: null, sequence: 1 };
}

const idsOf = (tasks: readonly StoredTask[]) => tasks.map(({ task }) => task.task_id);

describe('the archive of a task', () => {
	it('is the month in which it was finished, in UTC', () => {
		const month = (completed_at: string) => archiveOf(finished('a', completed_at).task, now).slice(-7);
		assert.equal(month('2026-03-31T23:59:59Z'), '2026-03');
		assert.equal(month('2026-04-01T01:30:00+02:00'), '2026-03');
		assert.equal(month('2026-03-31T23:30:00-02:00'), '2026-04');
	});

	it('is told by the next best stamp where one cannot be believed', () => {
		const task = (fields: object) => archiveOf({ ...finished('a', null).task, ...fields }, now).slice(-7);
		assert.equal(task({}), '2026-05');
		assert.equal(task({ completed_at: 'yesterday', updated_at: '2026-01-01T00:00:00Z' }), '2026-01');
		assert.equal(task({ completed_at: '0001-01-01T00:00:00Z', created_at: '2025-12-31T00:00:00Z' }), '2025-12');
		assert.equal(task({ completed_at: '1970-01-01T00:00:00Z' }), '2026-05');
		assert.equal(task({ completed_at: '2027-01-01T00:00:00Z' }), '2026-05', 'a clock that is ahead');
		assert.equal(task({ completed_at: '2026-05-21T10:00:00Z' }), '2026-05', 'a little ahead is believed');
	});

	it('has a name that nothing else has', () => {
		assert.ok(isArchive('archive/completed_tasks-2026-12'));
		for (const name of [
			'archive/completed_tasks-2026-13',
			'archive/completed_tasks-2026-1',
			'archive/completed_tasks-2026-01.bak',
			'archive/completed_tasks',
			'completed_tasks',
			'x/archive/completed_tasks-2026-01',
		]) {
			assert.ok(!isArchive(name), name);
		}
		assert.equal(boardOfFile('archive/completed_tasks-2026-12'), 'completed_tasks');
		const file = `/home/ann/project/${boardPath('archive/completed_tasks-2026-12')}`;
		assert.equal(boardOfPath(file), 'archive/completed_tasks-2026-12');
		assert.equal(boardOfPath(file.replace('-12', '-99')), undefined);
		assert.equal(boardOfPath('/elsewhere/archive/completed_tasks-2026-12.json'), undefined);
	});
});

describe('what goes to the archives', () => {
	const many = (count: number) =>
		Array.from({ length: count }, (_, index) =>
			finished(`t${index}`, new Date(now - (count - index) * 3600_000).toISOString(), index),
		);

	it('is nothing until more have gathered than are kept and then some', () => {
		assert.deepEqual(chooseArchived(many(120), { kept: 100, days: 0 }, now), []);
		assert.deepEqual(
			idsOf(chooseArchived(many(126), { kept: 100, days: 0 }, now)),
			Array.from({ length: 26 }, (_, index) => `t${index}`),
		);
		assert.equal(chooseArchived(many(21), { kept: 0, days: 0 }, now).length, 21);
	});

	it('is what was finished first, wherever it stands; of one moment, what stands first', () => {
		const tasks = [finished('late', '2026-05-02T00:00:00Z', 0), finished('early', '2026-05-01T00:00:00Z', 9)];
		const same = Array.from({ length: 30 }, (_, index) =>
			finished(`s${index}`, '2026-05-03T00:00:00Z', 100 - index),
		);
		assert.deepEqual(idsOf(chooseArchived([...same, ...tasks], { kept: 29, days: 0 }, now)), []);
		assert.deepEqual(idsOf(chooseArchived([...same, ...tasks], { kept: 10, days: 0 }, now)).slice(0, 4), [
			'early',
			'late',
			's29',
			's28',
		]);
	});

	it('is what is older than so many days, however few there are', () => {
		const tasks = [finished('old', '2026-04-01T00:00:00Z'), finished('new', '2026-05-19T00:00:00Z')];
		assert.deepEqual(idsOf(chooseArchived(tasks, { kept: 100, days: 30 }, now)), ['old']);
		assert.deepEqual(idsOf(chooseArchived(tasks, { kept: 100, days: 0 }, now)), []);
	});
});
