// Checks records that come and go by hand: new ones, copies, unfinished ones, and those that vanish.

import assert from 'node:assert/strict';
import type { JsonObject } from '../../../src/base/json.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { renderRecord } from '../../../src/core/board/boardRecord.ts';
import { ann } from '../../support/temporaryLedger.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('records that come and go', () => {
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

	it('adds records by hand: pending on the backlog stays, pending on the ready queue becomes ready when it can', async () => {
		workspace.edit('task_backlog', (records) => [...records, { task_id: 'N1', name: 'stays', status: 'PENDING' }]);
		workspace.edit('task_ready_queue', (records) => [
			{ task_id: 'N2', name: 'first', status: 'PENDING', extra: 1 },
			...records,
			{ task_id: 'N3', name: 'waits', status: 'PENDING', dependencies: ['A'] },
			{ id: 4, title: 'old style' },
		]);
		workspace.edit('completed_tasks', (records) => [...records, { task_id: 'N5', status: 'DONE' }]);
		await mirror.flush();
		assert.deepEqual(workspace.ids(), {
			task_backlog: ['N1', 'N3'],
			task_ready_queue: ['N2', 'A', 'B', 'C', '4'],
			working_tasks: [],
			completed_tasks: ['N5'],
		});
		assert.deepEqual(workspace.records('task_ready_queue')[0], {
			task_id: 'N2',
			name: 'first',
			status: 'READY',
			extra: 1,
		});
		assert.deepEqual(workspace.records('task_ready_queue').at(-1), { id: 4, title: 'old style', status: 'READY' });
		const stored = await workspace.task('N1');
		assert.deepEqual(
			[stored?.task.created_by, stored?.task.created_at === null],
			['file:task_backlog+task_ready_queue+completed_tasks', false],
		);
		assert.deepEqual(await problems(), ['task.notReady task_backlog.json:7 N3']);
		assert.equal((await mirror.check())[0]?.severity, 'information');
		await workspace.claim('A', 'ann', null);
		await workspace.move('A', 'complete');
		await mirror.flush();
		assert.deepEqual(workspace.ids().task_ready_queue, ['N2', 'B', 'C', '4', 'N3'], 'it becomes ready by itself');
		assert.deepEqual(await problems(), []);
	});

	it('lets an unfinished record stand until it is one', async () => {
		const text = workspace
			.text('task_backlog')
			.replace('[]', '[\n  {"name": "no id yet"},\n  {"task_id": "N", "status": "PEND"},\n  7\n]');
		workspace.write('task_backlog', text);
		await workspace.move('A', 'shelve');
		await mirror.flush();
		assert.deepEqual(
			workspace
				.records('task_backlog')
				.map((record) => (typeof record === 'object' ? (record['task_id'] ?? record['name']) : record)),
			['no id yet', 'N', 7, 'A'],
		);
		assert.equal(await workspace.task('N'), undefined);
		assert.deepEqual(await problems(), [
			'record.noId task_backlog.json:2 ',
			'task.unknownStatus task_backlog.json:3 N',
			'record.notAnObject task_backlog.json:4 ',
		]);
		workspace.write(
			'task_backlog',
			workspace
				.text('task_backlog')
				.replace('"PEND"', '"PENDING"')
				.replace('"name": "no id yet"', '"task_id": "M"'),
		);
		await mirror.flush();
		assert.deepEqual([await workspace.status('N'), await workspace.status('M')], ['PENDING', 'PENDING']);
	});

	it('keeps a pasted copy as a problem until it has an id of its own', async () => {
		workspace.edit('task_ready_queue', (records) => [...records, { ...records[0], name: 'a copy' }]);
		workspace.edit('task_backlog', (records) => [...records, { ...workspace.records('task_ready_queue')[1] }]);
		await mirror.flush();
		assert.equal((await workspace.task('A'))?.task.name, 'do A');
		assert.equal(await workspace.status('B'), 'READY');
		const told = await mirror.check();
		assert.deepEqual(
			told.map(({ code, task_id }) => `${code} ${task_id}`),
			['record.duplicateId B', 'record.duplicateId A'],
		);
		await workspace.create({ task_id: 'D', name: 'do D' });
		await mirror.flush();
		assert.deepEqual(workspace.ids().task_ready_queue, ['A', 'B', 'C', 'A', 'D'], 'the copy still stands');
		// The doubled task moves on: the copies give way, but not without a trace.
		await workspace.claim('A', 'ann', null);
		await mirror.flush();
		assert.deepEqual(workspace.ids().task_ready_queue, ['B', 'C', 'D']);
		assert.ok(JSON.stringify(await workspace.events('A')).includes('a copy'));
		workspace.edit('task_backlog', (records) => records.map((record) => ({ ...record, task_id: 'B2' })));
		await mirror.flush();
		assert.equal(await workspace.status('B2'), 'READY');
		assert.deepEqual(await problems(), []);
	});

	it('keeps a copy on another board in the history, also when its task moves on before the copy goes', async () => {
		workspace.edit('task_backlog', (records) => [...records, { task_id: 'A', name: 'a precious copy' }]);
		await mirror.flush();
		await workspace.claim('A', 'ann', null);
		await workspace.create({ task_id: 'D', name: 'do D', isShelved: true });
		await mirror.flush();
		assert.deepEqual(workspace.ids().task_backlog, ['D']);
		assert.ok(JSON.stringify(await workspace.events('A')).includes('a precious copy'));
	});

	it('removes what is taken out of every file, and nothing that merely moved', async () => {
		workspace.edit('task_ready_queue', (records) => records.filter((record) => idOf(record) !== 'B'));
		await mirror.flush();
		assert.equal(await workspace.task('B'), undefined);
		const event = (await workspace.events('B')).at(-1);
		assert.deepEqual(
			[event?.type, (event?.data?.['record'] as JsonObject | undefined)?.['name']],
			['task.removed', 'do B'],
		);
		// Pasted back later, it is the same task again, with its fence.
		workspace.edit('task_ready_queue', (records) => [...records, event?.data?.['record'] as JsonObject]);
		await mirror.flush();
		assert.equal(await workspace.status('B'), 'READY');
	});

	it('keeps a task that is taken out of the file while it changes in the ledger', async () => {
		workspace.edit('task_ready_queue', (records) => records.filter((record) => idOf(record) !== 'B'));
		await workspace.ledger.write(ann, async (transaction) => {
			const stored = await transaction.task('B');
			assert.ok(stored !== undefined);
			await transaction.append({ type: 'task.edited', task_id: 'B', message: 'renamed' });
			const task = { ...stored.task, name: 'still wanted' };
			await transaction.replaceTask(
				{ ...stored, task, record: renderRecord(task, stored.record) },
				{ status: 'READY', epoch: 0 },
			);
		});
		await mirror.flush();
		assert.deepEqual(workspace.ids().task_ready_queue, ['A', 'B', 'C']);
		assert.equal(workspace.records('task_ready_queue')[1]?.['name'], 'still wanted');
	});

	it('keeps the fence of a task that was cut out and pasted in later', async () => {
		await workspace.claim('A', 'ann', null);
		await workspace.move('A', 'release');
		await mirror.flush();
		const kept = workspace.text('task_ready_queue');
		workspace.edit('task_ready_queue', (records) => records.filter((record) => idOf(record) !== 'A'));
		await mirror.flush();
		workspace.write('task_ready_queue', kept);
		await mirror.flush();
		assert.equal((await workspace.task('A'))?.epoch, 1);
	});

	it('does not let a file stop, finish or remove what an agent of the swarm works on', async () => {
		await workspace.claim('A', 'Agent-1', 'host-1');
		await workspace.move('A', 'start');
		await mirror.flush();
		workspace.editRecord('working_tasks', 'A', {
			status: 'COMPLETED',
			claimed_by: 'me',
			description: 'but this is fine',
		});
		await mirror.flush();
		const stored = await workspace.task('A');
		assert.deepEqual(
			[stored?.task.status, stored?.task.claimed_by, stored?.task.description],
			['IN_PROGRESS', 'Agent-1', 'but this is fine'],
		);
		assert.ok(
			(await workspace.events('A')).some(
				({ type, data }) => type === 'board.problem' && data?.['code'] === 'task.runOpen',
			),
		);
		workspace.edit('working_tasks', () => []);
		await mirror.flush();
		assert.deepEqual(workspace.ids().working_tasks, ['A']);
		assert.deepEqual((await problems()).filter((problem) => problem.startsWith('task.runOpen')).length > 0, true);
		const [run] = await workspace.ledger.read((reader) => reader.runs());
		assert.equal(run?.state, 'working');
	});

	it('does not let a file end what a person works on in a worktree; a claim without one is the file’s to end', async () => {
		for (const status of ['COMPLETED', 'CANCELLED', 'FAILED', 'READY']) {
			const id = `P-${status}`;
			await workspace.create({ task_id: id, name: 'do it' });
			await workspace.claim(id, 'ann', null);
			await workspace.move(id, 'start');
			const stored = await workspace.task(id);
			const token = { run_id: stored?.run_id ?? '', epoch: stored?.epoch ?? 0 };
			await workspace.ledger.write(ann, (transaction) =>
				transaction.updateRun(token, { worktree: '/somewhere/else' }),
			);
			await mirror.flush();
			workspace.later();
			workspace.editRecord('working_tasks', id, { status });
			await mirror.flush();
			assert.equal(await workspace.status(id), 'IN_PROGRESS', status);
			const told = (await workspace.events(id)).find(({ type }) => type === 'board.problem');
			assert.equal(told?.data?.['code'], 'task.runOpen');
			await workspace.ledger.write(ann, (transaction) => transaction.updateRun(token, { worktree: null }));
			workspace.editRecord('working_tasks', id, { status: 'IN_PROGRESS' });
			await mirror.flush();
			workspace.editRecord('working_tasks', id, { status });
			await mirror.flush();
			assert.equal(await workspace.status(id), status);
		}
	});

	it('puts tasks back when most of a board vanishes at once', async () => {
		for (let index = 0; index < 5; index++) {
			await workspace.create({ task_id: `T${index}`, name: 'do it' });
		}
		await mirror.flush();
		workspace.later();
		// What older task managers do after they failed to read the board.
		workspace.write('task_ready_queue', '[{"task_id": "NEW", "status": "READY"}]');
		await mirror.flush();
		assert.deepEqual(
			new Set(workspace.ids().task_ready_queue),
			new Set(['A', 'B', 'C', 'T0', 'T1', 'T2', 'T3', 'T4', 'NEW']),
		);
		assert.ok((await problems()).every((problem) => problem.startsWith('board.massRemoval')));
		workspace.edit('task_ready_queue', (records) =>
			records.filter((record) => !['T0', 'T1'].includes(idOf(record))),
		);
		await mirror.flush();
		assert.equal(
			(await workspace.task('T0')) ?? (await workspace.task('T1')),
			undefined,
			'a few at a time are meant',
		);
	});
});
