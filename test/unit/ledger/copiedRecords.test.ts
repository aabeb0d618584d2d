// Checks that a second record of a task, which is never taken over, is not lost either: whatever somebody writes into one is told in
// the history, also where no file keeps it.

import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../src/base/json.ts';
import { nullLogger } from '../../../src/base/log.ts';
import type { BoardFileName } from '../../../src/core/task/archive.ts';
import { editTask } from '../../../src/core/task/editTask.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { watchSteps } from '../../support/fileSteps.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

describe('second records of a task', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		for (const id of ['A', 'B', 'C']) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
	});
	afterEach(() => workspace.close());

	const isTold = async (id: string, words: string): Promise<boolean> =>
		(await workspace.events(id)).some(
			({ type, data }) => type.startsWith('board.') && JSON.stringify(data).includes(words),
		);
	const paste = (board: BoardFileName, record: JsonObject) =>
		workspace.edit(board, (records) => [...records, record]);
	const cut = (board: BoardFileName, id: string) =>
		workspace.edit(board, (records) => records.filter((each) => idOf(each) !== id));

	it('are told when somebody edits one, and not when they say what the task says', async () => {
		const mirror = workspace.mirror();
		await mirror.flush();
		workspace.later();
		paste('task_backlog', { ...workspace.records('task_ready_queue')[0] });
		await mirror.flush();
		assert.equal(await isTold('A', 'record'), false, 'a plain copy says nothing new');
		workspace.later();
		workspace.editRecord('task_backlog', 'A', { notes: 'typed into the copy' });
		await mirror.flush();
		assert.equal((await workspace.task('A'))?.task.notes, '', 'the record that was left alone is the task');
		assert.ok(await isTold('A', 'typed into the copy'));
		const told = (await workspace.events('A')).length;
		workspace.later();
		workspace.editRecord('task_ready_queue', 'B', { notes: 'about another task' });
		await mirror.flush();
		assert.equal((await workspace.events('A')).length, told, 'each version is told once');
	});

	it('take nothing from what somebody types into the task itself while an old version comes back on another board', async () => {
		const mirror = workspace.mirror();
		await mirror.flush();
		const [old] = workspace.records('task_ready_queue');
		workspace.later();
		await workspace.claim('A', 'ann', null);
		await mirror.flush();
		workspace.later();
		paste('task_ready_queue', { ...old });
		workspace.editRecord('working_tasks', 'A', { notes: 'typed into the task', mine: 1 });
		await mirror.flush();
		const task = await workspace.task('A');
		assert.deepEqual(
			[task?.task.status, task?.task.notes, task?.record['mine']],
			['CLAIMED', 'typed into the task', 1],
		);
		assert.ok(
			(await workspace.events('A')).some(({ message }) => message.includes('An old version of A came back')),
		);
		workspace.later();
		await mirror.flush();
		assert.deepEqual(
			workspace.records('task_ready_queue').filter((each) => idOf(each) === 'A'),
			[],
		);
		assert.equal(workspace.records('working_tasks')[0]?.['mine'], 1);
	});

	it('are not lost when the record that was left alone goes later', async () => {
		const mirror = workspace.mirror();
		await mirror.flush();
		workspace.later();
		paste('task_backlog', { task_id: 'A', name: 'do A', typed: 'only here' });
		await mirror.flush();
		workspace.later();
		cut('task_ready_queue', 'A');
		await mirror.flush();
		assert.ok(await isTold('A', 'only here'));
	});

	it('do not come of a stale save, however long the machine sleeps before the present version is shown again', async () => {
		let sleeps = false;
		const log = { ...nullLogger, info: () => (sleeps ? workspace.later() : undefined) };
		const mirror = workspace.mirror({ log });
		await mirror.flush();
		const read = workspace.records('task_ready_queue');
		await workspace.ledger.write(ann, (transaction) => editTask(transaction, 'A', { notes: 'meanwhile' }));
		await mirror.flush();
		sleeps = true;
		workspace.edit('task_ready_queue', () =>
			read.map((each) => (idOf(each) === 'B' ? { ...each, mine: 1 } : each)),
		);
		await mirror.flush();
		sleeps = false;
		await mirror.flush();
		const notes = (id: string) =>
			workspace.records('task_ready_queue').find((each) => idOf(each) === id)?.['notes'];
		assert.equal((await workspace.task('A'))?.task.notes, 'meanwhile');
		assert.equal(notes('A'), 'meanwhile');
		assert.equal((await workspace.task('B'))?.record['mine'], 1);
	});

	it('are told when they are edited at the very moment their board is replaced', async () => {
		const mirror = workspace.mirror();
		await workspace.claim('A', 'ann', null);
		await mirror.flush();
		const old = workspace.text('working_tasks');
		await workspace.move('A', 'complete');
		await mirror.flush();
		workspace.later();
		workspace.write('working_tasks', old);
		const board = workspace.path('working_tasks');
		let isEdited = false;
		const stop = watchSteps((_count, step, [from, to]) => {
			if (step === 'renameSync' && !isEdited && (from === board || to === board)) {
				isEdited = true;
				writeFileSync(`${board}~`, old.replace('"task_id"', '"mine": "typed just then", "task_id"'));
				renameSync(`${board}~`, board);
			}
		});
		try {
			await mirror.flush();
		} finally {
			stop();
		}
		assert.ok(isEdited);
		assert.equal((await workspace.task('A'))?.task.status, 'COMPLETED');
		assert.deepEqual(workspace.records('working_tasks'), []);
		assert.ok(await isTold('A', 'typed just then'));
	});

	it('are told where neither record is a task, and where a record becomes none for its status', async () => {
		const mirror = workspace.mirror();
		await mirror.flush();
		workspace.later();
		const none = { task_id: 'N', name: 'do N', status: 'NONSENSE' };
		paste('task_backlog', { ...none, mine: 'the first' });
		paste('task_ready_queue', { ...none, mine: 'the second' });
		await mirror.flush();
		await workspace.create({ task_id: 'N', name: 'made elsewhere' });
		workspace.later();
		await mirror.flush();
		assert.equal(workspace.records('task_ready_queue').find((each) => idOf(each) === 'N')?.['mine'], undefined);
		assert.ok(await isTold('N', 'the first'));
		assert.ok(await isTold('N', 'the second'));
	});

	it('give no second life to a fence: what is told of a removed task leaves its epoch', async () => {
		const mirror = workspace.mirror();
		await workspace.claim('A', 'ann', null);
		await workspace.move('A', 'release');
		await mirror.flush();
		const { epoch = 0 } = (await workspace.task('A')) ?? {};
		workspace.later();
		cut('task_ready_queue', 'A');
		await mirror.flush();
		assert.equal(await workspace.task('A'), undefined);
		workspace.later();
		paste('task_ready_queue', { task_id: 'A', name: 'again', status: 'NONSENSE' });
		await mirror.flush();
		workspace.later();
		workspace.editRecord('task_ready_queue', 'A', { status: 'READY' });
		await mirror.flush();
		assert.ok(epoch > 0);
		assert.equal((await workspace.task('A'))?.epoch, epoch);
	});

	/** Somebody has a board open, writes it whole after it was replaced, and lets go. */
	const writeLate = async (
		board: BoardFileName,
		start: () => Promise<unknown>,
		text: (old: string) => string,
		fails: string[] = [],
	) => {
		let isArmed = false;
		let late: (() => void) | undefined;
		const { ledger } = workspace;
		const failing: typeof ledger = Object.assign(Object.create(ledger) as typeof ledger, {
			write: (...given: Parameters<typeof ledger.write>) =>
				fails.length > 0 && late !== undefined
					? Promise.reject(new Error(fails.pop()))
					: ledger.write(...given),
		});
		const files: typeof nodeFileSystem = Object.assign(Object.create(nodeFileSystem) as typeof nodeFileSystem, {
			writeAtomic: async (...[path, content, ...rest]: Parameters<typeof nodeFileSystem.writeAtomic>) => {
				const isIt = isArmed && path === workspace.path(board);
				const handle = isIt ? openSync(path, 'r+') : undefined;
				await nodeFileSystem.writeAtomic(path, content, ...rest);
				if (handle !== undefined) {
					isArmed = false;
					late = () => {
						ftruncateSync(handle);
						writeSync(handle, old, 0);
						closeSync(handle);
					};
				}
			},
		});
		const mirror: BoardMirror = workspace.mirror({ files, ledger: failing });
		await mirror.flush();
		workspace.later();
		await start();
		await mirror.flush();
		workspace.later();
		isArmed = true;
		const old = text(workspace.text(board));
		return { mirror, write: () => late?.() };
	};

	it('are told when they were written into a file that we replaced at that moment', async () => {
		const { mirror, write } = await writeLate(
			'task_backlog',
			async () => paste('task_backlog', { task_id: 'A', name: 'a copy', notes: 'before' }),
			(old) => old.replace('before', 'typed too late'),
		);
		await workspace.ledger.write(ann, (transaction) => editTask(transaction, 'A', { notes: 'moved on' }));
		await workspace.create({ task_id: 'D', name: 'do D', isShelved: true });
		await mirror.flush();
		assert.equal(workspace.text('task_backlog').includes('a copy'), false, 'the copy went with its task moving on');
		write();
		await mirror.close();
		assert.ok(await isTold('A', 'typed too late'));
	});

	it('are told when they were written into a file that we replaced before the ledger failed', async () => {
		const { mirror, write } = await writeLate(
			'task_backlog',
			async () => paste('task_backlog', { task_id: 'A', name: 'a copy', notes: 'before' }),
			(old) => old.replace('before', 'typed too late'),
			['planted'],
		);
		await workspace.create({ task_id: 'D', name: 'do D', isShelved: true });
		await assert.rejects(mirror.flush(), /planted/u);
		write();
		await mirror.close();
		assert.ok(await isTold('A', 'typed too late'));
	});

	it('are kept beside the boards where a late file has something that is no task', async () => {
		const { mirror, write } = await writeLate(
			'task_backlog',
			async () => paste('task_backlog', { task_id: 'E', name: 'do E', status: 'PENDING', notes: '0123456789' }),
			(old) => old.replace(/\{[^}]*\}/u, '{ "name": "no id yet, typed too late" }'),
		);
		await workspace.create({ task_id: 'D', name: 'do D', isShelved: true });
		await mirror.flush();
		write();
		await mirror.close();
		const kept = workspace
			.quarantine()
			.map((name) => readFileSync(join(workspace.folder, 'runtime/quarantine', name), 'utf8'));
		assert.match(kept.join(), /typed too late/u);
	});
});
