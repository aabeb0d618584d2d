// Checks the archives in trouble: whoever breaks, loses or reverts which file, and whatever is cut short, no task is lost, doubled or
// on no file at all.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../../src/base/json.ts';
import type { ArchiveName, ArchivePolicy } from '../../../src/core/task/archive.ts';
import { rebuildLedger } from '../../../src/core/workspace/adoptBoards.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { DreamError } from '../../../src/base/errors.ts';
import { assertInPlace, finishTasks } from '../../support/archivedTasks.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

const completed = 'completed_tasks';
const ready = 'task_ready_queue';
const january: ArchiveName = 'archive/completed_tasks-2026-01';

describe('archives in trouble', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let policy: ArchivePolicy;
	let mirror: BoardMirror;
	const anotherMirror = (options: Partial<ConstructorParameters<typeof BoardMirror>[0]> = {}) =>
		workspace.mirror({ archive: () => policy, ...options });
	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		policy = { kept: 10, days: 0 };
		mirror = anotherMirror();
	});
	afterEach(() => workspace.close());

	const finish = (prefix: string, count: number, from: string | null, fields: JsonObject = {}) =>
		finishTasks(workspace.ledger, prefix, count, from, fields);
	const idsOf = (file: ArchiveName | typeof completed) => workspace.records(file).map(idOf);

	it('never writes over an archive that cannot be read, and loses nothing meanwhile', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		const good = workspace.text(january);
		workspace.write(january, `${good}}`);
		await mirror.flush();
		await finish('b', 35, '2026-01-20T00:00:00Z');
		await workspace.ledger.write(ann, (transaction) =>
			advanceTask(transaction, { taskId: 'a0', move: 'reopen', reason: 'again' }),
		);
		await mirror.flush();
		assert.equal(workspace.text(january), `${good}}`);
		assert.equal(idsOf(completed).length, 45, 'that month takes nothing, so nothing leaves the board');
		assert.deepEqual(
			(await mirror.check()).map(({ code }) => code),
			['board.unreadable'],
		);
		assert.match(workspace.quarantine().join(), /archive-completed_tasks-2026-01/u);
		workspace.write(january, good);
		await mirror.flush();
		await mirror.flush();
		assert.equal(idsOf(completed).length, 10);
		await assertInPlace(workspace);
		assert.deepEqual(await mirror.check(), []);
	});

	it('replaces an unreadable archive by the ledger on a person’s word', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		workspace.write(january, 'nonsense');
		await mirror.flush();
		await mirror.acceptLedger(january, ann);
		assert.equal(idsOf(january).length, 25);
		await mirror.flush();
		await assertInPlace(workspace);
	});

	it('writes a lost archive again', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		rmSync(workspace.path(january));
		await anotherMirror().flush();
		await assertInPlace(workspace);
	});

	it('follows git when it brings boards of a colleague whose swarm archived', async () => {
		await finish('a', 30, '2026-01-01T00:00:00Z');
		await mirror.flush();
		workspace.later();
		// The colleague's newest boards: five of our tasks are in the archive, and one that we never saw.
		const records = workspace.records(completed);
		workspace.write(completed, JSON.stringify(records.slice(5), null, 2));
		mkdirSync(dirname(workspace.path(january)), { recursive: true });
		workspace.write(
			january,
			JSON.stringify(
				[...records.slice(0, 5), { task_id: 'theirs', name: 'theirs', status: 'COMPLETED' }],
				null,
				2,
			),
		);
		await mirror.flush();
		assert.equal((await workspace.events()).filter(({ type }) => type === 'task.removed').length, 0);
		assert.equal((await workspace.task('a0'))?.archive, january);
		assert.equal((await workspace.task('theirs'))?.archive, january);
		await assertInPlace(workspace);
	});

	it('loses nothing when git puts boards or archives back to what they were', async () => {
		await finish('a', 30, '2026-01-01T00:00:00Z');
		await mirror.flush();
		const before = workspace.text(completed);
		await finish('b', 20, '2026-01-05T00:00:00Z');
		await mirror.flush();
		const after = workspace.text(january);
		workspace.later();
		workspace.write(completed, before);
		await mirror.flush();
		assert.equal((await workspace.ledger.read((reader) => reader.tasks())).length, 50, 'only the board');
		await finish('c', 40, '2026-01-09T00:00:00Z');
		await mirror.flush();
		await mirror.flush();
		await assertInPlace(workspace);
		workspace.later();
		workspace.write(january, after);
		await mirror.flush();
		await mirror.flush();
		assert.equal((await workspace.ledger.read((reader) => reader.tasks())).length, 90, 'only the archive');
		await assertInPlace(workspace);
	});

	it('settles what a crash left: written archive, board not shrunk yet', async () => {
		await finish('a', 30, '2026-01-01T00:00:00Z');
		await mirror.flush();
		await finish('b', 5, '2026-01-05T00:00:00Z');
		let calls = 0;
		const dying = anotherMirror({
			files: {
				...nodeFileSystem,
				writeAtomic: (path, content, ...rest) => {
					calls++;
					return path.includes('archive')
						? nodeFileSystem.writeAtomic(path, content, ...rest)
						: Promise.reject(new Error('killed'));
				},
			},
		});
		await assert.rejects(dying.flush(), /killed/u);
		assert.ok(calls >= 2);
		const places = workspace.places();
		assert.deepEqual(places.get('a0'), [completed, january], 'on both, never on neither');
		workspace.later(5000);
		await mirror.flush();
		await assertInPlace(workspace);
	});

	it('never has a task on no file while it is reopened from an archive', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		await workspace.ledger.write(ann, (transaction) =>
			advanceTask(transaction, { taskId: 'a0', move: 'reopen', reason: 'again' }),
		);
		const seen: number[] = [];
		const watching = anotherMirror({
			files: {
				...nodeFileSystem,
				async writeAtomic(path, content, ...rest) {
					await nodeFileSystem.writeAtomic(path, content, ...rest);
					seen.push(workspace.places().get('a0')?.length ?? 0);
				},
			},
		});
		await watching.flush();
		assert.ok(seen.length >= 2 && seen.every((count) => count > 0), seen.join());
		await assertInPlace(workspace);
	});

	it('writes the boards although the archives cannot be written, and archives once they can', async () => {
		await finish('a', 30, '2026-01-01T00:00:00Z');
		await mirror.flush();
		let isFull = true;
		const cramped = anotherMirror({
			files: {
				...nodeFileSystem,
				writeAtomic: (path, content, ...rest) =>
					isFull && path.includes('archive')
						? Promise.reject(new DreamError('file.full', 'The disk is full.'))
						: nodeFileSystem.writeAtomic(path, content, ...rest),
			},
		});
		await finish('b', 5, '2026-01-05T00:00:00Z');
		await workspace.create({ task_id: 'new', name: 'new' });
		await assert.rejects(cramped.flush(), /disk is full/u);
		const places = workspace.places();
		assert.deepEqual(places.get('new'), [ready]);
		assert.equal(places.size, 36, 'nothing left the board for a file that is not there');
		isFull = false;
		await cramped.flush();
		await assertInPlace(workspace);
	});

	it('keeps archived tasks out of two mirrors’ way: both archive, neither twice', async () => {
		await finish('a', 200, '2026-01-01T00:00:00Z');
		const other = anotherMirror();
		await Promise.all([mirror.flush(), other.flush()]);
		await mirror.flush();
		await assertInPlace(workspace);
		const moved = (await workspace.events()).filter(({ type }) => type === 'board.archived');
		assert.equal(moved.length, 1);
	});

	it('rebuilds a lost ledger from boards and archives to what it was', async () => {
		await finish('a', 60, '2026-01-31T23:30:00Z', { kept: { of: 'its author' } });
		await workspace.create({ task_id: 'new', name: 'new', dependencies: ['a0'] });
		await mirror.flush();
		const shown = (stored: { task: { task_id: string; updated_at: unknown } }[]) =>
			stored.map(
				(each) =>
					JSON.parse(
						JSON.stringify({
							...each,
							sequence: 0,
							epoch: 0,
							position: 0,
							task: { ...each.task, updated_at: null, created_by: null },
						}),
					) as JsonObject,
			);
		const before = await workspace.ledger.read((reader) => reader.tasks());
		const files = [completed, ...workspace.archives()] as const;
		const texts = files.map((file) => readFileSync(workspace.path(file), 'utf8'));
		await workspace.close();
		for (const suffix of ['', '-wal', '-shm', '-line']) {
			rmSync(join(workspace.folder, `runtime/dreamos.db${suffix}`), { force: true, recursive: true });
		}
		await rebuildLedger(workspace.tools, ann);
		const again = anotherMirror();
		await again.flush();
		const after = await workspace.ledger.read((reader) => reader.tasks());
		assert.deepEqual(shown(after), shown(before));
		assert.deepEqual(
			files.map((file) => readFileSync(workspace.path(file), 'utf8')),
			texts,
			'nothing is written anew',
		);
		assert.equal((await workspace.events()).filter(({ type }) => type === 'board.conflict').length, 0);
		writeFileSync(workspace.path(january), readFileSync(workspace.path(january)));
		await assertInPlace(workspace);
	});
});
