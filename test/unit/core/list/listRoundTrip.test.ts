// Checks that no list loses anything: any record, with the strangest texts, through every format; and that an edit of what is
// shown wins while all the rest stays.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../../src/base/json.ts';
import { taskFromRecord } from '../../../../src/core/board/boardRecord.ts';
import { writeCsvList } from '../../../../src/core/list/csvList.ts';
import { writeJsonList } from '../../../../src/core/list/jsonList.ts';
import { writeMarkdownList } from '../../../../src/core/list/markdownList.ts';
import { detectListFormat, readList } from '../../../../src/core/list/readList.ts';
import type { ListFormat } from '../../../../src/core/list/taskList.ts';
import { taskPriorities } from '../../../../src/core/task/taskPriority.ts';
import { taskStatuses } from '../../../../src/core/task/taskStatus.ts';

const write: Readonly<Record<ListFormat, (records: readonly JsonObject[]) => string>> = {
	json: writeJsonList,
	csv: writeCsvList,
	markdown: writeMarkdownList,
};

/** What file, editor and spreadsheet do to a text on the way: UTF-8 keeps no half characters. */
const throughFile = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text));

const awkward = fc.constantFrom(
	'=cmd()',
	'-1',
	'+x',
	'@SUM(A1)',
	"'=x",
	'-->',
	'<!-- x -->',
	'- [ ] not a task',
	'```',
	'> quoted',
	'(HIGH)',
	'#tag',
	'ends with #tag',
	'ends with @Agent-2',
	'id:TASK-1',
	'after:"a b",c',
	'\\#x',
	'\\\\#x',
	'due:2026-01-01',
	'\uD800',
	'a\uDFFFb',
	'a\r\nb',
	'a\rb',
	'a\u2028b',
	'',
	' ',
	'  x  ',
	'tab\tx',
	'"',
	'""',
	',',
	';',
	'\n',
	'\n\n# Title\n',
	'nul\0',
	'\uFEFF',
	'✓ é 😀',
	'__proto__',
	'## Ready',
	'[x]',
	'1. one',
	'<script>',
	'{"a":1}',
	'[1]',
	'true',
	'1e3',
);
const text = fc.oneof(
	awkward,
	fc.string({ unit: 'binary' }),
	fc.array(awkward).map((parts) => parts.join(' ')),
);
const json = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }) as fc.Arbitrary<JsonValue>;
const record = (index: number): fc.Arbitrary<JsonObject> =>
	fc
		.record(
			{
				name: text,
				description: text,
				status: fc.oneof(fc.constantFrom<JsonValue>(...taskStatuses, 'done', 'Working', null, 7), text),
				priority: fc.oneof(fc.constantFrom<JsonValue>(...taskPriorities, 'High', 3), text),
				dependencies: fc.oneof(fc.array(text), json),
				tags: fc.oneof(fc.array(text), text),
				assigned_to: text,
				claimed_by: fc.oneof(text, fc.constant(null)),
				notes: fc.oneof(text, json),
				params: json,
				result: json,
				block_reason: json,
				created_at: text,
				due: fc.oneof(text, json),
				parent: fc.oneof(text, fc.constant(null)),
				estimate: json,
				title: text,
			},
			{ requiredKeys: [] },
		)
		.chain((fields) =>
			fc.tuple(fc.dictionary(text, json, { maxKeys: 4 }), fc.boolean()).map(([unknown, isNumbered]) => {
				const known = { ...unknown, ...fields };
				const id = `ID ${index}"${isNumbered ? ',' : ''}`;
				return Object.fromEntries(
					Object.entries({ ...known, task_id: id } as JsonObject).filter(([key]) => key !== 'id'),
				);
			}),
		);
const records = fc
	.integer({ min: 0, max: 4 })
	.chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => record(index))));

const titled = {
	task_id: 'T-1',
	name: 'Old title',
	description: 'as it was',
	priority: 'HIGH',
	status: 'READY',
	extra: { kept: [1] },
};

