// Checks the fields that came later: read under the names older boards have for them, never added to a record that does not need
// them, never emptied because a ledger of before did not know them.

import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/base/json.ts';
import { completeTask } from '../../../../src/core/board/olderTask.ts';
import { renderRecord, taskFromRecord } from '../../../../src/core/board/boardRecord.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { newTask, taskSchema } from '../../../../src/core/task/task.ts';

function read(record: JsonObject): Task {
	const { task, problems } = taskFromRecord(record);
	assert.deepEqual(problems, []);
	assert.ok(task !== undefined);
	assert.ok(taskSchema.safeParse(task).success);
	return task;
}

const everything: JsonObject = {
	task_id: 'A',
	name: 'a',
	status: 'PENDING',
	task_type: 'chore',
	category: 'agent',
	parent: 'EPIC',
	touches: ['src/**', 'docs/*.md'],
	due: '2026-12-01T00:00:00.000Z',
	estimate: 90,
	pinned: 2,
	action: 'validate_file',
	params: { path: 'a.ts' },
	context: ['docs/plan.md'],
	source: { file: 'tasks.yaml', pointer: '/3', format: 'yaml' },
	validation: { commands: ['make'], diagnostics: true, review: true },
	updated_by: 'human:ann',
	completed_by: 'agent:Agent-1',
	budget: { money: 2.5, turns: 20 },
};

describe('fields that came later', () => {
	it('are read and written back exactly', () => {
		const task = read(everything);
		for (const [key, value] of Object.entries(everything)) {
			assert.deepEqual(task[key as keyof Task], value, key);
		}
		assert.equal(JSON.stringify(renderRecord(task, everything)), JSON.stringify(everything));
		assert.deepEqual(read(renderRecord(task, undefined)), task);
	});

	it('are not added to a record that has no use for them', () => {
		const record = { task_id: 'A', name: 'a', status: 'PENDING' };
		const next = renderRecord({ ...read(record), status: 'READY' }, record);
		assert.deepEqual(next, { ...record, status: 'READY' });
	});

	it('are told where a budget is not one, and none of it counts', () => {
		const wrong: readonly JsonObject[string][] = [5, 'much', { token: 5 }, { money: -1 }, { money: '2' }];
		for (const budget of wrong) {
			const { task, problems } = taskFromRecord({ task_id: 'A', name: 'a', status: 'PENDING', budget });
			assert.deepEqual(task?.budget, {});
			assert.deepEqual(
				problems.map(({ code, path }) => [code, path]),
				[['task.badField', ['budget']]],
			);
			assert.match(problems[0]?.message ?? '', /any of tokens, money, minutes, turns/u);
		}
		assert.deepEqual(read({ task_id: 'A', name: 'a', status: 'PENDING', budget: null }).budget, {});
	});

	it('are read under the names older boards have for them', () => {
		const task = read({
			id: 'A',
			deadline: '2026-12-01',
			parent_id: 7,
			estimated_effort_hours: 1.5,
			context: 'docs/plan.md',
			last_updated_by: 'Agent-3',
			touches: null,
			pinned: true,
		});
		assert.deepEqual(
			[task.due, task.parent, task.estimate, task.context, task.updated_by, task.touches, task.pinned],
			['2026-12-01T00:00:00.000Z', '7', 90, ['docs/plan.md'], 'Agent-3', [], 1],
		);
	});

	it('take an estimate only where its unit is certain', () => {
		const estimate = (record: JsonObject) => read({ id: 'A', ...record }).estimate;
		assert.equal(estimate({ estimated_duration_minutes: 120 }), 120);
		assert.equal(estimate({ estimated_duration: '2 hours' }), 120);
		assert.equal(estimate({ estimated_time: '45min' }), 45);
		assert.equal(estimate({ estimate: '1.5h' }), 90);
		for (const raw of [3, 'MEDIUM', '2 days', { hours: 2 }]) {
			assert.equal(estimate({ estimated_effort: raw }), null, JSON.stringify(raw));
		}
	});

	it('leave what is no such field to its author', () => {
		const record: JsonObject = {
			task_id: 'A',
			status: 'PENDING',
			source: 'inbox',
			context: { why: 'x' },
			category: 4,
			touches: { a: 1 },
			action: ['x'],
			pinned: 'yes',
			history: [{ event: 'CREATED' }],
		};
		const task = read(record);
		assert.deepEqual(
			[task.source, task.context, task.category, task.touches, task.action, task.pinned],
			[null, [], null, [], null, null],
		);
		const next = renderRecord({ ...task, context: ['a.md'], pinned: 1 }, record);
		assert.deepEqual(next, { ...record, dreamos_context: ['a.md'], dreamos_pinned: 1 });
		assert.deepEqual(read(next).context, ['a.md']);
	});

	it('never write a value under a key that says something else as well', () => {
		const record: JsonObject = { id: 'A', status: 'PENDING', action: 'validate_file', estimated_effort_hours: 2 };
		const task = read(record);
		assert.deepEqual([task.task_type, task.action, task.estimate], ['validate_file', 'validate_file', 120]);
		const edited = renderRecord({ ...task, task_type: 'bug', estimate: 30 }, record);
		assert.deepEqual(edited, { ...record, task_type: 'bug', estimate: 30 });
		assert.deepEqual([read(edited).action, read(edited).estimate], ['validate_file', 30]);
		const emptied = renderRecord({ ...task, estimate: null }, record);
		assert.deepEqual(emptied, { ...record, estimate: null });
		assert.equal(read(emptied).estimate, null, 'the old hours do not come back');
	});

	it('of a task that was stored before they existed come from its record, and are not emptied on its board', () => {
		const known = Object.fromEntries(
			Object.entries(newTask({ task_id: 'A', name: 'a' })).filter(
				([field]) =>
					!(field in everything) || ['task_id', 'name', 'status', 'params', 'validation'].includes(field),
			),
		) as JsonObject;
		const stored = {
			...known,
			task_type: 'chore',
			params: everything['params'],
			validation: everything['validation'],
		} as JsonObject;
		const task = completeTask(stored, JSON.stringify(everything));
		assert.deepEqual(task, read(everything));
		const moved = renderRecord({ ...task, status: 'READY' }, everything);
		assert.deepEqual(moved, { ...everything, status: 'READY' });
		// Planted: what a reader that only fills in the defaults would have done to the board.
		const forgetful: Task = { ...newTask({ task_id: '', name: '' }), ...stored };
		assert.equal(renderRecord({ ...forgetful, status: 'READY' }, everything)['due'], null);
	});

	it('rest where the record of an older task does not have them, or cannot be read', () => {
		for (const text of ['{"task_id":"A"}', '{"due":', '[]']) {
			const task = completeTask({ task_id: 'A', name: 'a', status: 'READY' }, text);
			assert.deepEqual(task, newTask({ task_id: 'A', name: 'a', status: 'READY' }));
		}
	});
});
