// Checks that the schemas we ship and the readers agree: what the reader takes gets no warning in the editor, whatever vocabulary
// it is written in, and a value of a type the reader refuses is refused.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../../../src/base/json.ts';
import { taskFromRecord } from '../../../../src/core/board/boardRecord.ts';
import { readBoard } from '../../../../src/core/board/boardFile.ts';
import { agentsFileSchema, boardFileSchema } from '../../../../src/core/board/fileSchemas.ts';
import { recordFields } from '../../../../src/core/board/recordFields.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { taskSchema } from '../../../../src/core/task/task.ts';
import { taskPriorities } from '../../../../src/core/task/taskPriority.ts';
import { taskStatuses } from '../../../../src/core/task/taskStatus.ts';
import { seedAgents } from '../../../../src/core/workspace/seedAgents.ts';
import { victorFixture } from '../../../support/boardWorkspace.ts';

const boardSchema = boardFileSchema();
const board = z.fromJSONSchema(boardSchema);
const agents = z.fromJSONSchema(agentsFileSchema());
const isFine = (record: JsonObject) => board.safeParse([record]).success;

/** Values of every type, some of them right for some field. */
const values: readonly JsonValue[] = [
	null,
	true,
	false,
	-1,
	0,
	1.5,
	7,
	'',
	'some words',
	'2026-12-01T00:00:00Z',
	'READY',
	'HIGH',
	[],
	['a', 'b'],
	[1],
	[{}],
	[{ task_id: 'B' }],
	{},
	{ task_id: 'B' },
	{ run: ['make'], commands: ['make'] },
	{ run: 'make', commands: 'make' },
	{ run: 7, commands: [1] },
	{ review: 'yes' },
	{ summary: 'done', files: ['a'], evidence: ['x'], tokens: 5, cost: 0.1 },
	{ summary: 7 },
	{ kind: 'needs_input', text: 'x' },
];
/** Fields whose words the reader judges; a schema that judged them, too, would have to know every spelling there ever was. */
const judgedByReader: ReadonlySet<keyof Task> = new Set([
	'task_id',
	'status',
	'priority',
	'dependencies',
	'due',
	'estimate',
	'parent',
	'created_at',
	'updated_at',
	'claimed_at',
	'started_at',
	'completed_at',
] as const);

describe('the schema of a board', () => {
	it('takes what the reader takes, for every field under every key, and refuses the types it refuses', () => {
		const seen = { taken: 0, refused: 0 };
		for (const field of Object.keys(taskSchema.shape) as (keyof Task)[]) {
			const plain = Object.hasOwn(recordFields, field)
				? recordFields[field as keyof typeof recordFields]
				: { keys: [field] };
			for (const key of [...plain.keys, ...('borrowed' in plain ? (plain.borrowed ?? []) : [])]) {
				for (const value of values) {
					const record: JsonObject = field === 'task_id' ? { [key]: value } : { task_id: 'A', [key]: value };
					const { problems } = taskFromRecord(record);
					const isTaken = problems.every(({ path }) => path[0] !== key);
					const shown = `${key}: ${JSON.stringify(value)} ${JSON.stringify(problems)}`;
					if (isTaken) {
						assert.ok(isFine(record), `a false warning on ${shown}`);
						seen.taken++;
					} else if (key === field && !judgedByReader.has(field)) {
						assert.ok(!isFine(record), `no warning on ${shown}`);
						seen.refused++;
					}
				}
			}
		}
		assert.ok(seen.taken > 1000 && seen.refused > 50, JSON.stringify(seen));
	});

	it('completes and explains: every field has a description, statuses and priorities their words', () => {
		const items = boardSchema['items'] as { readonly properties: Readonly<Record<string, JsonObject>> };
		for (const field of Object.keys(taskSchema.shape)) {
			assert.match(JSON.stringify(items.properties[field]?.['description']), /^"[A-Z]/u, field);
		}
		const words = (field: string) =>
			((items.properties[field]?.['anyOf'] ?? []) as JsonObject[]).flatMap((each) => each['enum'] ?? []);
		assert.deepEqual(words('status'), [...taskStatuses]);
		assert.deepEqual(words('priority'), [...taskPriorities]);
		assert.equal(items.properties['depends_on']?.['doNotSuggest'], true);
		assert.match(JSON.stringify(boardSchema['$id']), /:\d+"$/u);
	});

	it('leaves unknown fields, the history of their author and a single task alone', () => {
		assert.ok(isFine({ task_id: 'A', history: [{ event: 'x' }], anything: { deep: [1] } }));
		assert.ok(board.safeParse({ task_id: 'A', name: 'alone' }).success);
		assert.ok(board.safeParse([]).success);
		// Planted: without the loose forms a board of before would be full of warnings.
		assert.equal(z.object(taskSchema.shape).partial().safeParse({ priority: 2, status: 'todo' }).success, false);
		assert.ok(isFine({ id: 7, priority: 2, status: 'todo', depends_on: ['B', 8], due: 1_700_000_000 }));
	});

	it('warns of nothing on the boards of a real older project that the reader takes', function () {
		if (victorFixture === undefined) {
			this.skip();
		}
		const folder = join(victorFixture, 'runtime/agent_comms');
		let records = 0;
		for (const file of globSync('{project_boards,central_task_boards}/*.json', { cwd: folder })) {
			for (const { record, content } of readBoard(readFileSync(join(folder, file)), { file }).entries) {
				if (record !== undefined && content.problems.every(({ severity }) => severity === 'information')) {
					const parsed = board.safeParse([record]);
					assert.ok(parsed.success, `${file} ${String(content.task?.task_id)}: ${parsed.error?.message}`);
					records++;
				}
			}
		}
		assert.ok(records > 100, `${records} records`);
	});
});

describe('the schema of the agents', () => {
	it('takes the agents we write, and refuses an id that cannot be used', () => {
		assert.ok(agents.safeParse(seedAgents).success);
		assert.equal(agents.safeParse([{ id: '7 dwarfs' }]).success, false);
		assert.equal(agents.safeParse([{ id: 'ok', driver: 'telepathy' }]).success, false);
		assert.ok(agents.safeParse([{ id: 'ok', mood: 'good' }]).success);
	});
});
