// Checks reading of board files of every kind, with the place of what is wrong, and that writing changes only what changed.

import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/base/json.ts';
import type { BoardReading } from '../../../../src/core/board/boardReading.ts';
import { readBoard, renderBoard } from '../../../../src/core/board/boardFile.ts';
import { detectFormat, joinRecords, renderRecordText, standardFormat } from '../../../../src/core/board/recordText.ts';
import { Random } from '../../../support/random.ts';

const source = { file: 'runtime/agent_comms/project_boards/task_backlog.json', board: 'task_backlog' } as const;
const read = (content: string | Uint8Array): BoardReading => readBoard(content, source);
const places = (reading: BoardReading) => reading.problems.map(({ code, line, column }) => `${code} ${line}:${column}`);
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('reading a board file', () => {
	it('gives entries with their tasks and lines', () => {
		const reading = read('[\n  {"task_id": "A", "status": "todo"},\n\n  {\n    "id": 2\n  }\n]\n');
		assert.deepEqual(reading.problems, []);
		assert.deepEqual(
			reading.entries.map((entry) => [entry.id, entry.task?.status, reading.position(entry.start), entry.text]),
			[
				['A', 'PENDING', { line: 2, column: 3 }, '{"task_id": "A", "status": "todo"}'],
				['2', 'PENDING', { line: 4, column: 3 }, '{\n    "id": 2\n  }'],
			],
		);
	});

	const unreadable: [string, string | Uint8Array, string][] = [
		['nothing', '', 'board.empty 1:1'],
		['white space', ' \n\t\n', 'board.empty 1:1'],
		['a byte order mark alone', '\uFEFF', 'board.empty 1:1'],
		['YAML', 'phase: "one"\ntasks:\n  - id: A\n', 'board.unreadable 1:1'],
		['doubled braces', '{{\n  "id": "A"\n}}', 'board.unreadable 1:2'],
		['a comment', '[\n  {"id": "A"}, // mine\n  {"id": "B"}\n]', 'board.unreadable 2:16'],
		['a trailing comma', '[\n  {"id": "A"},\n]', 'board.unreadable 3:1'],
		['a torn write', '[\n  {"id": "A"},\n  {"id": "B", "na', 'board.unreadable 3:15'],
		['two documents', '[]\n[]', 'board.unreadable 2:1'],
		['a raw line break in a text', '[{"id": "A\nB"}]', 'board.unreadable 1:9'],
		['a raw tab in a text', '[{"id": "A\tB"}]', 'board.unreadable 1:9'],
		['NUL bytes', '\0\0\0\0', 'board.unreadable 1:1'],
		['NaN', '[{"id": "A", "points": NaN}]', 'board.unreadable 1:24'],
		['a map', '{"tasks": []}', 'board.notAList 1:1'],
		['a text', '"hello"', 'board.notAList 1:1'],
		['null', 'null', 'board.notAList 1:1'],
		['UTF-16', bytes(0xff, 0xfe, 0x5b, 0, 0x5d, 0), 'board.encoding 1:1'],
		['Latin-1', bytes(0x5b, 0x0a, 0x22, 0xe9, 0x22, 0x5d), 'board.encoding 2:2'],
		['100,000 brackets', '['.repeat(100_000), 'board.unreadable'],
		['100,000 nested lists', '['.repeat(100_000) + ']'.repeat(100_000), 'board.tooDeep 1:1'],
	];
	for (const [name, content, expected] of unreadable) {
		it(`says where ${name} stops being a board, and shows nothing of it`, () => {
			const reading = read(content);
			assert.equal(reading.isReadable, false);
			assert.deepEqual(reading.entries, []);
			assert.equal(reading.problems.length, 1);
			assert.ok(places(reading)[0]?.startsWith(expected), `${places(reading)[0]}, expected ${expected}`);
			assert.ok((reading.problems[0]?.advice ?? '') !== '');
		});
	}

	it('shows a single task, and a list with a byte order mark and CRLF', () => {
		const single = read('{\n  "task_id": "A",\n  "status": "PENDING"\n}\n');
		assert.deepEqual([single.isReadable, single.isList, single.entries[0]?.id], [true, false, 'A']);
		const windows = read('\uFEFF[\r\n    {\r\n        "id": "A"\r\n    }\r\n]\r\n');
		assert.deepEqual(windows.format, { indent: '    ', eol: '\r\n', hasMark: true, hasFinalNewline: true });
		assert.equal(windows.entries[0]?.id, 'A');
		assert.equal(windows.content.charCodeAt(0), 0xfeff);
	});

	it('points at keys that stand twice and at numbers that cannot be kept, and says that writing would lose them', () => {
		const reading = read(
			'[\n  {"id": "A", "x": 1,\n   "x": 2},\n  {"id": "B", "snowflake": 12345678901234567890, "ok": 1234567890123456, "big": 1e999}\n]',
		);
		assert.deepEqual(places(reading), [
			'record.inexactNumber 4:28',
			'record.inexactNumber 4:81',
			'record.duplicateKey 2:15',
		]);
		assert.equal(reading.isLossy, true);
		assert.equal(reading.entries.length, 2);
		assert.equal(read('[{"id":"A","a":{"x":1},"b":{"x":1},"c":"\\"x\\":1"}]').isLossy, false);
	});

	it('reports entries that are no tasks on their own lines', () => {
		const reading = read(
			'[\n  7,\n  "x",\n  [],\n  {"name": "no id"},\n  {"task_id": "", "priority": "soon"},\n  {"task_id": "A"}\n]',
		);
		const problems = reading.entries.flatMap((entry) =>
			entry.content.problems.map((problem) => reading.place(entry, problem)),
		);
		assert.deepEqual(
			problems.map(({ code, line, column }) => `${code} ${line}:${column}`),
			[
				'record.notAnObject 2:3',
				'record.notAnObject 3:3',
				'record.notAnObject 4:3',
				'record.noId 5:3',
				'record.badId 6:15',
				'task.unknownPriority 6:31',
			],
		);
		assert.deepEqual(
			reading.entries.map(({ id }) => id),
			[undefined, undefined, undefined, undefined, undefined, 'A'],
		);
	});

	it('takes 1,000-deep values, 1 MB texts, lone surrogates and strange keys as they are', () => {
		const deep = `${'{"a":['.repeat(500)}1${']}'.repeat(500)}`;
		const text = `[{"task_id":"A","deep":${deep}},{"task_id":"B","description":"${'x'.repeat(1_000_000)}"},{"task_id":"C","name":"\\ud800","__proto__":{"status":"FAILED"}}]`;
		const reading = read(text);
		assert.deepEqual(reading.problems, []);
		assert.deepEqual(
			reading.entries.map(({ task }) => task?.status),
			['PENDING', 'PENDING', 'PENDING'],
		);
		assert.equal(reading.entries[2]?.task?.name, '\ud800');
		const records = reading.entries.map(({ record }) => record ?? {});
		assert.equal(JSON.stringify(JSON.parse(renderBoard(records))), JSON.stringify(JSON.parse(text)));
	});
});

