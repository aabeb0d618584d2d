// Checks the archives: what was finished long ago leaves the completed board for the file of its month, is read back from there, and
// costs nothing where it is not asked for.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import type { JsonObject } from '../../../src/base/json.ts';
import type { ArchiveName, ArchivePolicy } from '../../../src/core/task/archive.ts';
import { advanceTask } from '../../../src/core/task/advanceTask.ts';
import { editTask } from '../../../src/core/task/editTask.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { assertInPlace, finishTasks } from '../../support/archivedTasks.ts';
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

	const finish = (prefix: string, count: number, from: string | null, fields: JsonObject = {}) =>
		finishTasks(workspace.ledger, prefix, count, from, fields);
	const idsOf = (file: ArchiveName | typeof completed) => workspace.records(file).map(idOf);

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
		await assertInPlace(workspace);
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
		await assertInPlace(workspace);
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
		await assertInPlace(workspace);
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
		await assertInPlace(workspace);
		assert.deepEqual(await mirror.check(), []);
		workspace.editRecord(january, 'a2', { status: 'READY' });
		await mirror.flush();
		assert.equal(await workspace.status('a2'), 'READY');
		await assertInPlace(workspace);
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

	it('tells of a wrong value in an archive for as long as it is there, in every process', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		workspace.later();
		workspace.editRecord(january, 'a3', { priority: 'WHAT' });
		await mirror.flush();
		workspace.later();
		await mirror.flush();
		for (const each of [mirror, mirror, anotherMirror()]) {
			assert.deepEqual(
				(await each.check()).map(({ code, task_id }) => [code, task_id]),
				[['task.unknownPriority', 'a3']],
			);
		}
		workspace.later();
		workspace.editRecord(january, 'a3', { priority: 'LOW' });
		await mirror.flush();
		assert.deepEqual(await mirror.check(), []);
	});

	it('knows what stands in another archive when it examines one', async () => {
		await finish('a', 25, '2026-01-01T00:00:00Z');
		await finish('b', 35, '2026-02-01T00:00:00Z', { dependencies: ['a1'] });
		await workspace.ledger.write(ann, async (transaction) => {
			for (let index = 0; index < 35; index += 1) {
				await editTask(transaction, `b${index}`, { dependencies: ['a1'] });
			}
		});
		await mirror.flush();
		workspace.later();
		const [february = january] = workspace.archives().filter((name) => name !== january);
		workspace.editRecord(february, idsOf(february)[0] ?? '', { status: 'BLOCKED' });
		await mirror.flush();
		assert.deepEqual(
			(await anotherMirror().check()).map(({ code }) => code),
			['task.illegalMove'],
		);
	});

	it('lets an edit through the ledger reach the archive', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		await workspace.ledger.write(ann, (transaction) => editTask(transaction, 'a0', { notes: 'later' }));
		await mirror.flush();
		assert.equal(workspace.records(january)[0]?.['notes'], 'later');
		await assertInPlace(workspace);
	});

	it('takes the copy of an archived record off the completed board again, and keeps what it said', async () => {
		await finish('a', 35, '2026-01-01T00:00:00Z');
		await mirror.flush();
		workspace.later();
		const [copy] = workspace.records(january);
		workspace.edit(completed, (records) => [...records, { ...copy, notes: 'other' }]);
		await mirror.flush();
		await mirror.flush();
		await assertInPlace(workspace);
		assert.equal((await workspace.task('a0'))?.archive, january);
		assert.match(JSON.stringify(await workspace.events('a0')), /other/u);
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
});
