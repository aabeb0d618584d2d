// Checks that a record keeps what its author wrote, whatever the vocabulary, and that only what changed is written.

import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../../../src/base/json.ts';
import { renderRecord, taskFromRecord } from '../../../../src/core/board/boardRecord.ts';
import { normaliseAgent } from '../../../../src/core/board/normaliseAgent.ts';
import { normalisePriority } from '../../../../src/core/board/normalisePriority.ts';
import { normaliseStatus } from '../../../../src/core/board/normaliseStatus.ts';
import { normaliseTime } from '../../../../src/core/board/normaliseTime.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { newTask, taskSchema } from '../../../../src/core/task/task.ts';
import { taskPriorities } from '../../../../src/core/task/taskPriority.ts';
import { boardNames, taskStatuses } from '../../../../src/core/task/taskStatus.ts';
import { Random } from '../../../support/random.ts';

function read(record: JsonObject, context = {}): Task {
	const { task } = taskFromRecord(record, context);
	assert.ok(task !== undefined, 'the record has an id');
	return task;
}

describe('a record of a board', () => {
	it('writes a new task with a short set of fields in a fixed order', () => {
		const record = renderRecord(
			newTask({ task_id: 'A', name: 'do it', created_at: '2026-01-01T00:00:00.000Z' }),
			undefined,
		);
		assert.deepEqual(Object.entries(record), [
			['task_id', 'A'],
			['name', 'do it'],
			['description', ''],
			['status', 'PENDING'],
			['priority', 'MEDIUM'],
			['task_type', 'task'],
			['dependencies', []],
			['created_at', '2026-01-01T00:00:00.000Z'],
		]);
	});

	it('reads every alias, and writes a changed value under the key it was read from', () => {
		const record: JsonObject = {
			zeta: { keep: [1, null] },
			id: 7,
			title: 'a title',
			details: 'the details',
			depends_on: ['B', 8],
			assigned_to: 'Agent 3',
			status: 'todo',
			priority: 2,
			type: 'BUG',
			timestamp_created_utc: '2025-04-29T20:20:00+00:00Z',
			timestamp_updated: '{{NOW}}',
			injected_by: 'general',
			completion_summary: 'so far',
			notes: ['a log', 'of mine'],
		};
		const task = read(record);
		assert.deepEqual(
			[
				task.task_id,
				task.name,
				task.description,
				task.dependencies,
				task.assigned_agent,
				task.status,
				task.priority,
			],
			['7', 'a title', 'the details', ['B', '8'], 'Agent-3', 'PENDING', 'HIGH'],
		);
		assert.deepEqual(
			[task.task_type, task.created_at, task.updated_at, task.created_by, task.result, task.notes],
			['BUG', '2025-04-29T20:20:00.000Z', null, 'general', { summary: 'so far' }, ''],
		);
		assert.equal(
			JSON.stringify(renderRecord(task, record)),
			JSON.stringify(record),
			'nothing changed, nothing is written',
		);

		const next = renderRecord(
			{
				...task,
				name: 'another',
				status: 'COMPLETED',
				assigned_agent: 'Agent-4',
				updated_at: '2026-01-01T00:00:00.000Z',
				notes: 'mine',
				claimed_by: 'ann',
				result: { summary: 'done', files: ['a.ts'] },
			},
			record,
		);
		assert.deepEqual(Object.entries(next), [
			...Object.entries({
				...record,
				title: 'another',
				assigned_to: 'Agent-4',
				status: 'COMPLETED',
				timestamp_updated: '2026-01-01T00:00:00.000Z',
				completion_summary: 'done',
			}),
			['claimed_by', 'ann'],
			['result', { files: ['a.ts'] }],
			['dreamos_notes', 'mine'],
		]);
		assert.deepEqual(read(next).notes, 'mine');
		assert.deepEqual(read(next).result, { summary: 'done', files: ['a.ts'] });
	});

	it('says what it understood differently from what stands there', () => {
		const { normalisations } = taskFromRecord({
			id: 'A',
			status: 'WORKING',
			priority: 'URGENT',
			claimed_by: 'agent_001',
		});
		assert.deepEqual(
			normalisations.map(({ field, raw, value }) => [field, raw, value]),
			[
				['status', 'WORKING', 'IN_PROGRESS'],
				['priority', 'URGENT', 'CRITICAL'],
				['claimed_by', 'agent_001', 'Agent-1'],
			],
		);
	});

	it('shows an unknown status as blocked, names it, and keeps the word', () => {
		const record = { task_id: 'A', status: 'URGENT' };
		const { task, problems } = taskFromRecord(record);
		assert.equal(task?.status, 'BLOCKED');
		assert.equal(task?.block_reason?.kind, 'needs_input');
		assert.match(task?.block_reason?.text ?? '', /URGENT/u);
		assert.deepEqual(
			problems.map(({ code, path }) => [code, path]),
			[['task.unknownStatus', ['status']]],
		);
		assert.deepEqual(task === undefined ? undefined : renderRecord(task, record), record);
	});

	it('takes a missing status from the board', () => {
		assert.deepEqual(
			boardNames.map((board) => read({ id: 'A', claimed_by: 'ann' }, { board }).status),
			['PENDING', 'PENDING', 'CLAIMED', 'COMPLETED'],
		);
		assert.equal(read({ id: 'A' }, { board: 'working_tasks' }).status, 'PENDING');
	});

	it('reports values of the wrong type on their key and lets them rest', () => {
		const record: JsonObject = {
			task_id: 'A',
			name: ['x'],
			priority: { high: true },
			status: 5,
			dependencies: { a: 1 },
			tags: [1, {}],
			attempts: -1,
			max_attempts: 'many',
			params: { run: 7 },
			validation: { commands: [1] },
			claimed_at: {},
			result: { files: 'x' },
			assigned_agent: 3,
		};
		const { task, problems, refused } = taskFromRecord(record);
		assert.ok(taskSchema.safeParse(task).success);
		const wrong = problems.map(({ path }) => String(path[0])).sort();
		assert.deepEqual(
			wrong,
			Object.keys(record)
				.filter((key) => key !== 'task_id')
				.sort(),
		);
		assert.deepEqual([...refused].sort(), [...new Set(wrong)]);
		assert.deepEqual(
			task === undefined ? undefined : renderRecord(task, record),
			record,
			'a wrong value is not written over',
		);
	});

	it('has no task without an id that can be used', () => {
		for (const id of [undefined, null, '', '  ', {}, 'x'.repeat(201)] as const) {
			const record: JsonObject = id === undefined ? { name: 'x' } : { task_id: id };
			const { task, problems } = taskFromRecord(record);
			assert.equal(task, undefined);
			assert.match(problems[0]?.code ?? '', /^record\.(?:noId|badId)$/u);
		}
	});

	it('accepts one command where a list of commands is meant', () => {
		const task = read({ id: 'A', params: { run: 'make', extra: 1 }, validation: { commands: 'make test' } });
		assert.deepEqual(task.params, { run: ['make'], extra: 1 });
		assert.deepEqual(task.validation, { commands: ['make test'] });
	});

	it('keeps a key called __proto__ and the prototypes of everybody else', () => {
		const text =
			'{"task_id":"A","status":"PENDING","__proto__":{"status":"COMPLETED","polluted":1},"constructor":3}';
		const record = JSON.parse(text) as JsonObject;
		const task = read(record);
		assert.equal(task.status, 'PENDING');
		const next = renderRecord({ ...task, name: 'n' }, record);
		assert.equal(JSON.stringify(next), text.replace(/\}$/u, ',"name":"n"}'));
		assert.equal(({} as { polluted?: number }).polluted, undefined);
	});

	it('keeps the reason of a block with the block, and drops neither when the task goes on', () => {
		const record = { task_id: 'A', status: 'PAUSED_BY_DIRECTIVE', blocker_reason: 'waiting for the key' };
		const task = read(record);
		assert.deepEqual(task.block_reason, { kind: 'needs_input', text: 'waiting for the key' });
		const ready = renderRecord({ ...task, status: 'READY', block_reason: null }, record);
		assert.deepEqual(ready, { task_id: 'A', status: 'READY', blocker_reason: 'waiting for the key' });
		const again: Task = { ...read(ready), status: 'BLOCKED', block_reason: { kind: 'capability', text: 'no GPU' } };
		assert.deepEqual(read(renderRecord(again, ready)).block_reason, { kind: 'capability', text: 'no GPU' });
	});
});

