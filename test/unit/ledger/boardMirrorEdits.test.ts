// Checks the way in: what a person or a program changes in the files is merged field by field, and what cannot be is told where.

import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/base/json.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { undoLastChange } from '../../../src/core/task/undoTask.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

describe('the board mirror, inwards', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let mirror: BoardMirror;
	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		mirror = workspace.mirror();
		for (const id of ['A', 'B', 'C']) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
		await mirror.flush();
		workspace.later();
	});
	afterEach(() => workspace.close());

	const problems = async () =>
		(await mirror.check()).map(
			({ code, file, line, task_id }) =>
				`${code} ${file.slice(file.lastIndexOf('/') + 1)}:${line} ${task_id ?? ''}`,
		);
	/** Moves a record from one file to another, as a person does with cut and paste in one go. */
	const cut = (id: string, from: Parameters<BoardWorkspace['edit']>[0], to: typeof from, fields: JsonObject = {}) => {
		const record = workspace.records(from).find((each) => idOf(each) === id);
		workspace.edit(from, (records) => records.filter((each) => idOf(each) !== id));
		workspace.edit(to, (records) => [...records, { ...record, ...fields }]);
	};

	it('makes a typed move without taking what stood on the board before for a second record', async () => {
		for (const [id, status] of [
			['A', 'CANCELLED'],
			['B', 'CLAIMED'],
		] as const) {
			workspace.later();
			workspace.editRecord('task_ready_queue', id, { status });
			await mirror.flush();
			await mirror.flush();
			assert.equal(await workspace.status(id), status);
			assert.deepEqual(
				(await workspace.events(id)).filter(({ type }) => type.startsWith('board.')),
				[],
			);
		}
	});

	it('says why a typed move cannot be made yet, and nothing that contradicts it', async () => {
		await workspace.create({ task_id: 'W', name: 'wait', dependencies: ['A'] });
		await mirror.flush();
		workspace.later();
		workspace.editRecord('task_backlog', 'W', { status: 'READY' });
		await mirror.flush();
		const [problem] = await mirror.check();
		assert.match(problem?.message ?? '', /W waits for A .*cannot become READY yet/u);
		assert.match(problem?.advice ?? '', /Complete those first/u);
	});

	it('takes over fields and unknown keys, tells it in the history, and leaves the file as it was typed', async () => {
		workspace.editRecord('task_ready_queue', 'B', { priority: 'high', notes: 'mine', mood: { good: true } });
		const text = workspace.text('task_ready_queue');
		await mirror.flush();
		const stored = await workspace.task('B');
		assert.deepEqual(
			[stored?.task.priority, stored?.task.notes, stored?.record['mood'], stored?.record['priority']],
			['HIGH', 'mine', { good: true }, 'high'],
		);
		assert.equal(workspace.text('task_ready_queue'), text);
		const event = (await workspace.events('B')).at(-1);
		assert.deepEqual(
			[event?.type, event?.actor, event?.data?.['fields']],
			['task.edited', 'file:task_ready_queue', ['priority', 'notes', 'mood']],
		);
		assert.deepEqual(event?.data?.['to'], { priority: 'HIGH', notes: 'mine' });
		// What was added by hand goes with the task.
		await workspace.claim('B', 'ann', null);
		await mirror.flush();
		const [record] = workspace.records('working_tasks');
		assert.deepEqual(
			[record?.['mood'], record?.['priority'], record?.['claimed_by']],
			[{ good: true }, 'high', 'ann'],
		);
		assert.deepEqual(await problems(), []);
	});

	it('merges what file and ledger changed on different fields', async () => {
		workspace.editRecord('task_ready_queue', 'A', { description: 'by hand' });
		await workspace.claim('A', 'ann', null);
		await mirror.flush();
		const [record] = workspace.records('working_tasks');
		assert.deepEqual(
			[record?.['description'], record?.['status'], record?.['claimed_by']],
			['by hand', 'CLAIMED', 'ann'],
		);
		assert.deepEqual(await problems(), []);
	});

	it('keeps the ledger where both changed one field, and the other value in the history', async () => {
		workspace.editRecord('task_ready_queue', 'A', { status: 'CANCELLED', x: 'file' });
		await workspace.claim('A', 'ann', null);
		await mirror.flush();
		assert.equal(await workspace.status('A'), 'CLAIMED');
		assert.equal(workspace.records('working_tasks')[0]?.['status'], 'CLAIMED');
		assert.equal(workspace.records('working_tasks')[0]?.['x'], 'file');
		const event = (await workspace.events('A')).find(({ type }) => type === 'board.conflict');
		assert.deepEqual([event?.data?.['field'], event?.data?.['value']], ['status', 'CANCELLED']);
		assert.deepEqual(await problems(), ['task.conflict working_tasks.json:6 A']);
		await workspace.move('A', 'start');
		await mirror.flush();
		assert.deepEqual(await problems(), [], 'the notice ends with the next change of the task');
	});

	it('makes the move a new status stands for', async () => {
		workspace.editRecord('task_ready_queue', 'A', { status: 'IN PROGRESS', claimed_by: 'Agent 2' });
		workspace.editRecord('task_ready_queue', 'B', { status: 'done' });
		workspace.editRecord('task_ready_queue', 'C', { status: 'PENDING' });
		await mirror.flush();
		assert.deepEqual(workspace.ids(), {
			task_backlog: ['C'],
			task_ready_queue: [],
			working_tasks: ['A'],
			completed_tasks: ['B'],
		});
		const a = await workspace.task('A');
		assert.deepEqual(
			[a?.task.status, a?.task.claimed_by, a?.task.attempts, a?.epoch],
			['IN_PROGRESS', 'Agent-2', 1, 1],
		);
		assert.equal(workspace.records('working_tasks')[0]?.['status'], 'IN_PROGRESS');
		const runs = await workspace.ledger.read((reader) => reader.runs());
		assert.deepEqual(
			new Map(runs.map(({ task_id, state, driver, host_id }) => [task_id, [state, driver, host_id]])),
			new Map([
				['A', ['working', 'human', null]],
				['B', ['completed', 'human', null]],
			]),
		);
		workspace.editRecord('working_tasks', 'A', { status: 'BLOCKED', block_reason: 'no key' });
		await mirror.flush();
		assert.deepEqual((await workspace.task('A'))?.task.block_reason, { kind: 'needs_input', text: 'no key' });
	});

	it('refuses an illegal status on its line, keeps what was typed, and takes the rest of the file', async () => {
		workspace.editRecord('task_ready_queue', 'A', { status: 'REVIEW' });
		workspace.editRecord('task_ready_queue', 'B', { status: 'DONEE', name: 'still taken' });
		workspace.editRecord('task_ready_queue', 'C', { priority: 'soonish', tags: ['t'] });
		const text = workspace.text('task_ready_queue');
		await mirror.flush();
		assert.equal(workspace.text('task_ready_queue'), text, 'nobody is typed over');
		assert.deepEqual([await workspace.status('A'), await workspace.status('B')], ['READY', 'READY']);
		assert.deepEqual(
			[(await workspace.task('B'))?.task.name, (await workspace.task('C'))?.task.tags],
			['still taken', ['t']],
		);
		assert.equal((await workspace.task('C'))?.task.priority, 'MEDIUM');
		const lineOf = (word: string) => text.slice(0, text.indexOf(word)).split('\n').length;
		assert.deepEqual(await problems(), [
			`task.illegalMove task_ready_queue.json:${lineOf('"REVIEW"')} A`,
			`task.unknownStatus task_ready_queue.json:${lineOf('"DONEE"')} B`,
			`task.unknownPriority task_ready_queue.json:${lineOf('"soonish"')} C`,
		]);
		// Another task of the same board changes: the refused words still stand.
		await workspace.create({ task_id: 'D', name: 'do D' });
		await mirror.flush();
		assert.ok(workspace.text('task_ready_queue').includes('"DONEE"'));
		// The task itself changes: now the ledger has something newer to say.
		await workspace.claim('B', 'ann', null);
		await mirror.flush();
		assert.equal(workspace.records('working_tasks')[0]?.['status'], 'CLAIMED');
		workspace.editRecord('task_ready_queue', 'A', { status: 'READY' });
		workspace.editRecord('task_ready_queue', 'C', { priority: 'LOW' });
		await mirror.flush();
		assert.deepEqual(await problems(), []);
	});

	it('takes a record that is put on another board as the move it means', async () => {
		await workspace.move('A', 'shelve');
		await mirror.flush();
		cut('A', 'task_backlog', 'task_ready_queue');
		await mirror.flush();
		assert.equal(await workspace.status('A'), 'READY');
		assert.equal(workspace.records('task_ready_queue').at(-1)?.['status'], 'READY');
		cut('A', 'task_ready_queue', 'working_tasks', { claimed_by: 'ann' });
		await mirror.flush();
		assert.equal(await workspace.status('A'), 'CLAIMED');
		cut('A', 'working_tasks', 'completed_tasks');
		cut('B', 'task_ready_queue', 'task_backlog');
		await mirror.flush();
		assert.deepEqual(workspace.ids(), {
			task_backlog: ['B'],
			task_ready_queue: ['C'],
			working_tasks: [],
			completed_tasks: ['A'],
		});
		assert.equal((await workspace.events()).filter(({ type }) => type === 'task.removed').length, 0);
		assert.deepEqual(await problems(), []);
	});

	it('puts a record back that cannot go where it was put', async () => {
		await workspace.create({ task_id: 'D', name: 'later', dependencies: ['A'] });
		await workspace.move('C', 'cancel');
		await mirror.flush();
		cut('D', 'task_backlog', 'task_ready_queue');
		cut('C', 'completed_tasks', 'working_tasks');
		await mirror.flush();
		assert.deepEqual(workspace.ids(), {
			task_backlog: ['D'],
			task_ready_queue: ['A', 'B'],
			working_tasks: [],
			completed_tasks: ['C'],
		});
		assert.deepEqual([await workspace.status('D'), await workspace.status('C')], ['PENDING', 'CANCELLED']);
		const told = (await mirror.check()).map(({ message }) => message);
		assert.equal((await workspace.events('D')).at(-1)?.type, 'board.problem');
		assert.ok((await workspace.events('D')).at(-1)?.message.includes('waits for A (READY)'), told.join());
	});

	it('takes the order of the file over, and moves as little as it can', async () => {
		for (const id of ['D', 'E', 'F']) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
		await mirror.flush();
		workspace.edit('task_ready_queue', (records) => {
			const byId = new Map(records.map((record) => [idOf(record), record]));
			return ['F', 'A', 'X', 'B', 'Y', 'C', 'D', 'E'].map(
				(id) => byId.get(id) ?? { task_id: id, status: 'READY', name: `do ${id}` },
			);
		});
		const text = workspace.text('task_ready_queue');
		await mirror.flush();
		assert.equal(workspace.text('task_ready_queue'), text);
		const order = await workspace.ledger.read(async (reader) =>
			(await reader.tasks({ board: 'task_ready_queue' })).map(({ task }) => task.task_id),
		);
		assert.deepEqual(order, ['F', 'A', 'X', 'B', 'Y', 'C', 'D', 'E']);
		await workspace.create({ task_id: 'Z', name: 'last' });
		await mirror.flush();
		assert.deepEqual(workspace.ids().task_ready_queue, ['F', 'A', 'X', 'B', 'Y', 'C', 'D', 'E', 'Z']);
	});

	it('points at dangling dependencies, circles and unknown agents, and takes them over as they are', async () => {
		workspace.edit('task_backlog', (): JsonObject[] => [
			{ task_id: 'P', dependencies: ['Q'], status: 'PENDING', assigned_agent: 'Nobody' },
			{ task_id: 'Q', dependencies: ['R'], status: 'PENDING' },
			{ task_id: 'R', dependencies: ['A', 'P', 'MISSING'], status: 'PENDING', assigned_agent: 'Agent 7' },
		]);
		await mirror.flush();
		assert.deepEqual(await problems(), [
			'task.dependencyCycle task_backlog.json:5 P',
			'task.unknownAgent task_backlog.json:8 P',
			'task.unknownDependency task_backlog.json:22 R',
		]);
		assert.match((await mirror.check())[0]?.message ?? '', /P → Q → R → P/u);
	});

	it('points at parents that do not exist and at circles of parents, with the path', async () => {
		workspace.editRecord('task_ready_queue', 'A', { parent: 'Z' });
		workspace.editRecord('task_ready_queue', 'B', { parent: 'C' });
		workspace.editRecord('task_ready_queue', 'C', { parent: 'B' });
		await mirror.flush();
		const found = await mirror.check();
		assert.deepEqual(
			found.map(({ code, severity, task_id }) => [code, severity, task_id]),
			[
				['task.unknownParent', 'warning', 'A'],
				['task.parentCycle', 'error', 'B'],
			],
		);
		assert.match(found[1]?.message ?? '', /B → C → B/u);
		assert.equal((await workspace.task('B'))?.task.parent, 'C', 'it is taken over as it is');
	});

	it('takes no time and no maker from a file, and says so on the line', async () => {
		const before = (await workspace.task('A'))?.task;
		const stamps = { created_at: '2001-01-01T00:00:00Z', created_by: 'me', claimed_at: '2001-01-01T00:00:00Z' };
		workspace.editRecord('task_ready_queue', 'A', { ...stamps, updated_at: '2001-01-01T00:00:00Z', notes: 'mine' });
		const typed = workspace.text('task_ready_queue');
		await mirror.flush();
		const { task } = (await workspace.task('A')) ?? assert.fail();
		assert.deepEqual(
			[task.created_at, task.created_by, task.claimed_at, task.notes],
			[before?.created_at, before?.created_by, null, 'mine'],
		);
		assert.deepEqual(
			(await problems()).map((each) => each.split(' ')[0]),
			['task.stamped', 'task.stamped', 'task.stamped'],
		);
		assert.equal(workspace.text('task_ready_queue'), typed, 'nobody is typed over');
		// A move stamps them, whatever was typed along with it, and the file shows it.
		const start = Date.now();
		workspace.editRecord('task_ready_queue', 'B', {
			status: 'CLAIMED',
			claimed_by: 'ann',
			claimed_at: '2001-01-01T00:00:00Z',
		});
		await mirror.flush();
		await mirror.flush();
		const claimed = (await workspace.task('B'))?.task;
		assert.ok(Date.parse(claimed?.claimed_at ?? '') >= start, claimed?.claimed_at ?? 'never');
		assert.equal(workspace.records('working_tasks')[0]?.['claimed_at'], claimed?.claimed_at);
	});

	it('lets a record bring its times along, but none that lies ahead', async () => {
		workspace.edit('task_backlog', () => [
			{ task_id: 'old', name: 'old', status: 'PENDING', created_at: '2001-01-01T00:00:00.000Z' },
			{ task_id: 'new', name: 'new', status: 'PENDING', created_at: '2999-01-01T00:00:00.000Z' },
		]);
		await mirror.flush();
		const created = async (id: string) => (await workspace.task(id))?.task.created_at ?? '';
		assert.equal(await created('old'), '2001-01-01T00:00:00.000Z');
		assert.ok((await created('new')) < '2999');
	});

	it('takes an edit of a file back, its own keys included', async () => {
		const before = workspace.records('task_ready_queue')[1];
		workspace.editRecord('task_ready_queue', 'B', { priority: 'high', mood: { good: true }, due: '2026-12-01' });
		await mirror.flush();
		workspace.later();
		await workspace.ledger.write(ann, (transaction) => undoLastChange(transaction, 'B'));
		await mirror.flush();
		const stored = await workspace.task('B');
		assert.deepEqual(
			[stored?.task.priority, stored?.task.due, stored?.record['mood']],
			['MEDIUM', null, undefined],
		);
		const { updated_at: _at, updated_by: _by, ...shown } = workspace.records('task_ready_queue')[1] ?? {};
		const { updated_at: _oldAt, updated_by: _oldBy, ...old } = before ?? {};
		assert.deepEqual(shown, { ...old, due: null });
		await workspace.ledger.write(ann, (transaction) => undoLastChange(transaction, 'B'));
		assert.deepEqual((await workspace.task('B'))?.record['mood'], { good: true });
	});

	it('tells the same problems from every process', async () => {
		workspace.editRecord('task_ready_queue', 'A', { status: 'REVIEW' });
		await mirror.flush();
		await workspace.ledger.write(ann, async (transaction) =>
			transaction.append({ type: 'swarm.stopped', message: 'x' }),
		);
		const other = workspace.mirror();
		assert.deepEqual(await other.check(), await mirror.check());
		assert.equal((await other.check()).length, 1);
	});

	it('does nothing for white space and new spellings of the same value', async () => {
		const events = (await workspace.events()).length;
		workspace.write(
			'task_ready_queue',
			workspace.text('task_ready_queue').replaceAll('  ', '\t').replace('"READY"', '"ready"'),
		);
		const text = workspace.text('task_ready_queue');
		await mirror.flush();
		assert.equal(workspace.text('task_ready_queue'), text);
		const added = (await workspace.events()).slice(events);
		assert.deepEqual(
			added.map(({ type, data }) => [type, data?.['to']]),
			[['task.edited', {}]],
			'only that the word is another',
		);
		assert.deepEqual(await problems(), []);
	});
});
