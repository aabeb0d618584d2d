// Checks what is offered while somebody types in a board, and which words are near a wrong one.

import assert from 'node:assert/strict';
import { completeAt } from '../../../../src/core/boardLanguage/boardCompletions.ts';
import { BoardSyntax } from '../../../../src/core/boardLanguage/boardSyntax.ts';
import { nearestWords } from '../../../../src/core/boardLanguage/nearestWords.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { newTask } from '../../../../src/core/task/task.ts';

const tasksOf = (...tasks: readonly (Partial<Task> & { task_id: string })[]) =>
	new Map(tasks.map((fields) => [fields.task_id, { task: newTask({ name: fields.task_id, ...fields }) }]));

const tasks = tasksOf(
	{ task_id: 'A', status: 'READY' },
	{ task_id: 'DONE', status: 'COMPLETED' },
	{ task_id: 'OPEN', name: 'Write the parser' },
);
const agents = [{ id: 'Agent-1', name: 'Ann', role: 'tester' }];

function complete(marked: string, facts = { tasks, agents }) {
	const syntax = new BoardSyntax(marked.replace('|', ''));
	const list = completeAt(syntax, marked.indexOf('|'), facts);
	return list === undefined
		? undefined
		: {
				replaced: syntax.text.slice(list.range.start, list.range.end),
				...list,
				labels: list.items.map(({ label }) => label),
			};
}

describe('completion in a board', () => {
	it('offers ids for dependencies: open ones first, records that are not saved yet, never what is named already', () => {
		const list = complete('[{"task_id": "A", "dependencies": ["OPEN", "|"]}, {"task_id": "NEW"}]');
		assert.deepEqual(list?.labels, ['NEW', 'DONE']);
		assert.equal(list?.replaced, '""');
		assert.deepEqual(list?.items[0]?.text, '"NEW"');
		const other = complete('[{"task_id": "A", "dependencies": ["OP|"]}]');
		assert.deepEqual(other?.labels, ['OPEN', 'DONE']);
		assert.match(other?.items[0]?.detail ?? '', /PENDING · Write the parser/u);
		assert.equal(other?.replaced, '"OP"');
	});

	it('offers agents, priorities and statuses, those that can be reached first', () => {
		assert.deepEqual(complete('[{"task_id": "A", "assigned_agent": |}]')?.labels, ['Agent-1']);
		assert.deepEqual(complete('[{"task_id": "A", "priority": "|"}]')?.labels, [
			'CRITICAL',
			'HIGH',
			'MEDIUM',
			'LOW',
		]);
		const statuses = complete('[{"task_id": "A", "status": "|"}]');
		assert.equal(statuses?.items.length, 10);
		assert.deepEqual(
			statuses?.items.filter(({ detail }) => detail.startsWith('cannot')).map(({ label }) => label),
			['VALIDATING', 'REVIEW'],
		);
		assert.deepEqual(statuses?.labels.slice(-2), ['VALIDATING', 'REVIEW']);
		const unknown = complete('[{"task_id": "NEW", "status": "|"}]');
		assert.ok(unknown?.items.every(({ detail }) => detail === ''));
	});

	it('is silent at keys and in data that is not ours', () => {
		assert.equal(complete('[{"task_id": "A", "|"}]'), undefined);
		assert.equal(complete('[{"task_id": "A", "notes": "|"}]'), undefined);
		assert.equal(complete('[|]'), undefined);
	});

	it('cuts a list of thousands to what fits, and says so', () => {
		const many = tasksOf(...Array.from({ length: 3000 }, (_each, index) => ({ task_id: `T-${index}` })));
		const list = complete('[{"task_id": "A", "dependencies": ["T-29|"]}]', { tasks: many, agents });
		assert.equal(list?.isCut, true);
		assert.ok((list?.items.length ?? 0) <= 200);
		assert.ok(list?.items.every(({ label }) => label.includes('T-29')));
	});
});

describe('near words', () => {
	it('are those with the fewest slips', () => {
		const known = ['build-parser', 'build-lexer', 'test-parser', 'README'];
		assert.deepEqual(nearestWords('build-praser', known, 5)[0], 'build-parser');
		assert.deepEqual(nearestWords('BUILD_LEXER', known, 5)[0], 'build-lexer');
		assert.deepEqual(nearestWords('zzzzzz', known, 5), []);
		assert.deepEqual(nearestWords('Agent3', ['Agent-1', 'Agent-3', 'Agent-30'], 1), ['Agent-3']);
	});

	it('are at most as many as asked for', () => {
		const known = Array.from({ length: 10_000 }, (_each, index) => `task-${index}`);
		assert.equal(nearestWords('task-99999', known, 5).length, 5);
	});
});