describe('normalisers', () => {
	it('maps every status spelling of the older boards', () => {
		const expected: Record<string, string> = {
			COMPLETED: 'COMPLETED',
			todo: 'PENDING',
			PENDING: 'PENDING',
			BLOCKED: 'BLOCKED',
			completed: 'COMPLETED',
			ARCHIVED: 'CANCELLED',
			EXECUTING: 'IN_PROGRESS',
			COMPLETE: 'COMPLETED',
			WORKING: 'IN_PROGRESS',
			CLAIMED: 'CLAIMED',
			INCOMPLETE: 'PENDING',
			IN_PROGRESS: 'IN_PROGRESS',
			REOPENED: 'PENDING',
			CLOSED: 'COMPLETED',
			OBSOLETE: 'CANCELLED',
			ACTIVE: 'IN_PROGRESS',
			PARTIAL: 'IN_PROGRESS',
			'IN PROGRESS': 'IN_PROGRESS',
			CANCELLED: 'CANCELLED',
			PAUSED_BY_DIRECTIVE: 'BLOCKED',
			PAUSED_BY_OVERRIDE: 'BLOCKED',
			FAILED: 'FAILED',
			assigned: 'CLAIMED',
			'TaskStatus.COMPLETED': 'COMPLETED',
			Done: 'COMPLETED',
			'Not Started': 'PENDING',
			'in-progress': 'IN_PROGRESS',
		};
		for (const [raw, status] of Object.entries(expected)) {
			assert.deepEqual(normaliseStatus(raw), { kind: 'known', status }, raw);
		}
		assert.deepEqual(
			[null, '', '  '].map((raw) => normaliseStatus(raw).kind),
			['missing', 'missing', 'missing'],
		);
		assert.deepEqual(
			['URGENT', 3, {}, []].map((raw) => normaliseStatus(raw as JsonValue).kind),
			Array(4).fill('unknown'),
		);
		assert.deepEqual(
			taskStatuses.map((status) => normaliseStatus(status)),
			taskStatuses.map((status) => ({ kind: 'known', status })),
		);
	});

	it('maps priorities, 1 being the most urgent, and refuses what is none', () => {
		const read = (raw: JsonValue) => normalisePriority(raw);
		assert.deepEqual(['URGENT', 'High', 'NORMAL', 'low', 'TaskPriority.HIGH', 'P1', '3'].map(read), [
			'CRITICAL',
			'HIGH',
			'MEDIUM',
			'LOW',
			'HIGH',
			'HIGH',
			'MEDIUM',
		]);
		assert.deepEqual([0, 1, 2, 3, 4, 10].map(read), ['CRITICAL', 'CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'LOW']);
		assert.deepEqual([null, ''].map(read), [null, null]);
		assert.deepEqual(['soon', -1, true, {}, []].map(read), Array(5).fill(undefined));
	});

	it('maps agent spellings by the rule of the fixture, and never a registered name', () => {
		const expected: [string, string | null][] = [
			['Agent-1', 'Agent-1'],
			['Agent 1', 'Agent-1'],
			['Agent1', 'Agent-1'],
			['agent1', 'Agent-1'],
			['Agent_1', 'Agent-1'],
			['agent_001', 'Agent-1'],
			['Agent-1 (Gemini)', 'Agent-1'],
			['Captain-Agent-5', 'Agent-5'],
			['Agent-8 (Captain)', 'Agent-8'],
			['cursor_1', 'Agent-1'],
			['Captain (Agent-4)', 'Agent-4'],
			['Agent-3 (Infrastructure & DevOps Specialist)', 'Agent-3'],
			['Co-Captain Agent-2', 'Agent-2'],
			['Captain Agent', 'Captain'],
			['Captain-THEA', 'THEA'],
			['Supervisor1', 'Supervisor-1'],
			['GeminiAssistant', 'GeminiAssistant'],
			['test-agent', 'test-agent'],
			['Dorothea', 'Dorothea'],
			['ann', 'ann'],
			['ALL_AGENTS', 'ALL'],
			['', null],
			['unassigned', null],
			['{{AGENT}}', null],
		];
		assert.deepEqual(
			expected.map(([raw]) => [raw, normaliseAgent(raw)]),
			expected,
		);
		assert.equal(normaliseAgent('cursor-1', new Set(['cursor-1'])), 'cursor-1');
		assert.equal(read({ id: 'A', assigned_agent: 'ALL' }).assigned_agent, null);
	});

	it('reads times, knows placeholders, refuses the rest', () => {
		const expected: [JsonValue, string | null | undefined][] = [
			['2025-04-29T20:21:21.378+00:00Z', '2025-04-29T20:21:21.378Z'],
			['2024-08-15T13:57:47.917043Z', '2024-08-15T13:57:47.917Z'],
			['2025-05-02T22:03Z', '2025-05-02T22:03:00.000Z'],
			['2025-05-01T19:38:06.394450+02:00', '2025-05-01T17:38:06.394Z'],
			['2025-05-07T18:12:25.000Z-MIGRATION', '2025-05-07T18:12:25.000Z'],
			['2025-05-07', '2025-05-07T00:00:00.000Z'],
			[1_746_000_000, '2025-04-30T08:00:00.000Z'],
			...(
				[
					'{{NOW}}',
					'{{iso_timestamp_utc()}}',
					'[AUTO_TIMESTAMP]',
					'AUTO_TIMESTAMP',
					'TIMESTAMP',
					'YYYY-MM-DDTHH:MM:SSZ_PLACEHOLDER',
					'',
					null,
				] as const
			).map((raw): [JsonValue, null] => [raw, null]),
			...['yesterday', '2025-13-45T00:00:00Z', 3, {}, true].map((raw): [JsonValue, undefined] => [
				raw,
				undefined,
			]),
		];
		assert.deepEqual(
			expected.map(([raw]) => [raw, normaliseTime(raw)]),
			expected,
		);
	});
});

describe('records at random', () => {
	it('read, render and read again without losing or inventing anything', () => {
		const random = new Random(20_261_121);
		for (let round = 0; round < 2000; round++) {
			const record = random.record(`T-${round}`);
			const text = JSON.stringify(record);
			const { task } = taskFromRecord(record);
			assert.equal(JSON.stringify(record), text, 'reading does not change the record');
			if (task === undefined) {
				continue;
			}
			assert.ok(taskSchema.safeParse(task).success, text);
			const hasStatus = ['status', 'state'].some(
				(key) => normaliseStatus(Object.hasOwn(record, key) ? record[key] : null).kind !== 'missing',
			);
			const shown = renderRecord(task, record);
			if (hasStatus) {
				assert.equal(JSON.stringify(shown), text, 'nothing changed, nothing is written');
			} else {
				assert.equal(
					normaliseStatus(shown['status'] ?? shown['state']).kind,
					'known',
					'a record always says its status',
				);
			}
			const changed: Task = {
				...task,
				status: random.pick(taskStatuses.filter((status) => status !== 'BLOCKED')),
				block_reason: null,
				priority: random.pick(taskPriorities),
				notes: random.text(),
				dependencies: [`D-${round}`],
				assigned_agent: random.pick([null, 'Agent-2', 'zoe']),
				completed_at: random.pick([null, '2026-01-01T00:00:00.000Z']),
			};
			const next = renderRecord(changed, record);
			assert.deepEqual(read(next), changed, text);
			const before = Object.keys(record);
			assert.deepEqual(Object.keys(next).slice(0, before.length), before, 'keys keep their order');
		}
	});
});
