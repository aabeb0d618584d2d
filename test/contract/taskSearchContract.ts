// Owns what every search of a ledger must answer, whatever it searches with: an index in a file, one in memory, or no index.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { JsonValue } from '../../src/base/json.ts';
import type { Ledger } from '../../src/core/ledger.ts';
import { matchDocument } from '../../src/core/search/matchDocument.ts';
import { documentOf } from '../../src/core/search/searchDocument.ts';
import { parseSearch } from '../../src/core/search/searchQuery.ts';
import { searchLedger } from '../../src/core/search/searchTasks.ts';
import { advanceTask } from '../../src/core/task/advanceTask.ts';
import { createTask } from '../../src/core/task/createTask.ts';
import type { TaskDraft } from '../../src/core/task/createTask.ts';
import type { Task } from '../../src/core/task/task.ts';
import { editTask } from '../../src/core/task/editTask.ts';
import { ann, buildTask, insertTasks } from '../support/ledgerBuilders.ts';
import { searchTexts } from '../support/searchTexts.ts';

export interface SearchedStore {
	/** The ledger that is written. */
	writer(): Promise<Ledger>;
	/** The ledger that is searched: the same one, or another program's on the same file. */
	searcher(): Promise<Ledger>;
}

export function taskSearchContract(name: string, makeStore: () => SearchedStore): void {
	describe(`task search contract: ${name}`, () => {
		let writer: Ledger;
		let searcher: Ledger;
		beforeEach(async () => {
			const store = makeStore();
			writer = await store.writer();
			searcher = await store.searcher();
		});

		const create = (...drafts: readonly TaskDraft[]) =>
			writer.write(ann, async (transaction) => {
				for (const draft of drafts) {
					await createTask(transaction, draft);
				}
			});
		const pageOf = (text: string, page = { limit: 50, offset: 0 }) =>
			searchLedger(searcher, parseSearch(text, Date.now()), page);
		const found = async (text: string) => (await pageOf(text)).hits.map(({ task_id }) => task_id);

		it('finds tasks by words of every field, and names the field', async () => {
			await create({
				task_id: 'BOOT-001',
				name: 'Start the machine',
				description: 'press the red button',
				tags: ['power'],
			});
			await writer.write(ann, (transaction) => editTask(transaction, 'BOOT-001', { notes: 'mind the cat' }));
			await writer.write(ann, (transaction) =>
				insertTasks(transaction, {
					...buildTask('X-2', { name: 'Other', result: { summary: 'painted green' } }),
					record: { task_id: 'X-2', theirs: { deep: ['a marmot'] } },
				}),
			);
			await writer.write(ann, (transaction) =>
				advanceTask(transaction, {
					taskId: 'BOOT-001',
					move: 'block',
					reason: 'no power',
					patch: { block_reason: { kind: 'needs_input', text: 'which socket?' } },
				}),
			);
			const where = async (text: string) => (await pageOf(text)).hits.map((hit) => `${hit.task_id} ${hit.where}`);
			assert.deepEqual(await where('boot'), ['BOOT-001 id']);
			assert.deepEqual(await where('machine'), ['BOOT-001 name']);
			assert.deepEqual(await where('"red button"'), ['BOOT-001 description']);
			assert.deepEqual(await where('power'), ['BOOT-001 tags']);
			assert.deepEqual(await where('cat'), ['BOOT-001 notes']);
			assert.deepEqual(await where('green'), ['X-2 result']);
			assert.deepEqual(await where('marmot'), ['X-2 theirs.deep']);
			assert.deepEqual(await where('socket'), ['BOOT-001 block_reason']);
			assert.deepEqual(await where('"edited: notes"'), ['BOOT-001 history']);
			assert.deepEqual(await where('"button which"'), [], 'a phrase does not go across fields');
			assert.deepEqual(await where('"READY notes"'), [], 'nor across lines of history');
		});

		it('puts tasks whose names say it before those that mention it, and those before history; newer ones first', async () => {
			await create({ task_id: 'H', name: 'Third' });
			await create({ task_id: 'D', name: 'Second', description: 'about parsing' });
			await create({ task_id: 'N1', name: 'Parsing' }, { task_id: 'N2', name: 'Parsing again' });
			await writer.write(ann, (transaction) =>
				advanceTask(transaction, { taskId: 'H', move: 'block', reason: 'parsing is broken' }),
			);
			await writer.write(ann, (transaction) => advanceTask(transaction, { taskId: 'H', move: 'unblock' }));
			assert.deepEqual(await found('parsing'), ['N2', 'N1', 'D', 'H']);
			const { total, hits } = await pageOf('parsing', { limit: 2, offset: 1 });
			assert.deepEqual(
				[total, hits.map(({ task_id, score }) => [task_id, score])],
				[
					4,
					[
						['N1', 3],
						['D', 2],
					],
				],
			);
			assert.deepEqual((await pageOf('parsing', { limit: 5, offset: 9 })).hits, []);
		});

		it('follows what is edited, moved and removed', async () => {
			await create({ task_id: 'A', name: 'first words' }, { task_id: 'B', name: 'second words' });
			assert.deepEqual(await found('words'), ['B', 'A']);
			await writer.write(ann, (transaction) => editTask(transaction, 'A', { name: 'changed' }));
			assert.deepEqual(await found('words'), ['B', 'A'], 'its history says how it was created');
			assert.deepEqual(
				(await pageOf('words')).hits.map(({ where }) => where),
				['name', 'history'],
			);
			assert.deepEqual(await found('changed status:ready'), ['A']);
			await writer.write(ann, (transaction) => advanceTask(transaction, { taskId: 'A', move: 'cancel' }));
			assert.deepEqual(await found('changed status:ready'), []);
			assert.deepEqual(await found('changed board:completed'), ['A']);
			await writer.write(ann, async (transaction) => {
				await transaction.append({ type: 'task.removed', task_id: 'A', message: 'taken off' });
				await transaction.removeTask('A');
			});
			assert.deepEqual(await found('changed'), []);
			// SQLite gives the number of a removed last row to the next one.
			await writer.write(ann, async (transaction) => {
				await transaction.append({ type: 'task.removed', task_id: 'B', message: 'taken off' });
				await transaction.removeTask('B');
			});
			await create({ task_id: 'C', name: 'third words' });
			assert.deepEqual(await found('words'), ['C']);
		});

		it('sees a change no event names, and an event that changes no task', async () => {
			await create({ task_id: 'A', name: 'quiet' });
			assert.deepEqual(await found('quiet'), ['A']);
			await writer.write(ann, async (transaction) => {
				const stored = await transaction.task('A');
				assert.ok(stored);
				await transaction.append({ type: 'board.problem', message: 'something else' });
				await transaction.replaceTask(
					{ ...stored, task: { ...stored.task, name: 'silently loud' } },
					{ status: 'READY', epoch: 0 },
				);
			});
			assert.deepEqual(await found('loud'), ['A']);
			await writer.write(ann, (transaction) =>
				transaction.append({ type: 'gate.finished', task_id: 'A', message: 'make: no rule for zebra' }),
			);
			assert.deepEqual(await found('zebra'), ['A']);
		});

		it('filters', async () => {
			await create(
				{
					task_id: 'A',
					name: 'one',
					tags: ['Fast', 'x'],
					priority: 'HIGH',
					task_type: 'bug',
					assigned_agent: 'Agent-3',
				},
				{ task_id: 'B', name: 'two', tags: ['faster'], dependencies: [] },
				{ task_id: 'C', name: 'three', dependencies: ['A'] },
			);
			assert.deepEqual(await found('tag:fast'), ['A']);
			assert.deepEqual(await found('-tag:fast'), ['C', 'B']);
			assert.deepEqual(await found('priority:high,low'), ['A']);
			assert.deepEqual(await found('type:bug'), ['A']);
			assert.deepEqual(await found('agent:agent-3'), ['A']);
			assert.deepEqual(await found('-agent:agent-3 status:ready'), ['B']);
			assert.deepEqual(await found('board:backlog'), ['C']);
			assert.deepEqual(await found('since:1h'), ['C', 'B', 'A']);
			assert.deepEqual(await found('until:1h'), []);
			assert.deepEqual(await found('-two'), ['C', 'A']);
			assert.deepEqual(await found('created -two tag:x'), ['A']);
			assert.deepEqual(await found(''), ['C', 'B', 'A']);
		});

		it('finds what a field said before it was changed', async () => {
			await create({ task_id: 'A', name: 'zebra' }, { task_id: 'B', name: 'other' });
			await writer.write(ann, (transaction) => editTask(transaction, 'A', { name: 'horse' }));
			assert.deepEqual(await found('zebra'), ['A']);
			assert.deepEqual(await found('horse'), ['A']);
		});

		it('finds an id by a part of it, and only once', async () => {
			await create(
				{ task_id: 'BOOT-001', name: 'oot-00 here too' },
				{ task_id: 'X', name: 'plain', description: 'oot 00' },
			);
			assert.deepEqual(await found('oot-00'), ['BOOT-001', 'X']);
			assert.equal((await pageOf('oot-00')).total, 2);
			assert.deepEqual(await found('OOT-0'), ['BOOT-001', 'X']);
			assert.deepEqual(await found('oot-001'), ['BOOT-001']);
			assert.deepEqual(await found('boot-0 plain'), []);
		});

		it('answers any text as a look at every task would', async () => {
			const texts = fc.sample(searchTexts, { numRuns: 30, seed: 7 });
			await create(
				...texts.map((text, index) => ({
					task_id: `T-${index}`,
					name: `${text} `.trim() || 'empty',
					description: texts[(index + 7) % texts.length] ?? '',
					tags: index % 3 === 0 ? ['x'] : [],
				})),
			);
			const documents = await writer.read(async (reader) =>
				Promise.all(
					(await reader.tasks()).map(async (stored) =>
						documentOf(stored, await reader.events({ task_id: stored.task.task_id })),
					),
				),
			);
			await fc.assert(
				fc.asyncProperty(searchTexts, async (typed) => {
					const query = parseSearch(typed, Date.now());
					const expected = documents
						.map((document) => ({ id: document.task.task_id, tier: matchDocument(document, query) }))
						.filter(({ tier }) => tier !== undefined)
						.map(({ id, tier }) => `${id} ${tier}`);
					const { total, tasks } = await searcher.search(query, { limit: 1000, offset: 0 });
					assert.deepEqual(
						tasks.map(({ task_id, tier }) => `${task_id} ${tier}`).toSorted(),
						expected.toSorted(),
					);
					assert.equal(total, expected.length);
				}),
				{ numRuns: 60 },
			);
		});

		it('finds the others, and what can be read, beside a damaged task', async () => {
			await create({ task_id: 'A', name: 'needle' });
			const deep = `${'['.repeat(4000)}${']'.repeat(4000)}`;
			await writer.write(ann, (transaction) =>
				insertTasks(
					transaction,
					{
						...buildTask('B', { name: 'needle too' }),
						// As a hand with another tool may leave it.
						task: { ...buildTask('B', { name: 'needle too' }).task, tags: 7 } as unknown as Task,
					},
					{
						...buildTask('C', { name: 'third needle' }),
						record: { task_id: 'C', deep: JSON.parse(deep) as JsonValue },
					},
				),
			);
			assert.deepEqual(await found('needle'), ['C', 'B', 'A']);
		});

		it('stops when it is told to', async () => {
			await create({ task_id: 'A', name: 'a' });
			const query = parseSearch('a', Date.now());
			await assert.rejects(
				searcher.search(query, { limit: 5, offset: 0 }, AbortSignal.abort(new Error('enough'))),
				/enough/u,
			);
			assert.equal((await searcher.search(query, { limit: 5, offset: 0 })).total, 1);
		});
	});
}
