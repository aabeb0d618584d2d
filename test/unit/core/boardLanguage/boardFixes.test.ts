// Checks each quick fix from the problem the boards are found to have to the text that has it no more, also when the text has
// changed in between.

import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/base/json.ts';
import { readBoard } from '../../../../src/core/board/boardFile.ts';
import type { BoardProblem } from '../../../../src/core/board/boardProblem.ts';
import type { CheckedTask } from '../../../../src/core/board/checkBoards.ts';
import { checkBoards } from '../../../../src/core/board/checkBoards.ts';
import { fixAll, fixesFor } from '../../../../src/core/boardLanguage/boardFixes.ts';
import { BoardSyntax } from '../../../../src/core/boardLanguage/boardSyntax.ts';
import type { FixFacts } from '../../../../src/core/boardLanguage/fix.ts';
import { isTextFix } from '../../../../src/core/boardLanguage/fix.ts';
import { problemsAt } from '../../../../src/core/boardLanguage/problemsAt.ts';
import { applyChanges } from '../../../../src/core/jsonEdit.ts';
import { boardPath } from '../../../../src/core/paths.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import type { BoardName } from '../../../../src/core/task/taskStatus.ts';
import { boardOfStatus } from '../../../../src/core/task/taskStatus.ts';
import { buildAgent } from '../../../support/swarmBuilders.ts';

type Known = Partial<Task> & { task_id: string };

/** Boards with these texts beside a ledger that knows these tasks. */
function check(
	texts: Partial<Record<BoardName, string>>,
	known: readonly Known[],
	records: Record<string, JsonObject> = {},
) {
	const stored = new Map<string, CheckedTask & { readonly record: JsonObject }>();
	for (const fields of known) {
		const task = newTask({ name: fields.task_id, ...fields });
		const record = records[task.task_id] ?? { task_id: task.task_id, status: task.status };
		stored.set(task.task_id, { task, record, board: boardOfStatus[task.status], sequence: 1 });
	}
	const boards = (Object.entries(texts) as [BoardName, string][]).map(([board, text]) => ({
		board,
		reading: readBoard(text, { file: boardPath(board), board }),
		halted: null,
		mirrored: 5,
	}));
	const agents = ['Agent-1', 'Agent-2'];
	const problems = checkBoards({ boards, tasks: stored, agents: new Set(agents), notices: [] });
	const facts: FixFacts = {
		tasks: stored,
		records: new Map([...stored].map(([id, { record }]) => [id, record])),
		agents: agents.map((id) => buildAgent(id)),
		newId: (name) => `TASK-${name}`,
		timeOf: (id, key) => (id === 'T' && key === 'created_at' ? '2026-01-02T03:04:05.000Z' : undefined),
	};
	return { problems, facts };
}

const problemOf = (problems: readonly BoardProblem[], code: string): BoardProblem => {
	const problem = problems.find((each) => each.code === code);
	assert.ok(problem !== undefined, `${code} is not among ${problems.map((each) => each.code).join(', ')}`);
	return problem;
};

/** What each fix of the problem makes of the text. */
function fixed(problem: BoardProblem, text: string, facts: FixFacts): Record<string, unknown> {
	const fixes = fixesFor(problem, new BoardSyntax(text), facts);
	return Object.fromEntries(
		fixes.map((fix) => [fix.title, isTextFix(fix) ? JSON.parse(applyChanges(text, fix.changes)) : fix.deed]),
	);
}

/** The problem and its fixes, of one record on the backlog. */
function fixRecord(code: string, record: JsonObject | string, known: readonly Known[] = [], shown?: JsonObject) {
	const text = typeof record === 'string' ? record : JSON.stringify([record], undefined, 2);
	const { problems, facts } = check(
		{ task_backlog: text },
		[
			{ task_id: 'T', ...known.find(({ task_id }) => task_id === 'T') },
			...known.filter(({ task_id }) => task_id !== 'T'),
		],
		shown === undefined ? {} : { T: shown },
	);
	return fixed(problemOf(problems, code), text, facts);
}

