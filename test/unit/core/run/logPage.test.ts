// Owns the proof that a log read by page is the log: from either end, in pages of any size, with lines of any length, while it grows;
// and that what is folded of joined pages is what is folded of the whole.

import { strict as assert } from 'node:assert';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import type { LogLine } from '../../../../src/core/run/logPage.ts';
import { readLogPage } from '../../../../src/core/run/logPage.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { foldEntries } from '../../../../src/protocol/foldEntries.ts';
import { toWatchEntry } from '../../../../src/protocol/watchEntry.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constant('ä'.repeat(500)));
const update = fc.oneof(
	fc.record({ kind: fc.constantFrom('message', 'thought', 'note', 'permission'), text }),
	fc.record({
		kind: fc.constant('tool'),
		text,
		data: fc.record({
			toolCallId: fc.constantFrom('a', 'b', 'c'),
			title: text,
			status: fc.constantFrom('pending', 'in_progress', 'completed'),
		}),
	}),
	fc.record({ kind: fc.constant('output'), text, data: fc.record({ toolCallId: fc.constantFrom('a', 'b', 'z') }) }),
	fc.record({
		kind: fc.constant('plan'),
		text,
		data: fc.record({ entries: fc.array(fc.record({ content: text })) }),
	}),
	fc.record({ kind: fc.constant('usage'), text }),
);
const log = fc.array(update, { maxLength: 60 }).map((all) => all.map((each) => `${JSON.stringify(each)}\n`).join(''));
const limits = fc.record({ bytes: fc.integer({ min: 1, max: 400 }), lines: fc.integer({ min: 1, max: 20 }) });

describe('page of a log', () => {
	const folders = useTemporaryFolders();
	let folder = '';
	beforeEach(() => {
		folder = folders.make();
	});
	const file = () => path.join(folder, 'run.jsonl');

	const backwards = async (size: { bytes: number; lines: number }): Promise<LogLine[]> => {
		let page = await readLogPage(nodeFileSystem, file(), 'newest', size);
		const lines = [...(page?.lines ?? [])];
		while (page !== undefined && page.from > 0) {
			const before: number = page.from;
			page = await readLogPage(nodeFileSystem, file(), { before }, size);
			assert.equal(page?.to, before);
			assert.ok((page?.lines.length ?? 0) > 0, 'a page before another holds something');
			lines.unshift(...(page?.lines ?? []));
		}
		return lines;
	};
	const forwards = async (size: { bytes: number; lines: number }): Promise<LogLine[]> => {
		const lines: LogLine[] = [];
		for (let after = 0; ;) {
			const page = await readLogPage(nodeFileSystem, file(), { after }, size);
			lines.push(...(page?.lines ?? []));
			if (page === undefined || page.to === after) {
				return lines;
			}
			after = page.to;
		}
	};

	it('joins to the whole log, and folds as the whole does', async () => {
		await fc.assert(
			fc.asyncProperty(log, limits, async (content, size) => {
				await writeFile(file(), content);
				const whole = content.split('\n').slice(0, -1);
				const [back, forth] = [await backwards(size), await forwards(size)];
				assert.deepEqual(
					back.map((line) => line.text),
					whole,
				);
				assert.deepEqual(forth, back);
				let offset = 0;
				const all = whole.map((line) => {
					const entry = toWatchEntry({ offset, text: line });
					offset += Buffer.byteLength(line) + 1;
					return entry;
				});
				assert.deepEqual(foldEntries(back.map(toWatchEntry)), foldEntries(all));
			}),
			{ numRuns: 60 },
		);
	});

	it('leaves a line that is still being written for the next look', async () => {
		await writeFile(file(), 'one\ntwo\nthr');
		const page = await readLogPage(nodeFileSystem, file(), 'newest');
		assert.deepEqual(
			page?.lines.map((line) => line.text),
			['one', 'two'],
		);
		await appendFile(file(), 'ee\n');
		const next = await readLogPage(nodeFileSystem, file(), { after: page?.to ?? 0 });
		assert.deepEqual(next?.lines, [{ offset: 8, text: 'three' }]);
	});

	it('costs the page, not the log', async () => {
		await writeFile(file(), `${JSON.stringify({ kind: 'message', text: 'word '.repeat(10) })}\n`.repeat(100_000));
		let bytes = 0;
		const counted = {
			...nodeFileSystem,
			readPart: async (...place: Parameters<typeof nodeFileSystem.readPart>) => {
				const part = await nodeFileSystem.readPart(...place);
				bytes += part.length;
				return part;
			},
		};
		const page = await readLogPage(counted, file(), 'newest');
		assert.equal(page?.lines.length, 300);
		assert.ok(bytes <= 64 * 1024 + 1, `${bytes} bytes were read`);
	});

	it('is none where no log is, and is empty beyond the end', async () => {
		assert.equal(await readLogPage(nodeFileSystem, file(), 'newest'), undefined);
		await writeFile(file(), 'one\n');
		const page = await readLogPage(nodeFileSystem, file(), { after: 99 });
		assert.deepEqual(page, { from: 4, to: 4, size: 4, lines: [] });
	});
});
