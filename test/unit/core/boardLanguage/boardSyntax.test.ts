// Checks that records and what is in them are found in whole, half-typed and commented text, and the same as a parser finds them.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { spotAt } from '../../../../src/core/boardLanguage/boardSpot.ts';
import { BoardSyntax } from '../../../../src/core/boardLanguage/boardSyntax.ts';
import { findMentions } from '../../../../src/core/boardLanguage/taskMentions.ts';
import { readBoard } from '../../../../src/core/board/boardFile.ts';
import { scanJson } from '../../../../src/core/board/jsonScan.ts';

const idsOf = (text: string) => new BoardSyntax(text).records.map(({ id }) => id);

describe('records of a board text', () => {
	it('are found where a parser finds them, with their ids', () => {
		const record = fc.record({ task_id: fc.string(), x: fc.jsonValue() }, { requiredKeys: [] });
		const spaces = fc.constantFrom(undefined, 2, '\t');
		fc.assert(
			fc.property(fc.array(record), spaces, (records, space) => {
				const text = JSON.stringify(records, undefined, space);
				const reading = readBoard(text, { file: 'x' });
				const syntax = new BoardSyntax(text);
				assert.deepEqual(
					syntax.records.map(({ start, end }) => ({ start, end })),
					scanJson(text).entries,
				);
				assert.deepEqual(
					syntax.records.map(({ id }) => id),
					reading.entries.map(({ id }) => id),
				);
			}),
		);
	});

	it('survive what is not typed yet', () => {
		const good = '{"task_id": "B"}';
		for (const bad of [
			'{"task_id": "A"',
			'{"task_id": "A", "x',
			'{"task_id": "A", "x": [1, ',
			'{"task_id": "A",',
		]) {
			const text = `[\n  ${bad}\n,\n  ${good}\n]`;
			const ids = idsOf(text);
			assert.equal(ids[0], 'A', text);
			if (!bad.includes('[')) {
				assert.deepEqual(ids, ['A', 'B'], text);
			}
		}
		assert.deepEqual(idsOf(''), []);
		assert.deepEqual(idsOf('{"task_id": "S"}'), ['S'], 'a single task');
		assert.deepEqual(idsOf('\uFEFF[{"id": 7}]'), ['7']);
	});

	it('are not found in comments and texts', () => {
		assert.deepEqual(
			idsOf('[ // {"task_id": "no"}\n /* {"task_id": "no" */ {"task_id": "yes", "x": "{\\"task_id\\": 1"}]'),
			['yes'],
		);
	});

	it('never fail for any text, and stay in order', () => {
		const piece = fc.constantFrom(
			'{',
			'}',
			'[',
			']',
			',',
			':',
			'"',
			'"task_id"',
			'\\',
			'\n',
			'//',
			'/*',
			'*/',
			'"a"',
			'1',
			' ',
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
				const text = pieces.join('');
				let last = 0;
				for (const { start, end } of new BoardSyntax(text).records) {
					assert.ok(start >= last && end >= start && end <= text.length, text);
					last = end;
				}
			}),
		);
	});

	it('are found by offset, by range and by position', () => {
		const syntax = new BoardSyntax('[\n  {"task_id": "A"},\n  {"task_id": "B"}\n]');
		assert.equal(syntax.recordAt(0), undefined);
		assert.equal(syntax.recordAt(syntax.offset({ line: 2, column: 3 }))?.id, 'A');
		assert.equal(syntax.recordAt(syntax.offset({ line: 3, column: 10 }))?.id, 'B');
		assert.deepEqual(
			syntax.recordsIn({ start: 0, end: 1000 }, 10).map(({ id }) => id),
			['A', 'B'],
		);
		for (let offset = 0; offset <= syntax.text.length; offset++) {
			assert.equal(syntax.offset(syntax.position(offset)), offset);
		}
	});
});

describe('a place of a board text', () => {
	/** The bar is the cursor. */
	const spot = (marked: string) => {
		const found = spotAt(new BoardSyntax(marked.replace('|', '')), marked.indexOf('|'));
		return found === undefined ? undefined : [found.kind, found.isKey ? 'key' : found.word, found.record.id];
	};

	it('says what is there', () => {
		assert.deepEqual(spot('[{"task_id": "A|"}]'), ['id', 'A', 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "dependencies": ["B", "C|"]}]'), ['task', 'C', 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "depends_on": [{"task_id": "C|"}]}]'), ['task', 'C', 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "parent": "P|"}]'), ['task', 'P', 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "status": "RE|ADY"}]'), ['status', 'READY', 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "pri|ority": "LOW"}]'), ['priority', 'key', 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "assigned_to": "|"}]'), ['agent', '', 'A']);
		assert.deepEqual(
			spot('[{"task_id": "A", "x": {"status": "|"}}]'),
			['other', '', 'A'],
			'not a status of the task',
		);
		assert.equal(spot('|[{"task_id": "A"}]'), undefined);
	});

	it('is understood while it is typed', () => {
		assert.deepEqual(spot('[{"task_id": "A", "dependencies": ["|'), ['task', '', 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "dependencies": [ | ]}]'), ['task', undefined, 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "status": "I|\n  },\n  {"task_id": "B"}]'), ['status', 'I', 'A']);
		assert.deepEqual(spot('[{"task_id": "A", "status": |'), ['status', undefined, 'A']);
	});
});

describe('mentions of a task', () => {
	it('are dependencies and parents, however they are spelled, and nothing else', () => {
		const text = `[
  {"task_id": "ä", "name": "ä", "tags": ["ä"]},
  {"task_id": "B", "dependencies": ["x", "ä"], "notes": "\\"ä\\""},
  {"task_id": "C", "deps": ["\\u00e4"], "ä": 1},
  {"task_id": "D", "parent": "ä"}
]`;
		const syntax = new BoardSyntax(text);
		assert.deepEqual(
			findMentions(syntax, 'ä').map((range) => [syntax.position(range.start).line, syntax.recordText(range)]),
			[
				[3, '"ä"'],
				[4, '"\\u00e4"'],
				[5, '"ä"'],
			],
		);
	});
});
