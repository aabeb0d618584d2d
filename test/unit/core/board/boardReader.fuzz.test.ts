// Throws everything at the reader of board files: bytes at random, boards with damage, JSON nobody would write. It never crashes,
// never hangs, never writes, and either shows the file or says in one place why not.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readBoard } from '../../../../src/core/board/boardFile.ts';
import { BoardWorkspace } from '../../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

const whole = new TextEncoder().encode(
	JSON.stringify(
		[
			{ task_id: 'A', name: 'first', status: 'READY', dependencies: ['B'], deep: [[{ x: 'é🚀' }]] },
			{ id: 'B', title: 'second', state: 'todo', owner: 'Agent 3', result: { summary: 's' }, big: 1e300 },
		],
		null,
		2,
	),
);

/** Words that break readers when they stand in the wrong place. */
const words = [
	'{',
	'}',
	'[',
	']',
	'"',
	',',
	':',
	'\\',
	'\\u',
	'\u0000',
	'\uFEFF',
	'\n',
	'<<<<<<< HEAD\n',
	'1e999',
	'-',
	'/*',
	'{}',
];
const damage = fc.array(
	fc.record({
		at: fc.nat({ max: whole.length }),
		length: fc.nat({ max: 8 }),
		bytes: fc.oneof(
			fc.uint8Array({ maxLength: 4 }),
			fc.constantFrom(...words).map((word) => new TextEncoder().encode(word)),
		),
	}),
	{ minLength: 1, maxLength: 5 },
);
const damaged = damage.map((places) => {
	const bytes = [...whole];
	for (const { at, length, bytes: inserted } of places) {
		bytes.splice(at, length, ...inserted);
	}
	return Uint8Array.from(bytes);
});
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const hostile = fc.oneof(
	{ weight: 3, arbitrary: damaged },
	fc.uint8Array({ maxLength: 300 }),
	fc.json({ maxDepth: 6 }).map(encode),
	fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => encode(parts.join(''))),
	fc
		.tuple(fc.constantFrom('[', '{"a":', '[{"task_id":', '"', '[['), fc.integer({ min: 1, max: 10_000 }))
		.map(([word, count]) => encode(word.repeat(count))),
	fc.constantFrom(...['\\', ' ', '\r', '9', ',', '"\\"'].map((word) => encode(`[${word.repeat(30_000)}`))),
);

describe('the reader of board files', function () {
	this.timeout(120_000);
	const folders = useTemporaryFolders();

	it('never throws, and shows a file or says in one place why not', () => {
		fc.assert(
			fc.property(hostile, (bytes) => {
				const before = bytes.slice();
				const reading = readBoard(bytes, { file: 'x.json', board: 'task_ready_queue' });
				const problems = [
					...reading.problems,
					...reading.entries.flatMap((entry) =>
						entry.content.problems.map((problem) => reading.place(entry, problem)),
					),
				];
				for (const { line, column, message, advice } of problems) {
					assert.ok(line >= 1 && column >= 1 && message !== '' && advice !== '');
				}
				if (!reading.isReadable) {
					assert.deepEqual([reading.entries.length, reading.problems.length], [0, 1]);
				}
				assert.deepEqual(bytes, before);
			}),
			{ numRuns: 1000 },
		);
	});

	it('never writes over what it cannot read, through the whole mirror', async () => {
		const workspace = await BoardWorkspace.make(folders.make());
		const mirror = workspace.mirror();
		await workspace.create({ task_id: 'T', name: 'stays' });
		await mirror.flush();
		const path = workspace.path('task_ready_queue');
		await fc.assert(
			fc.asyncProperty(hostile, async (bytes) => {
				workspace.write('task_ready_queue', bytes);
				const isReadable = readBoard(bytes, { file: 'x.json', board: 'task_ready_queue' }).isReadable;
				await mirror.flush();
				assert.ok(isReadable || readFileSync(path).equals(bytes), 'what cannot be read stands as it was');
				await mirror.acceptLedger('task_ready_queue', { kind: 'human', id: 'ann' });
				assert.ok(workspace.ids().task_ready_queue.every((id) => typeof id === 'string'));
			}),
			{ numRuns: 25 },
		);
		await workspace.close();
	});
});
