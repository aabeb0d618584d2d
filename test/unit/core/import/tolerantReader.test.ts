// Checks the reader of damaged files: each kind of damage with its repair, hostile files, and that no bytes at all make it throw.

import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { JsonValue } from '../../../../src/base/json.ts';
import { explainStrictFailure } from '../../../../src/core/import/strictFailure.ts';
import type { DataFormat } from '../../../../src/core/import/tolerantReader.ts';
import { deepestNesting, readTolerantly } from '../../../../src/core/import/tolerantReader.ts';
import { readYaml } from '../../../../src/core/yaml.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(content: string | Uint8Array, format: DataFormat = 'json') {
	return readTolerantly(typeof content === 'string' ? bytesOf(content) : content, format, readYaml);
}

describe('the tolerant reader', () => {
	const cases: readonly {
		readonly name: string;
		readonly content: string | Uint8Array;
		readonly format?: DataFormat;
		readonly values: readonly JsonValue[];
		readonly repairs: readonly string[];
		/** Kind under strict rules; undefined where strict rules read it too. */
		readonly strict?: string;
	}[] = [
		{ name: 'strict JSON', content: '[{"task_id": "A"}]', values: [[{ task_id: 'A' }]], repairs: [] },
		{ name: 'a byte order mark', content: '\uFEFF[1]', values: [[1]], repairs: ['byte-order-mark'] },
		{
			name: 'UTF-16 with its mark',
			content: Uint8Array.from([0xff, 0xfe, ...Buffer.from('{"id": "ä"}', 'utf16le')]),
			values: [{ id: 'ä' }],
			repairs: ['utf-16'],
		},
		{
			name: 'UTF-16 the other way round',
			content: Uint8Array.from([0xfe, 0xff, ...Buffer.from('[7]', 'utf16le').swap16()]),
			values: [[7]],
			repairs: ['utf-16'],
		},
		{
			name: 'bytes that are no UTF-8',
			content: Uint8Array.from([0x5b, 0x22, 0xff, 0x22, 0x5d]),
			values: [['\uFFFD']],
			repairs: ['not-utf-8'],
		},
		{
			name: 'doubled braces around an object',
			content: '{{\n{"task_id": "A"}\n}}\n',
			values: [{ task_id: 'A' }],
			repairs: ['doubled-braces'],
			strict: 'wrapped-in-{{ }}',
		},
		{
			name: 'braces that are doubled themselves',
			content: '{{"task_id": "A"}}',
			values: [{ task_id: 'A' }],
			repairs: ['doubled-braces'],
			strict: 'wrapped-in-{{ }}',
		},
		{
			name: 'doubled braces around comments',
			content: '{{ {"task_id": "A" /* which */} }}',
			values: [{ task_id: 'A' }],
			repairs: ['doubled-braces', 'comments'],
			strict: 'wrapped-in-{{ }}',
		},
		{
			name: 'comments of both kinds, and none inside a string',
			content: '// first\n{"url": "http://a/*b*/", /* second */ "n": 1}',
			values: [{ url: 'http://a/*b*/', n: 1 }],
			repairs: ['comments'],
			strict: 'jsonc-comments',
		},
		{
			name: 'trailing commas',
			content: '[{"a": [1, 2,],},]',
			values: [[{ a: [1, 2] }]],
			repairs: ['trailing-commas'],
			strict: 'jsonc-comments',
		},
		{
			name: 'several documents in a row',
			content: '{"a": 1}\n{"b": 2} [3]',
			values: [{ a: 1 }, { b: 2 }, [3]],
			repairs: ['several-documents'],
			strict: 'concatenated-json-documents',
		},
		{
			name: 'the rest of a longer write behind a whole value',
			content: '[{"id": "A"}]\n"id": "B"}]',
			values: [[{ id: 'A' }]],
			repairs: ['residue'],
			strict: 'torn-write',
		},
		{
			name: 'a list that breaks off inside an entry',
			content: '[{"id": "A", "tags": ["x"]}, {"id": "B", "tags": ["y", "z',
			values: [[{ id: 'A', tags: ['x'] }]],
			repairs: ['cut-off'],
			strict: 'torn-write',
		},
		{
			name: 'a list inside an object that breaks off',
			content: '{"version": 1, "tasks": [{"id": "A", "history": [{"at": 1}]}, {"id": "B", "history": [{"at": 2}',
			values: [{ version: 1, tasks: [{ id: 'A', history: [{ at: 1 }] }] }],
			repairs: ['cut-off'],
			strict: 'torn-write',
		},
		{
			name: 'YAML in a .json file',
			content: 'directives:\n  - id: A\n    status: IN PROGRESS\n',
			values: [{ directives: [{ id: 'A', status: 'IN PROGRESS' }] }],
			repairs: ['yaml'],
			strict: 'yaml-in-json-file',
		},
		{
			name: 'YAML, with numbers that are text as soon as a digit would be lost',
			content: 'episode_id: 08\nid: 001\nbig: 1_000\nn: 5\nyes: yes\nday: 2025-01-01\n',
			format: 'yaml',
			values: [{ episode_id: '08', id: '001', big: '1_000', n: 5, yes: 'yes', day: '2025-01-01' }],
			repairs: [],
		},
		{
			name: 'YAML with several documents and merge keys',
			content: 'a: &x {owner: Me}\nb: {<<: *x, id: B}\n---\nc: 1\n',
			format: 'yaml',
			values: [{ a: { owner: 'Me' }, b: { owner: 'Me', id: 'B' } }, { c: 1 }],
			repairs: [],
		},
		{
			name: 'YAML with a key that stands twice',
			content: 'a: 1\na: 2\n',
			format: 'yaml',
			values: [{ a: 2 }],
			repairs: ['duplicate-keys'],
		},
		{
			name: 'lines of which one is torn',
			content: '{"id": 1}\n{"id": \n\n{"id": 3}\n',
			format: 'jsonl',
			values: [{ id: 1 }, { id: 3 }],
			repairs: ['unreadable-lines'],
			strict: 'jsonl-line',
		},
	];
	for (const { name, content, format, values, repairs, strict } of cases) {
		it(`reads ${name}`, () => {
			const reading = read(content, format);
			assert.equal(reading.reason, undefined);
			assert.deepEqual(reading.values, values);
			assert.deepEqual(
				reading.repairs.map(({ kind }) => kind),
				repairs,
			);
			assert.equal(reading.strict?.kind, strict);
		});
	}

	const refused: readonly {
		readonly name: string;
		readonly content: string | Uint8Array;
		readonly format?: DataFormat;
		readonly reason: RegExp;
		readonly kind: string;
	}[] = [
		{ name: 'nothing but NUL bytes', content: new Uint8Array(284), reason: /NUL bytes/u, kind: 'nul-filled-file' },
		{ name: 'NUL bytes in text', content: '{"a": 1}\0\0', reason: /no text/u, kind: 'binary' },
		{ name: 'a sentence', content: 'What is this?', reason: /plain text/u, kind: 'plain-text-in-json-file' },
		{ name: 'white space', content: ' \n', reason: /empty/u, kind: 'empty' },
		{ name: 'half an object', content: '{"id": "A", "name": "B', reason: /no repair helps/u, kind: 'broken-json' },
		{
			name: 'YAML that is none',
			content: 'a: [1, 2\nb: }',
			format: 'yaml',
			reason: /no YAML/u,
			kind: 'yaml-error',
		},
		{
			name: 'lines that are no JSON',
			content: 'a\nb\n',
			format: 'jsonl',
			reason: /none of its lines/u,
			kind: 'jsonl-line',
		},
		{
			name: 'nesting that is too deep',
			content: `${'['.repeat(1000)}${']'.repeat(1000)}`,
			reason: /deeper than 500/u,
			kind: 'unreadable',
		},
		{
			name: 'brackets that would exhaust a stack',
			content: '['.repeat(200_000),
			reason: /./u,
			kind: 'broken-json',
		},
		{
			name: 'aliases that unfold without end',
			content: `a: &a [x, x, x, x, x, x, x, x, x]\n${Array.from('bcdefgh')
				.map(
					(key, index) =>
						`${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefg'[index] ?? ''}`).join(', ')}]`,
				)
				.join('\n')}\n`,
			format: 'yaml',
			reason: /alias/iu,
			kind: 'yaml-error',
		},
	];
	for (const { name, content, format, reason, kind } of refused) {
		it(`gives up on ${name} and says why`, () => {
			const reading = read(content, format);
			assert.deepEqual(reading.values, []);
			assert.match(reading.reason ?? '', reason);
			assert.equal(reading.strict?.kind, kind);
		});
	}

	it('takes no field of a record whose beginning was lost for a document, and no document for such a field', () => {
		const record = '{"task_id": "A", "tags": []}';
		assert.deepEqual(read(`[${record}] ["word"]\n}, ${record}]`).values, [[{ task_id: 'A', tags: [] }]]);
		assert.deepEqual(read(`[${record}] [${record}] }`).values.length, 2);
		assert.deepEqual(read(`[${record}] ["word"]`).values.length, 2);
	});

	it('keeps keys that mean something to JavaScript as keys', () => {
		for (const content of ['{"__proto__": {"a": 1}, "x": 2}', '{"__proto__": {"a": 1}, "x": 2} // c']) {
			const [value] = read(content).values;
			assert.ok(Object.hasOwn(value as object, '__proto__'));
			assert.equal(Object.getPrototypeOf(value), Object.prototype);
			assert.equal(({} as Record<string, unknown>)['a'], undefined);
		}
		const [fromYaml] = read('__proto__:\n  a: 1\n', 'yaml').values;
		assert.ok(Object.hasOwn(fromYaml as object, '__proto__'));
		assert.equal(({} as Record<string, unknown>)['a'], undefined);
	});

	it('reads a description of ten megabytes', () => {
		const description = 'words '.repeat(1_750_000);
		const [value] = read(JSON.stringify({ task_id: 'A', description })).values;
		assert.deepEqual(value, { task_id: 'A', description });
	});

	it('refuses what is nested one level too deep, and takes one level less', () => {
		const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
		assert.equal(read(nested(deepestNesting)).reason, undefined);
		assert.notEqual(read(nested(deepestNesting + 1)).reason, undefined);
	});

	const formats: readonly DataFormat[] = ['json', 'jsonl', 'yaml'];
	const isWhole = (reading: ReturnType<typeof read>) => reading.reason === undefined || reading.values.length === 0;

	it('reads or refuses any bytes, and never throws', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...formats), (bytes, format) =>
				isWhole(read(bytes, format)),
			),
			{ numRuns: 300 },
		);
		fc.assert(
			fc.property(
				fc.string({
					unit: fc.constantFrom(...Array.from('{}[]",:\\/*- \n#&*!|>01ae\uFEFF\uD800')),
					maxLength: 80,
				}),
				fc.constantFrom(...formats),
				(text, format) => isWhole(read(text, format)),
			),
			{ numRuns: 1500 },
		);
	});

	it('makes something or nothing of a good file that was cut, doubled or spliced, and invents no entry', () => {
		const records = fc.array(
			fc.record({
				task_id: fc.string({ minLength: 1, maxLength: 8 }),
				name: fc.string(),
				tags: fc.array(fc.string()),
			}),
			{ minLength: 1, maxLength: 5 },
		);
		const place = fc.double({ min: 0, max: 1, noNaN: true });
		fc.assert(
			fc.property(records, records, place, place, (left, right, first, second) => {
				const [one, other] = [JSON.stringify(left, null, 2), JSON.stringify(right)];
				const known = new Set([...left, ...right].map((record) => JSON.stringify(record)));
				const at = Math.floor(first * one.length);
				const mutations = [
					one.slice(0, at),
					`${one}${one}`,
					`${other}${one.slice(at)}`,
					`${one.slice(0, at)}${other.slice(Math.floor(second * other.length))}`,
				];
				for (const text of mutations.slice(0, 3)) {
					for (const value of read(text).values) {
						const list = Array.isArray(value) ? value : [];
						assert.ok(list.every((record) => known.has(JSON.stringify(record))));
					}
				}
				for (const text of mutations) {
					assert.ok(isWhole(read(text)));
				}
			}),
			{ numRuns: 200 },
		);
	});

	it('explains a failure exactly where JSON.parse finds one', () => {
		const text = fc.string({ unit: fc.constantFrom(...Array.from('{}[]",: \n01-.eEtrufalsn\\')), maxLength: 30 });
		fc.assert(
			fc.property(fc.oneof(text, fc.json()), (content) => {
				let isStrict = true;
				try {
					JSON.parse(content);
				} catch {
					isStrict = false;
				}
				assert.equal(explainStrictFailure(content) === undefined, isStrict, content);
			}),
			{ numRuns: 2000 },
		);
	});
});