describe('reading damaged files', () => {
	it('never throws, and either shows the file or says in one place why not', () => {
		const random = new Random(99);
		const whole = JSON.stringify(
			[random.record('A'), random.record('B'), { task_id: 'C', deep: [[{ x: 'é🚀' }]] }],
			null,
			2,
		);
		for (let round = 0; round < 3000; round++) {
			const encoded = [...new TextEncoder().encode(whole)];
			for (let count = 1 + random.below(3); count > 0; count--) {
				const at = random.below(encoded.length);
				const damage = [random.below(256), ...new TextEncoder().encode(random.text())].slice(
					0,
					random.below(4),
				);
				encoded.splice(at, random.below(6), ...damage);
			}
			const reading = read(Uint8Array.from(encoded));
			const problems = reading.entries.flatMap((entry) =>
				entry.content.problems.map((problem) => reading.place(entry, problem)),
			);
			for (const problem of [...reading.problems, ...problems]) {
				assert.ok(problem.line >= 1 && problem.column >= 1 && problem.message !== '' && problem.advice !== '');
			}
			if (!reading.isReadable) {
				assert.deepEqual([reading.entries.length, reading.problems.length], [0, 1]);
			}
		}
	});
});

describe('writing a board file', () => {
	it('is a two-space list with a final newline', () => {
		assert.equal(renderBoard([]), '[]\n');
		assert.equal(
			renderBoard([{ task_id: 'A', tags: ['x'] }]),
			'[\n  {\n    "task_id": "A",\n    "tags": [\n      "x"\n    ]\n  }\n]\n',
		);
	});

	const rewrite = (text: string, id: string, change: (record: JsonObject) => JsonObject): string => {
		const reading = read(text);
		const texts = reading.entries.map((entry) => {
			const record = entry.record ?? {};
			return renderRecordText(
				entry.id === id ? change(record) : record,
				{ record, text: entry.text },
				reading.format,
			);
		});
		return joinRecords(texts, reading.format);
	};

	it('changes one line for one field, and keeps every character of the rest', () => {
		const before =
			'[\n  {\n    "task_id" : "A",\n    "tags": ["x",  "y"],\n    "big": 12345678901234567890,\n    "name": "\\u00e9",\n    "status": "PENDING"\n  },\n  { "id": "B", "n": 1.0 }\n]\n';
		assert.equal(
			rewrite(before, 'A', (record) => record),
			before,
		);
		assert.equal(
			rewrite(before, 'A', (record) => ({ ...record, status: 'READY' })),
			before.replace('"PENDING"', '"READY"'),
		);
		assert.equal(
			rewrite(before, 'B', (record) => ({ ...record, m: [1] })),
			before.replace('"n": 1.0 }', '"n": 1.0, "m": [1]}').replace('{ "id"', '{"id"'),
		);
		assert.equal(
			rewrite(before, 'A', ({ tags: _tags, ...record }) => ({ ...record, extra: { a: 1 } })),
			before
				.replace('    "tags": ["x",  "y"],\n', '')
				.replace('"PENDING"\n', '"PENDING",\n    "extra": {\n      "a": 1\n    }\n'),
		);
	});

	it('keeps indentation, line ends and byte order mark of the file', () => {
		const before = '\uFEFF[\r\n\t{\r\n\t\t"id": "A",\r\n\t\t"list": [\r\n\t\t\t1\r\n\t\t]\r\n\t}\r\n]';
		const after = rewrite(before, 'A', (record) => ({ ...record, more: { a: 1 } }));
		assert.equal(after, before.replace('\t\t]\r\n', '\t\t],\r\n\t\t"more": {\r\n\t\t\t"a": 1\r\n\t\t}\r\n'));
		assert.deepEqual(detectFormat('[{"id":1}]', false), { ...standardFormat, hasFinalNewline: true });
	});

	it('reads back what it wrote, for records at random and any layout', () => {
		const random = new Random(7);
		for (let round = 0; round < 400; round++) {
			const records = Array.from({ length: random.below(5) }, (_, index) => random.record(`T-${index}`));
			const indent = random.pick(['', '  ', '    ', '\t']);
			const eol = random.pick(['\n', '\r\n'] as const);
			const text = `${random.pick(['', '\uFEFF'])}${JSON.stringify(records, null, indent).replaceAll('\n', eol)}${random.pick(['', eol])}`;
			const reading = read(text);
			assert.deepEqual(
				reading.entries.map(({ value }) => JSON.stringify(value)),
				records.map((record) => JSON.stringify(record)),
			);
			const changed = records.map((record) =>
				random.next() < 0.5 ? record : { ...record, ...random.object(2), [random.text()]: random.value() },
			);
			const after = joinRecords(
				reading.entries.map((entry, index) =>
					renderRecordText(
						changed[index] ?? {},
						{ record: entry.record ?? {}, text: entry.text },
						reading.format,
					),
				),
				reading.format,
			);
			assert.equal(JSON.stringify(read(after).entries.map(({ value }) => value)), JSON.stringify(changed), text);
		}
	});
});