describe('fixes of a board', () => {
	it('offer near ids for a dependency that does not exist, and taking it out', () => {
		const fixes = fixRecord(
			'task.unknownDependency',
			{ task_id: 'T', status: 'PENDING', dependencies: ['parse', 'pasre'] },
			[
				{ task_id: 'T', dependencies: ['parse', 'pasre'] },
				{ task_id: 'parse' },
				{ task_id: 'parser' },
				{ task_id: 'x' },
			],
		);
		const dependencies = Object.entries(fixes).map(([title, after]) => [
			title,
			(after as [{ dependencies: [] }])[0].dependencies,
		]);
		assert.deepEqual(dependencies, [
			['Change it to parse', ['parse', 'parse']],
			['Change it to parser', ['parse', 'parser']],
			['Remove it from the dependencies', ['parse']],
		]);
	});

	it('take the dependency out that closes a circle', () => {
		const fixes = fixRecord('task.dependencyCycle', { task_id: 'T', status: 'PENDING', dependencies: ['U'] }, [
			{ task_id: 'T', dependencies: ['U'] },
			{ task_id: 'U', dependencies: ['T'] },
		]);
		assert.deepEqual(fixes, {
			'Remove the dependency on U': [{ task_id: 'T', status: 'PENDING', dependencies: [] }],
		});
	});

	it('assign to a near agent or to nobody, and open the agents', () => {
		const fixes = fixRecord('task.unknownAgent', { task_id: 'T', status: 'PENDING', assigned_agent: 'Agnet-1' }, [
			{ task_id: 'T', assigned_agent: 'Agnet-1' },
		]);
		const at = (agent: string | null) => [{ task_id: 'T', status: 'PENDING', assigned_agent: agent }];
		assert.deepEqual(fixes, {
			'Assign it to Agent-1': at('Agent-1'),
			'Assign it to Agent-2': at('Agent-2'),
			'Assign it to nobody': at(null),
			'Add the agent to runtime/agents.json…': 'openAgents',
		});
	});

	it('put a status back, or make it one that can be reached', () => {
		const fixes = fixRecord(
			'task.illegalMove',
			{ task_id: 'T', status: 'REVIEW' },
			[{ task_id: 'T', status: 'PENDING' }],
			{
				task_id: 'T',
				status: 'todo',
			},
		);
		assert.deepEqual(fixes['Put the status back to PENDING'], [{ task_id: 'T', status: 'todo' }]);
		assert.deepEqual(fixes['Make it IN_PROGRESS'], [{ task_id: 'T', status: 'IN_PROGRESS' }]);
		assert.ok(!('Make it REVIEW' in fixes));
	});

	it('offer near words for statuses and priorities', () => {
		const status = fixRecord('task.unknownStatus', { task_id: 'T', status: 'IN_PROGRES' });
		assert.equal(Object.keys(status)[0], 'Change it to IN_PROGRESS');
		const priority = fixRecord('task.unknownPriority', { task_id: 'T', status: 'PENDING', priority: 'hgih' });
		assert.deepEqual(Object.keys(priority)[0], 'Change it to HIGH');
		assert.equal(Object.keys(priority).length, 4);
	});

	it('convert a value of the wrong type where its meaning is plain', () => {
		const after = (record: JsonObject) =>
			Object.entries(fixRecord('task.badField', { task_id: 'T', status: 'PENDING', ...record }));
		assert.deepEqual(
			after({ attempts: '3' }).map(([title]) => title),
			['Write it as 3', 'Remove attempts'],
		);
		assert.deepEqual(after({ tags: [1, 'two'] })[0]?.[1], [
			{ task_id: 'T', status: 'PENDING', tags: ['1', 'two'] },
		]);
		assert.deepEqual(after({ tags: 5 })[0]?.[1], [{ task_id: 'T', status: 'PENDING', tags: ['5'] }]);
		assert.deepEqual(after({ name: ['a', 'b'] })[0]?.[1], [{ task_id: 'T', status: 'PENDING', name: 'a\nb' }]);
		assert.deepEqual(after({ params: { run: ['a', 2] } })[0]?.[1], [
			{ task_id: 'T', status: 'PENDING', params: { run: ['a', '2'] } },
		]);
		assert.deepEqual(
			after({ max_attempts: -1 }).map(([title]) => title),
			['Remove max_attempts'],
			'nothing is guessed',
		);
	});

	it("put the ledger's time for one nobody filled in, or take it out", () => {
		const fixes = fixRecord('task.placeholderTime', { task_id: 'T', created_at: '{{NOW}}', status: 'PENDING' });
		assert.deepEqual(fixes, {
			"Use the ledger's time: 2026-01-02T03:04:05.000Z": [
				{ task_id: 'T', created_at: '2026-01-02T03:04:05.000Z', status: 'PENDING' },
			],
			'Remove created_at': [{ task_id: 'T', status: 'PENDING' }],
		});
	});

	it('take out a key that stands twice, and keep the one that counts', () => {
		const fixes = fixRecord('record.duplicateKey', '[{"task_id": "T", "x": 1, "status": "PENDING", "x": 2}]');
		assert.deepEqual(fixes, { 'Remove the "x" that does not count': [{ task_id: 'T', status: 'PENDING', x: 2 }] });
	});

	it('write a number as text that no program keeps', () => {
		const fixes = fixRecord(
			'record.inexactNumber',
			'[{"task_id": "T", "note": "12345678901234567891", "n": 12345678901234567891}]',
		);
		assert.deepEqual(Object.values(fixes), [
			[{ task_id: 'T', note: '12345678901234567891', n: '12345678901234567891' }],
		]);
	});

	it('give an id to a record without one', () => {
		const [after] = Object.values(fixRecord('record.noId', '[{"name": "x"}]')) as [
			[{ task_id: string; name: string }],
		];
		assert.equal(after[0].task_id, 'TASK-x');
		assert.equal(after[0].name, 'x');
	});

	it('name the other place of a record that two boards tell differently, and part them', () => {
		const texts = {
			task_backlog: '[{"task_id": "T", "status": "PENDING"}]',
			task_ready_queue: '[{"task_id": "T", "status": "READY"}, {"task_id": "T-2"}]',
		};
		const { problems, facts } = check(texts, [{ task_id: 'T' }]);
		const problem = problemOf(problems, 'record.contradiction');
		assert.equal(problem.file, boardPath('task_ready_queue'));
		assert.match(problem.message, /There it is PENDING, here READY/u);
		assert.deepEqual(problem.related, [
			{ file: boardPath('task_backlog'), line: 1, column: 2, message: 'This record counts.' },
		]);
		assert.deepEqual(fixed(problem, texts.task_ready_queue, facts), {
			'Give this one the id T-3': [{ task_id: 'T-3', status: 'READY' }, { task_id: 'T-2' }],
			'Take this record out': [{ task_id: 'T-2' }],
			'Open the record that counts': 'openRelated',
		});
		const same = check({ ...texts, task_ready_queue: texts.task_backlog }, [{ task_id: 'T' }]);
		assert.ok(
			same.problems.some(({ code }) => code === 'record.duplicateId'),
			'an equal copy is no contradiction',
		);
	});

	it('show and make the repairs of a file that is nearly JSON, and always the ways out', () => {
		const text = '[\n  // mine\n  {"task_id": "T",}\n  {"task_id": "U"}\n]';
		const [problem] = readBoard(text, { file: 'x' }).problems;
		assert.ok(problem !== undefined);
		const { facts } = check({}, []);
		assert.deepEqual(fixed(problem, text, facts), {
			'Show what was repaired': 'showRepair',
			'Repair the file (3 changes)': [{ task_id: 'T' }, { task_id: 'U' }],
			"Use the ledger's version of this board": 'acceptLedger',
			'Open the copy': 'openCopy',
		});
		const yaml = fixesFor(problem, new BoardSyntax('- task: yaml'), facts);
		assert.deepEqual(
			yaml.map(({ title }) => title),
			["Use the ledger's version of this board", 'Open the copy'],
		);
	});

	it('follow the text when it has changed since', () => {
		const before = '[{"task_id": "T", "status": "PENDING", "dependencies": ["gone"]}]';
		const { problems, facts } = check({ task_backlog: before }, [{ task_id: 'T', dependencies: ['gone'] }], {
			T: (JSON.parse(before) as [JsonObject])[0],
		});
		const problem = problemOf(problems, 'task.unknownDependency');
		const after =
			'[\n  {"task_id": "N"},\n  {"task_id": "T", "dependencies": ["a", "b", "gone"], "status": "PENDING"}\n]';
		assert.deepEqual(fixed(problem, after, facts)['Remove it from the dependencies'], [
			{ task_id: 'N' },
			{ task_id: 'T', dependencies: ['a', 'b'], status: 'PENDING' },
		]);
		const syntax = new BoardSyntax(after);
		const at = after.indexOf('"gone"');
		assert.deepEqual(problemsAt(problems, syntax, { start: at, end: at }), [problem]);
		assert.deepEqual(problemsAt(problems, syntax, { start: 5, end: 5 }), []);
		assert.deepEqual(fixed(problem, after.replace('"gone"', '"here"'), facts), {}, 'it was put right by hand');
		assert.deepEqual(fixed(problem, '[]', facts), {}, 'the record is gone');
	});

	it('put every problem of a kind right at once, also several in one record', () => {
		const text = JSON.stringify(
			[
				{ created_at: '{{NOW}}', claimed_at: 'TBD', task_id: 'T', updated_at: '[AUTO]' },
				{ task_id: 'U', completed_at: 'YYYY-MM-DD' },
				{ task_id: 'V', created_at: '2026-01-01T00:00:00.000Z' },
			],
			undefined,
			2,
		);
		const { problems, facts } = check({ task_backlog: text }, [{ task_id: 'T' }]);
		const common = fixAll('task.placeholderTime', problems, facts);
		assert.equal(common?.title, 'Remove all 4 placeholder times from this file');
		const fix = common?.fix(new BoardSyntax(text));
		assert.deepEqual(JSON.parse(applyChanges(text, fix?.changes ?? [])), [
			{ task_id: 'T' },
			{ task_id: 'U' },
			{ task_id: 'V', created_at: '2026-01-01T00:00:00.000Z' },
		]);
		assert.equal(
			fixAll('task.unknownDependency', problems, facts),
			undefined,
			'what needs a choice is not for all',
		);
	});
});
