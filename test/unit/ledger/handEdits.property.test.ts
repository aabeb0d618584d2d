// Checks that no word that somebody types into a board is lost without a word, whichever record it is typed into and whatever git,
// programs, agents and the mirrors do meanwhile.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FileSystem } from '../../../src/core/ports.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import type { Step, Typing } from '../../support/boardStory.ts';
import { BoardStory } from '../../support/boardStory.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const runs = Number(process.env['DREAMOS_TEST_STORIES'] ?? 25);

const upTo = (max: number) => fc.nat({ max });
const typing: fc.Arbitrary<Typing> = fc.record({
	kind: fc.constant('type'),
	board: upTo(3),
	at: upTo(7),
	what: upTo(8),
	isRenamed: fc.boolean(),
	readBefore: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: upTo(4) }),
});
const moving = fc.record({ kind: fc.constantFrom('move', 'move', 'edit', 'create'), id: upTo(3), move: upTo(6) });
const checkout = fc.record({
	kind: fc.constant('checkout'),
	to: upTo(5),
	boards: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
	isGit: fc.boolean(),
});
const waiting = fc.record({
	kind: fc.constant('wait'),
	milliseconds: fc.constantFrom(100, 2500, 61_000, -5000, 3_600_000),
});
const mirror = upTo(1);
const pass = fc.record({ kind: fc.constant('pass'), mirror, at: fc.constant(0), meanwhile: fc.constant([]) });
const meanwhile = fc.array(fc.oneof(typing, pass, waiting, moving, checkout), { minLength: 1, maxLength: 6 });

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 5, arbitrary: typing },
	{ weight: 6, arbitrary: pass },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), mirror, at: upTo(60), meanwhile }) },
	// There a rename is all there is.
	{
		weight: process.platform === 'win32' ? 0 : 2,
		arbitrary: fc.record({ kind: fc.constant('passTypedOver'), mirror, at: upTo(16), typing }),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('killedPass'), mirror, at: upTo(60) }) },
	{ weight: 4, arbitrary: moving },
	{ weight: 2, arbitrary: checkout },
	{ weight: 1, arbitrary: waiting },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('copy'),
			from: upTo(3),
			at: upTo(5),
			to: upTo(3),
			isFirst: fc.boolean(),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('cut'), board: upTo(3), at: upTo(5) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('add'), id: upTo(3), board: upTo(3), what: upTo(8) }) },
);

describe('hand edits at random', () => {
	const folders = useTemporaryFolders();

	it('stand in a file, in the ledger, in an event or in a copy, whatever happens to their record', async () => {
		const stories = fc.array(step, { minLength: 3, maxLength: 30, size: 'max' });
		await fc.assert(
			fc.asyncProperty(stories, async (steps) => {
				const story = await BoardStory.begin(folders.make());
				try {
					for (const each of steps) {
						await story.tell(each);
						assert.deepEqual(await story.lost(), []);
					}
				} finally {
					await story.close();
				}
			}),
			{ numRuns: runs },
		);
	}).timeout(Math.max(120_000, runs * 3000));

	it('would be lost with a rename that replaces whatever it finds', async function () {
		if (process.platform === 'win32') {
			this.skip();
		}
		const careless: FileSystem = {
			...nodeFileSystem,
			writeAtomic: (path, content, confirm) => nodeFileSystem.writeAtomic(path, content, confirm),
		};
		const typed: Typing = { kind: 'type', board: 1, at: 1, what: 0, isRenamed: true, readBefore: 0 };
		const lost: number[] = [];
		for (const files of [careless, nodeFileSystem]) {
			const story = await BoardStory.begin(folders.make(), files);
			await story.tell({ kind: 'edit', id: 0, move: 0 });
			await story.tell({ kind: 'passTypedOver', mirror: 0, at: 1, typing: typed });
			lost.push((await story.lost()).length);
			await story.close();
		}
		assert.deepEqual(lost, [1, 0]);
	});
});