describe('lists of tasks', () => {
	for (const format of Object.keys(write) as ListFormat[]) {
		it(`loses nothing of any record as ${format}`, () => {
			fc.assert(
				fc.property(records, (list) => {
					const written = throughFile(write[format](list));
					const { entries, problems } = readList(written, format);
					assert.deepEqual(
						problems.filter(({ severity }) => severity === 'error'),
						[],
					);
					// By JSON: two records that are written alike are alike (there is no -0 in a file).
					assert.equal(JSON.stringify(entries.map((entry) => entry.record)), JSON.stringify(list));
					assert.ok(entries.every(({ isWhole }) => isWhole));
					if (list.length > 0) {
						assert.equal(detectListFormat(written), format);
					}
				}),
				{ numRuns: 300 },
			);
		});
	}

	const edited = (format: ListFormat, change: (text: string) => string) => {
		const before = write[format]([titled]);
		const after = change(before);
		assert.notEqual(after, before, 'the edit is one');
		const { entries, problems } = readList(after, format);
		assert.deepEqual(problems, []);
		return entries[0]?.record ?? {};
	};

	it('takes an edited title, mark, text and words of a Markdown list over, and keeps the rest', () => {
		assert.deepEqual(
			edited('markdown', (list) => list.replace('Old title (HIGH)', 'New title')),
			{
				...titled,
				name: 'New title',
				priority: 'MEDIUM',
			},
		);
		assert.deepEqual(
			edited('markdown', (list) => list.replace('[ ]', '[x]')),
			{ ...titled, status: 'COMPLETED' },
		);
		assert.deepEqual(
			edited('markdown', (list) => list.replace('as it was', 'as it is\n  > now')),
			{
				...titled,
				description: 'as it is\nnow',
			},
		);
		assert.deepEqual(
			edited('markdown', (list) => list.replace('(HIGH)', '(HIGH) #new due:2026-12-01')),
			{
				...titled,
				tags: ['new'],
				due: '2026-12-01T00:00:00.000Z',
			},
		);
		assert.deepEqual(
			edited('markdown', (list) => list.replace(/\n {2}> as it was/u, '')),
			{ ...titled, description: '' },
		);
	});

	it('takes an edited cell over, and keeps the rest, also when a spreadsheet changed line ends and separators', () => {
		assert.deepEqual(
			edited('csv', (list) => list.replace('T-1,Old title', 'T-1,New title')),
			{ ...titled, name: 'New title' },
		);
		assert.deepEqual(
			edited('csv', (list) => list.replaceAll('\n', '\r\n')),
			titled,
		);
		assert.deepEqual(
			edited('csv', (list) => list.replace('READY', 'done')),
			{ ...titled, status: 'COMPLETED' },
		);
	});

	it('says on which line an edit cannot be used, or a kept record cannot be read', () => {
		const csv = writeCsvList([titled]);
		const faults = (list: string, format: ListFormat) =>
			readList(list, format).problems.map(({ line, field }) => [line, field]);
		assert.deepEqual(faults(csv.replace(',HIGH,', ',soonish,'), 'csv'), [[2, 'priority']]);
		assert.deepEqual(faults(csv.slice(0, csv.indexOf('Old title"')).concat('"\n'), 'csv').slice(0, 1), [
			[2, 'record'],
		]);
		const markdown = writeMarkdownList([titled]);
		assert.deepEqual(faults(markdown.replace('"extra"', 'extra'), 'markdown').length, 1);
	});

	it('drops from a Markdown list what was taken out of what is shown', () => {
		const list = writeMarkdownList([titled, { ...titled, task_id: 'T-2' }]);
		const without = list.replace(/^- .*id:T-1\n(?: {2}>.*\n)*/mu, '');
		assert.deepEqual(
			readList(without, 'markdown').entries.map(({ record: { task_id: id } }) => id),
			['T-2'],
		);
	});

	it('shows tasks as people would write them', () => {
		const list = writeMarkdownList([
			{ task_id: 'A', name: 'Set up', status: 'COMPLETED', tags: ['db'] },
			{
				task_id: 'B',
				name: 'Use it',
				status: 'READY',
				dependencies: ['A'],
				assigned_agent: 'Agent-2',
				description: 'All of it.',
			},
		]);
		assert.ok(
			list.includes(
				'## Completed\n\n- [x] Set up #db id:A\n\n## Ready\n\n- [ ] Use it @Agent-2 after:A id:B\n  > All of it.\n',
			),
			list,
		);
		assert.equal(taskFromRecord(readList(list, 'markdown').entries[0]?.record ?? {}).task?.status, 'COMPLETED');
	});
});
