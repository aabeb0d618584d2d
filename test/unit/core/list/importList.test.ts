// Checks creating many tasks from a list and writing them out again, through the one door, on real ledgers.

import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/base/json.ts';
import { isDreamError } from '../../../../src/base/errors.ts';
import type { Dream } from '../../../../src/core/dream.ts';
import type { Ledger } from '../../../../src/core/ledger.ts';
import { legacyStatuses } from '../../../../src/core/list/legacyList.ts';
import type { ListProblem } from '../../../../src/core/list/taskList.ts';
import { adoptBoards } from '../../../../src/core/workspace/adoptBoards.ts';
import type { StoredTask } from '../../../../src/core/task/task.ts';
import { taskStatuses } from '../../../../src/core/task/taskStatus.ts';
import { BoardWorkspace, copyVictor, victorFixture } from '../../../support/boardWorkspace.ts';
import { buildTask, insertTasks } from '../../../support/ledgerBuilders.ts';
import { buildAgent } from '../../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../../support/temporaryLedger.ts';

interface Answer {
	readonly ok: boolean;
	readonly created: readonly { readonly task_id: string; readonly name: string; readonly status: string }[];
	readonly skipped: readonly { readonly task_id: string; readonly reason: string }[];
	readonly problems: readonly ListProblem[];
}

