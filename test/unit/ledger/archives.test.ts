// Checks the archives: what was finished long ago leaves the completed board and is nowhere lost, whoever edits, reverts or breaks
// which file, and whatever is cut short.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../../src/base/json.ts';
import type { ArchiveName, ArchivePolicy } from '../../../src/core/task/archive.ts';
import { fileOf } from '../../../src/core/task/archive.ts';
import { newTask } from '../../../src/core/task/task.ts';
import { renderRecord } from '../../../src/core/board/boardRecord.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import { editTask } from '../../../src/core/task/editTask.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { DreamError } from '../../../src/base/errors.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

const completed = 'completed_tasks';
const ready = 'task_ready_queue';
const january: ArchiveName = 'archive/completed_tasks-2026-01';
const february: ArchiveName = 'archive/completed_tasks-2026-02';
const march: ArchiveName = 'archive/completed_tasks-2026-03';

describe('archives of finished tasks', () => {
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

	/** Puts finished tasks on the completed board: `count` of them a day, from a day on. */
	async function finish(prefix: string, count: number, from: string | null, fields: JsonObject = {}): Promise<void> {
		await workspace.ledger.write(ann, async (transaction) => {
			for (let index = 0; index < count; index++) {
				const at = from === null ? null : new Date(Date.parse(from) + index * 60_000).toISOString();
				const task = newTask({
					task_id: `${prefix}${index}`,
					name: 'done',
					status: 'COMPLETED',
					completed_at: at,
				});
				await transaction.append({ type: 'task.created', task_id: task.task_id, message: 'created' });
				await transaction.insertTask({
					task,
					record: { ...renderRecord(task, undefined), ...fields },
					board: completed,
					epoch: 1,
					run_id: null,
				});
			}
		});
	}
	const idsOf = (file: ArchiveName | typeof completed) => workspace.records(file).map(idOf);

	/** Every task of the ledger stands on one file, its own, and every record of a file is a task. */
	async function assertInPlace(): Promise<void> {
		const tasks = await workspace.ledger.read((reader) => reader.tasks());
		const expected = new Map(tasks.map((stored) => [stored.task.task_id, [fileOf(stored)]]));
		assert.deepEqual(new Map([...workspace.places()].sort()), new Map([...expected].sort()));
	}

	it('leaves the newest on the board and puts the others on the archive of their month', async () => {
		await finish('jan', 15, '2026-01-31T23:50:00Z');
		await finish('mar', 20, '2026-03-05T10:00:00Z');
		await mirror.flush();
		assert.deepEqual(
			idsOf(completed),
			Array.from({ length: 10 }, (_, index) => `mar${index + 10}`),
		);
		assert.deepEqual(workspace.archives(), [january, february, march]);
		assert.deepEqual(
			idsOf(january),
			Array.from({ length: 10 }, (_, index) => `jan${index}`),
			'by UTC',
		);
		assert.deepEqual(idsOf(february), ['jan10', 'jan11', 'jan12', 'jan13', 'jan14']);
		await assertInPlace();
		assert.equal((await workspace.task('jan0'))?.board, completed, 'it is on the completed board all the same');
		const all = await workspace.ledger.read((reader) => reader.tasks({ board: completed }));
		assert.equal(all.length, 35);
		assert.deepEqual((await workspace.ledger.read((reader) => reader.tasks({ status: ['COMPLETED'] }))).length, 35);
		assert.deepEqual(await mirror.check(), []);
	});

	it('waits until enough has gathered, so that not every finished task writes a month', async () => {
		await finish('a', 30, '2026-01-01T00:00:00Z');
		await mirror.flush();
		assert.deepEqual(workspace.archives(), []);
		await finish('b', 1, '2026-02-01T00:00:00Z');
		await mirror.flush();
		assert.equal(idsOf(completed).length, 10);
		assert.equal(idsOf(january).length, 21);
	});

	it('archives by age where the setting says so, and never without a policy', async () => {
		await finish('a', 5, '2026-01-01T00:00:00Z');
		await workspace.mirror().flush();
		assert.deepEqual(workspace.archives(), []);
		policy = { kept: 10, days: 30 };
		await mirror.flush();
		assert.deepEqual(idsOf(completed), []);
		assert.equal(idsOf(january).length, 5);
	});

	it('takes the next best stamp where a placeholder stands, and the present month where there is none', async () => {
		await finish('none', 1, null);
		await finish('old', 1, '0001-01-01T00:00:00Z');
		await finish('future', 1, '2999-01-01T00:00:00Z');
		await finish('real', 1, '2026-01-01T00:00:00Z');
		policy = { kept: 0, days: 0 };
		await finish('fill', 25, '2026-02-01T00:00:00Z');
		await mirror.flush();
		const now: ArchiveName = `archive/completed_tasks-${new Date(workspace.clock.now()).toISOString().slice(0, 7)}`;
		assert.deepEqual(idsOf(now).sort(), ['future0', 'none0', 'old0']);
		assert.deepEqual(idsOf(january), ['real0']);
		await assertInPlace();
	});

	it('keeps every character of a record, unknown fields included, on its way to the archive and back', async () => {
		const odd =
			'{ "id": "odd",  "zeta": [1,  2], "big": 12345678901234567890, "status": "done", "name": "\\u00e9", "completed_at": "2026-01-02T00:00:00Z" }';
		workspace.write(completed, `[${odd}]\n`);
		await mirror.flush();
		await finish('a', 35, '2026-03-01T00:00:00Z');
		await mirror.flush();
		assert.ok(workspace.text(january).includes(odd), workspace.text(january));
		await workspace.ledger.write(ann, (transaction) =>
			advanceTask(transaction, { taskId: 'odd', move: 'reopen', reason: 'again' }),
		);
		await mirror.flush();
		assert.deepEqual(idsOf(january), []);
		for (const part of ['"zeta": [1,  2]', '"big": 12345678901234567890', '"name": "\\u00e9"']) {
			assert.ok(workspace.text(ready).includes(part), part);
		}
		await assertInPlace();
	});

	it('takes a hand edit of an archive over, a new record and a removal, too', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		workspace.later();
		workspace.edit(january, (records) => [
			...records
				.filter((record) => idOf(record) !== 'a1')
				.map((record) => (idOf(record) === 'a0' ? { ...record, notes: 'seen', own: 1 } : record)),
			{ task_id: 'x', name: 'forgotten', status: 'COMPLETED' },
		]);
		await mirror.flush();
		assert.equal((await workspace.task('a0'))?.task.notes, 'seen');
		assert.equal((await workspace.task('a0'))?.record['own'], 1);
		assert.equal(await workspace.task('a1'), undefined);
		assert.equal((await workspace.task('x'))?.archive, january);
		await assertInPlace();
		assert.deepEqual(await mirror.check(), []);
		workspace.editRecord(january, 'a2', { status: 'READY' });
		await mirror.flush();
		assert.equal(await workspace.status('a2'), 'READY');
		await assertInPlace();
	});

	it('shows what was refused in an archive on its line, in every process', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		workspace.editRecord(january, 'a3', { status: 'BLOCKED' });
		await mirror.flush();
		assert.equal(await workspace.status('a3'), 'COMPLETED');
		assert.equal(workspace.records(january)[3]?.['status'], 'BLOCKED', 'it stays where it was typed');
		for (const each of [mirror, anotherMirror()]) {
			const [problem] = await each.check();
			assert.equal(problem?.code, 'task.illegalMove');
			assert.equal(problem?.file, 'runtime/agent_comms/project_boards/archive/completed_tasks-2026-01.json');
			assert.match(workspace.text(january).split('\n')[(problem?.line ?? 0) - 1] ?? '', /BLOCKED/u);
		}
	});

	it('lets an edit through the ledger reach the archive', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		await workspace.ledger.write(ann, (transaction) => editTask(transaction, 'a0', { notes: 'later' }));
		await mirror.flush();
		assert.equal(workspace.records(january)[0]?.['notes'], 'later');
		await assertInPlace();
	});

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
		await assertInPlace();
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
		await assertInPlace();
	});

	it('writes a lost archive again', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		rmSync(workspace.path(january));
		await anotherMirror().flush();
		await assertInPlace();
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
		await assertInPlace();
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
		await assertInPlace();
		workspace.later();
		workspace.write(january, after);
		await mirror.flush();
		await mirror.flush();
		assert.equal((await workspace.ledger.read((reader) => reader.tasks())).length, 90, 'only the archive');
		await assertInPlace();
	});

	it('takes the copy of an archived record off the completed board again, and keeps what it said', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		workspace.later();
		const [copy] = workspace.records(january);
		workspace.edit(completed, (records) => [...records, { ...copy, notes: 'other' }]);
		await mirror.flush();
		await mirror.flush();
		await assertInPlace();
		assert.equal((await workspace.task('a0'))?.archive, january);
		assert.match(JSON.stringify(await workspace.events('a0')), /other/u);
	});

	it('settles what a crash left: written archive, board not shrunk yet', async () => {
		await finish('a', 30, '2026-01-01T00:00:00Z');
		await mirror.flush();
		await finish('b', 5, '2026-01-05T00:00:00Z');
		let calls = 0;
		const dying = anotherMirror({
			files: {
				...nodeFileSystem,
				writeAtomic: (path, content, confirm) => {
					calls++;
					return path.includes('archive')
						? nodeFileSystem.writeAtomic(path, content, confirm)
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
		await assertInPlace();
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
				async writeAtomic(path, content, confirm) {
					await nodeFileSystem.writeAtomic(path, content, confirm);
					seen.push(workspace.places().get('a0')?.length ?? 0);
				},
			},
		});
		await watching.flush();
		assert.ok(seen.length >= 2 && seen.every((count) => count > 0), seen.join());
		await assertInPlace();
	});

	it('writes the boards although the archives cannot be written, and archives once they can', async () => {
		await finish('a', 30, '2026-01-01T00:00:00Z');
		await mirror.flush();
		let isFull = true;
		const cramped = anotherMirror({
			files: {
				...nodeFileSystem,
				writeAtomic: (path, content, confirm) =>
					isFull && path.includes('archive')
						? Promise.reject(new DreamError('file.full', 'The disk is full.'))
						: nodeFileSystem.writeAtomic(path, content, confirm),
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
		await assertInPlace();
	});

	it('opens no archive for a change elsewhere, whatever history there is', async () => {
		await finish('a', 60, '2026-01-31T23:30:00Z');
		await mirror.flush();
		workspace.later();
		await mirror.flush();
		const opened: string[] = [];
		const counting = anotherMirror({
			files: {
				...nodeFileSystem,
				readBytes: (path) => {
					opened.push(path);
					return nodeFileSystem.readBytes(path);
				},
			},
		});
		await workspace.create({ task_id: 'new', name: 'new' });
		await counting.flush();
		assert.ok(opened.length > 0 && opened.every((path) => !path.includes('archive')), opened.join());
		const stamps = workspace.archives().map((name) => statSync(workspace.path(name)).mtimeMs);
		await finish('c', 1, '2026-03-01T00:00:00Z');
		await counting.flush();
		assert.deepEqual(
			workspace.archives().map((name) => statSync(workspace.path(name)).mtimeMs),
			stamps,
		);
		// The planted failure: an edit behind its back is seen by the stamp.
		workspace.editRecord(january, 'a0', { notes: 'x' });
		await counting.flush();
		assert.ok(opened.some((path) => path.includes('archive')));
		assert.equal((await workspace.task('a0'))?.task.notes, 'x');
	});

	it('keeps archived tasks out of two mirrors’ way: both archive, neither twice', async () => {
		await finish('a', 200, '2026-01-01T00:00:00Z');
		const other = anotherMirror();
		await Promise.all([mirror.flush(), other.flush()]);
		await mirror.flush();
		await assertInPlace();
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
		const { rebuildLedger } = await import('../../../src/core/workspace/adoptBoards.ts');
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
		await assertInPlace();
	});
});