describe('lists of tasks, in and out', () => {
	const folders = useTemporaryFolders();
	const opened: Ledger[] = [];
	let ledger: Ledger;
	let dream: Dream;
	const open = async () => {
		const made = await openTemporaryLedger(folders.make());
		opened.push(made.ledger);
		return made;
	};
	beforeEach(async () => {
		({ ledger, dream } = await open());
	});
	afterEach(() => opened.splice(0).forEach((each) => each.dispose()));

	const take = async (text: string, more: object = {}, door = dream) =>
		(await door.perform('task.import', { text, ...more }, ann)) as Answer;
	const write = async (format: string, more: object = {}) =>
		(await dream.perform('boards.export', { format, ...more }, ann)) as {
			text: string;
			count: number;
			missing: string[];
		};
	const faultsOf = (list: string, more: object = {}) =>
		take(list, more).then(
			() => assert.fail('it was taken over'),
			(error: unknown) => {
				assert.ok(isDreamError(error, 'task.importRefused'), String(error));
				return (error.details['problems'] as ListProblem[]).map(
					({ line, field, message }) => [line, field, message] as const,
				);
			},
		);
	const all = (from: Ledger = ledger) => from.read((reader) => reader.tasks());
	const byName = async () => new Map((await all()).map(({ task, record }) => [task.name, { task, record }]));

	it('creates what people write as Markdown: subtasks, words at the end, texts below, titles as references in any order', async () => {
		const { created } = await take(`# Release

Some prose - with a dash.

- [ ] Publish it (CRITICAL) after:"Write the notes",BUILD-1 due:2026-12-01
- [ ] Write the notes #docs #release @Agent-2
  What changed, for people.

  - no task, but part of the text
  - [ ] Collect the changes estimate:30
\`\`\`
- [ ] code is no task
\`\`\`
1. [x] Build it id:BUILD-1 type:BUILD
* [-] Dropped
`);
		assert.deepEqual(
			created.map(({ name, status }) => [name, status]),
			[
				['Publish it', 'PENDING'],
				['Write the notes', 'READY'],
				['Collect the changes', 'READY'],
				['Build it', 'COMPLETED'],
				['Dropped', 'CANCELLED'],
			],
		);
		const tasks = await byName();
		const notes = tasks.get('Write the notes');
		const publish = tasks.get('Publish it');
		assert.deepEqual(
			[notes?.task.tags, notes?.task.assigned_agent, notes?.task.description],
			[['docs', 'release'], 'Agent-2', 'What changed, for people.\n\n- no task, but part of the text'],
		);
		assert.deepEqual(
			[publish?.task.dependencies, publish?.task.priority, publish?.record['due']],
			[[notes?.task.task_id, 'BUILD-1'], 'CRITICAL', '2026-12-01T00:00:00.000Z'],
		);
		const part = tasks.get('Collect the changes')?.record;
		assert.deepEqual([part?.['parent'], part?.['estimate']], [notes?.task.task_id, 30]);
		assert.equal(tasks.get('Build it')?.task.task_type, 'BUILD');
		assert.equal(publish?.task.created_by, 'human:ann');
		assert.match((await ledger.read((reader) => reader.events()))[0]?.message ?? '', /a list, line 5, as PENDING/u);
	});

	it('takes a plain list of bullets, when there are no boxes', async () => {
		assert.deepEqual(
			(await take('- one\n- two\n')).created.map(({ name }) => name),
			['one', 'two'],
		);
	});

	it('creates from the CSV of other programs: any column order and spelling, lists by commas, unknown columns kept', async () => {
		await take('Title;Tags;Assigned To;Depends-On;Sprint;Priority\nA;"x, y";agent 2;B;7;high\nB;;;;8;\n');
		const tasks = await byName();
		const [a, b] = [tasks.get('A'), tasks.get('B')];
		assert.deepEqual(
			[a?.task.tags, a?.task.assigned_agent, a?.task.dependencies, a?.task.priority, a?.record['Sprint']],
			[['x', 'y'], 'Agent-2', [b?.task.task_id], 'HIGH', '7'],
		);
		assert.deepEqual(Object.keys(b?.record ?? {}).slice(0, 3), ['task_id', 'name', 'description']);
	});

	it('creates all or nothing, and names every fault with line and field', async () => {
		const list = [
			'[',
			'  { "task_id": "A", "name": "a", "dependencies": ["B"] },',
			'  { "task_id": "B", "name": "b", "dependencies": ["A"] },',
			'  { "task_id": "C", "name": "c",',
			'    "dependencies": ["nowhere"],',
			'    "priority": "soonish" },',
			'  { "task_id": "A", "name": "again" },',
			'  { "name": "twin" },',
			'  { "name": "twin" },',
			'  { "name": "late", "dependencies": ["twin"] },',
			'  { "name": "selfish", "dependencies": ["selfish"] },',
			'  { "description": "nameless" },',
			'  7',
			']',
		].join('\n');
		const faults = await faultsOf(list);
		assert.deepEqual(
			faults.map(([line, field]) => [line, field]),
			[
				[2, 'dependencies'],
				[5, 'dependencies'],
				[6, 'priority'],
				[7, 'task_id'],
				[10, 'dependencies'],
				[11, 'dependencies'],
				[12, 'name'],
				[13, undefined],
			],
		);
		assert.match(faults[0]?.[2] ?? '', /A → B → A/u);
		assert.match(faults[4]?.[2] ?? '', /lines 8, 9/u);
		assert.deepEqual(await all(), []);
		assert.deepEqual(await faultsOf('[{ "name": "a" ]'), [
			[1, undefined, 'The file is not valid JSON: a comma is expected here.'],
		]);
		assert.equal((await faultsOf('name,tags\nx,"open\n'))[0]?.[0], 2);
	});

	it('only says what it would do on a dry run', async () => {
		const tried = await take('- [ ] one\n- [ ] two after:three\n', { dry_run: true });
		assert.deepEqual([tried.ok, tried.created.length, tried.problems[0]?.line], [false, 2, 2]);
		assert.deepEqual(await all(), []);
	});

	it('changes nothing when a list is imported again, and refuses an id that says something else', async () => {
		const list = '- [ ] one #x\n- [ ] two after:one\n- [ ] twin\n- [ ] twin\n- [x] old id:OLD\n';
		assert.equal((await take(list)).created.length, 5);
		const before = await all();
		await dream.perform(
			'task.claim',
			{ task_id: before.find(({ task }) => task.name === 'one')?.task.task_id },
			ann,
		);
		const again = await take(list);
		assert.deepEqual([again.created.length, again.skipped.length], [0, 5]);
		assert.equal((await all()).length, 5);
		assert.deepEqual(
			(await faultsOf('- [ ] new\n- [x] older id:OLD\n')).map(([line, field]) => [line, field]),
			[[2, 'task_id']],
		);
		const passed = await take('- [ ] new\n- [x] older id:OLD\n', { skip_existing: true });
		assert.deepEqual(
			[passed.created.map(({ name }) => name), passed.skipped.map(({ task_id: id }) => id)],
			[['new'], ['OLD']],
		);
	});

	it('makes ready what waited for a task that a list brings completed', async () => {
		await ledger.write(ann, (transaction) =>
			insertTasks(transaction, buildTask('W', { status: 'PENDING', dependencies: ['GONE'] })),
		);
		await take('- [x] it was done id:GONE\n');
		assert.equal((await ledger.read((reader) => reader.task('W')))?.task.status, 'READY');
	});

	/** What a round trip keeps: everything but our stamps of the writing itself. */
	const essence = (tasks: readonly StoredTask[]) =>
		tasks.map(({ task, record, board }) => ({
			task: { ...task, updated_at: null, created_by: null, created_at: null },
			record,
			board,
		}));

	it('gives every task back, with unknown fields and in board order, through each format', async () => {
		await ledger.write(ann, async (transaction) => {
			await transaction.putAgent(buildAgent('Agent-1'));
			await insertTasks(
				transaction,
				...taskStatuses.map((status, index) =>
					buildTask(`T-${9 - index}`, {
						status,
						name: `=${status}`,
						description: 'a\n- [ ] b\n  c ',
						tags: ['x y'],
						params: { run: ['echo "1"'], other: { deep: [null] } },
						dependencies: index % 2 === 0 ? [] : ['T-9'],
						attempts: index,
						max_attempts: index + 1,
						...(status === 'BLOCKED'
							? { block_reason: { kind: 'budget' as const, text: 'no money' } }
							: {}),
						...(status === 'COMPLETED' ? { result: { summary: 'done', files: ['a'] } } : {}),
					}),
				),
			);
		});
		const before = essence(await all());
		for (const format of ['json', 'csv', 'markdown']) {
			const { text, count } = await write(format);
			assert.equal(count, taskStatuses.length);
			const target = await open();
			await target.ledger.write(ann, (transaction) => transaction.putAgent(buildAgent('Agent-1')));
			await take(text, { as_is: true }, target.dream);
			const after = essence(await all(target.ledger));
			assert.deepEqual(
				after.map(({ task, board }) => ({ task, board })),
				before.map(({ task, board }) => ({ task, board })),
				format,
			);
			for (const [index, { record }] of after.entries()) {
				assert.deepEqual({ ...before[index]?.record, ...record }, record, 'every key of its author is there');
			}
			const again = await take(text, { as_is: true }, target.dream);
			assert.deepEqual([again.created.length, again.skipped.length], [0, taskStatuses.length]);
		}
	});

	it('gives the boards of a real older project back, all of them', async function () {
		if (victorFixture === undefined) {
			this.skip();
		}
		const folder = folders.make();
		copyVictor(folder);
		const workspace = new BoardWorkspace(folder);
		try {
			await adoptBoards(workspace.tools, ann);
			const stored = await all(workspace.ledger);
			assert.ok(stored.length > 100);
			const agents = await workspace.ledger.read((reader) => reader.agents());
			const door = await open();
			await door.ledger.write(ann, async (transaction) => {
				for (const { task, record, board } of stored) {
					await insertTasks(transaction, { task, record, board, epoch: 0, run_id: null });
				}
			});
			for (const format of ['json', 'csv', 'markdown']) {
				const { text } = (await door.dream.perform('boards.export', { format }, ann)) as { text: string };
				const target = await open();
				await target.ledger.write(ann, async (transaction) => {
					for (const agent of agents) {
						await transaction.putAgent(agent);
					}
				});
				await take(text, { as_is: true }, target.dream);
				const after = await all(target.ledger);
				assert.deepEqual(
					after.map(({ task }) => ({ ...task, updated_at: null, created_by: null, created_at: null })),
					stored.map(({ task }) => ({ ...task, updated_at: null, created_by: null, created_at: null })),
					format,
				);
				assert.deepEqual(
					after.map(({ record }) => record),
					stored.map(({ record }) => record),
					format,
				);
			}
		} finally {
			await workspace.close();
		}
	});

	it('exports a board, a status or a selection, and says which of a selection are not there', async () => {
		await take('- [ ] a id:A\n- [x] b id:B\n- [ ] c id:C\n');
		const ids = ({ text }: { text: string }) => (JSON.parse(text) as JsonObject[]).map(({ task_id: id }) => id);
		assert.deepEqual(ids(await write('json', { board: 'completed_tasks' })), ['B']);
		assert.deepEqual(ids(await write('json', { status: 'READY' })), ['A', 'C']);
		const chosen = await write('json', { task_ids: ['C', 'nowhere'] });
		assert.deepEqual([ids(chosen), chosen.missing], [['C'], ['nowhere']]);
	});

	it('writes for older agents what they know: five statuses, their field names, nothing else', async () => {
		const old = ['PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'BLOCKED'];
		assert.deepEqual(new Set(Object.values(legacyStatuses)), new Set(old));
		await ledger.write(ann, (transaction) =>
			insertTasks(transaction, ...taskStatuses.map((status) => buildTask(status, { status }))),
		);
		const records = JSON.parse((await write('legacy')).text) as JsonObject[];
		assert.deepEqual(
			records.map(({ task_id: id, status }) => [id, status]),
			(await all()).map(({ task }) => [task.task_id, legacyStatuses[task.status]]),
		);
		for (const record of records) {
			for (const key of [
				'task_id',
				'name',
				'description',
				'priority',
				'status',
				'assigned_agent',
				'task_type',
				'dependencies',
			]) {
				assert.ok(Object.hasOwn(record, key), key);
			}
			assert.ok(old.some((status) => status === record['status']));
		}
		// What an older agent wrote back is read like any list.
		const target = await open();
		assert.equal((await take(JSON.stringify(records), {}, target.dream)).created.length, taskStatuses.length);
	});
});
