// Checks the mirror against files that cannot be read, writers that come at the wrong moment, and processes that die half way.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sleep } from '../../../src/base/async.ts';
import { DreamError } from '../../../src/base/errors.ts';
import type { FileSystem } from '../../../src/core/ports.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { createChokidarWatcher } from '../../../src/node/chokidarWatcher.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

describe('the board mirror in trouble', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let mirror: BoardMirror;
	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		mirror = workspace.mirror();
		await workspace.create({ task_id: 'A', name: 'do A' });
		await workspace.create({ task_id: 'B', name: 'do B' });
		await mirror.flush();
	});
	afterEach(() => workspace.close());

	const ready = 'task_ready_queue';
	const codes = async (from = mirror) =>
		(await from.check()).map(({ code, line, column }) => `${code} ${line}:${column}`);

	for (const [name, content] of [
		['YAML', 'phase: one\n'],
		['a torn write', '[\n  {"task_id": "A", "na'],
		['a merge conflict of git', '[\n<<<<<<< HEAD\n  {"task_id": "A"}\n=======\n>>>>>>> other\n]\n'],
		['nothing at all', ''],
		['bytes that are no text', Uint8Array.from([0x5b, 0xff, 0xfe, 0x00, 0x5d])],
	] as const) {
		it(`never writes over ${name}, and goes on when the file is readable again`, async () => {
			const good = workspace.text(ready);
			workspace.write(ready, content);
			const before = readFileSync(workspace.path(ready));
			await workspace.create({ task_id: 'C', name: 'meanwhile' });
			await workspace.claim('A', 'ann', null);
			await mirror.flush();
			await mirror.flush();
			assert.deepEqual(readFileSync(workspace.path(ready)), before);
			const found = await mirror.check();
			assert.deepEqual(
				found.map(({ file, severity }) => [file.slice(-21), severity]),
				[['task_ready_queue.json', 'error']],
			);
			assert.match(found[0]?.advice ?? '', /not written/u);
			const { halted } = await workspace.ledger.read((reader) => reader.board(ready));
			assert.match(halted ?? '', /line \d+, column \d+/u);
			assert.deepEqual(workspace.quarantine().length, content.length === 0 ? 0 : 1, 'copied once');
			assert.equal(
				(await workspace.events()).filter(({ type }) => type === 'board.problem').length,
				1,
				'told once',
			);
			assert.deepEqual(
				workspace.ids === undefined ? [] : workspace.records('working_tasks').map(idOf),
				['A'],
				'other boards go on',
			);
			for (const copy of workspace.quarantine()) {
				assert.match(copy, /^task_ready_queue\.\d{8}T\d{6}Z\.[0-9a-z]+\.json$/u);
				assert.deepEqual(readFileSync(join(workspace.folder, 'runtime/quarantine', copy)), before);
			}
			workspace.write(ready, good);
			await mirror.flush();
			assert.deepEqual(await codes(), []);
			assert.deepEqual(workspace.ids().task_ready_queue, ['B', 'C']);
			assert.equal(await workspace.status('A'), 'CLAIMED');
		});
	}

	it('takes over what was edited while the file could not be read', async () => {
		const text = workspace.text(ready);
		workspace.write(ready, `${text}]`);
		await mirror.flush();
		assert.equal((await codes()).length, 1);
		workspace.write(ready, text.replace('do B', 'done differently'));
		await mirror.flush();
		assert.equal((await workspace.task('B'))?.task.name, 'done differently');
		assert.deepEqual(await codes(), []);
	});

	it('waits for a writer who writes in steps: no problem, no copy, no lost word', async () => {
		const watched = workspace.mirror({
			watcher: createChokidarWatcher({ onError: (message) => assert.fail(message) }),
		});
		watched.start();
		const told: string[] = [];
		watched.onDidChangeProblems((problems) => told.push(...problems.map(({ code }) => code)));
		await sleep(200);
		const text = workspace.text(ready).replace('do B', 'written slowly');
		const file = await open(workspace.path(ready), 'w');
		await workspace.create({ task_id: 'C', name: 'meanwhile' });
		for (let at = 0; at < text.length; at += Math.ceil(text.length / 6)) {
			await sleep(60);
			await file.write(text.slice(at, at + Math.ceil(text.length / 6)));
		}
		await file.close();
		await sleep(400);
		await watched.flush();
		assert.deepEqual(told, []);
		assert.deepEqual(workspace.quarantine(), []);
		assert.equal((await workspace.task('B'))?.task.name, 'written slowly');
		assert.deepEqual(workspace.ids().task_ready_queue, ['A', 'B', 'C']);
	});

	/** A file system in which something happens at the very moment a board is replaced. */
	const meddling = (at: {
		beforeConfirm?: () => void;
		beforeRename?: () => Promise<void>;
		afterRename?: () => void;
	}): FileSystem => ({
		...nodeFileSystem,
		writeAtomic: async (path, content, confirm, options) => {
			const isBoard = path.includes('project_boards');
			const confirmOurs = async () => {
				if (isBoard) {
					at.beforeConfirm?.();
				}
				const isConfirmed = confirm === undefined || (await confirm());
				if (isBoard && isConfirmed) {
					await at.beforeRename?.();
				}
				return isConfirmed;
			};
			await nodeFileSystem.writeAtomic(path, content, confirmOurs, options);
			if (isBoard) {
				at.afterRename?.();
			}
		},
	});
	const once = <T>(action: () => T) => {
		let isDone = false;
		return (): T | undefined => {
			if (isDone) {
				return undefined;
			}
			isDone = true;
			return action();
		};
	};

	it('does not replace a file that is edited between reading and renaming', async () => {
		const meddled = workspace.mirror({
			files: meddling({ beforeConfirm: once(() => workspace.editRecord(ready, 'B', { notes: 'just in time' })) }),
		});
		await workspace.create({ task_id: 'C', name: 'do C' });
		await meddled.flush();
		assert.equal((await workspace.task('B'))?.task.notes, 'just in time');
		assert.deepEqual(workspace.ids().task_ready_queue, ['A', 'B', 'C']);
		assert.equal(workspace.records(ready)[1]?.['notes'], 'just in time');
	});

	it('sees an edit that left size, time and place of the file as they were', async () => {
		const path = workspace.path(ready);
		const time = new Date();
		utimesSync(path, time, time);
		await mirror.flush();
		writeFileSync(path, workspace.text(ready).replace('do B', 'DO B'));
		utimesSync(path, time, time);
		await mirror.flush();
		assert.equal((await workspace.task('B'))?.task.name, 'DO B');
	});

	it('reads what a program writes into the file it had open while we replaced it', async function () {
		if (process.platform === 'win32') {
			this.skip();
		}
		const text = workspace.text(ready).replace('do B', 'too late, nearly');
		const late = await open(workspace.path(ready), 'r+');
		const meddled = workspace.mirror({
			watcher: createChokidarWatcher({ onError: (message) => assert.fail(message) }),
		});
		await workspace.create({ task_id: 'C', name: 'do C' });
		meddled.start();
		while (workspace.ids().task_ready_queue.length < 3) {
			await sleep(5);
		}
		await late.truncate(0);
		await late.write(text, 0);
		await late.close();
		await sleep(500);
		await meddled.flush();
		assert.equal((await workspace.task('B'))?.task.name, 'too late, nearly');
		assert.deepEqual(
			workspace.records(ready).map((record) => record['name']),
			['do A', 'too late, nearly', 'do C'],
		);
	});

	it('puts a board back that a mirror was replacing when it was killed, with all that is no task', async () => {
		await mirror.flush();
		workspace.edit(ready, (records) => [...records, { name: 'no id yet' }]);
		await mirror.flush();
		const path = workspace.path(ready);
		const text = workspace.text(ready);
		renameSync(path, join(dirname(path), `.${basename(path)}.old.0123456789.tmp`));
		await mirror.flush();
		assert.equal(workspace.text(ready), text);
		assert.deepEqual(
			readdirSync(dirname(path)).filter((name) => name.startsWith('.')),
			[],
		);
	});

	it('knows its own text again after a process died between writing and saying so', async () => {
		const dying = workspace.mirror({
			files: meddling({
				afterRename: () => {
					throw new Error('killed');
				},
			}),
		});
		await workspace.claim('A', 'ann', null);
		await assert.rejects(dying.flush(), /killed/u);
		assert.deepEqual(workspace.ids().working_tasks, ['A'], 'one board was written');
		// Meanwhile the ledger goes on: without the note this would look like two edits of one field.
		await workspace.move('A', 'start');
		await workspace.move('A', 'block');
		workspace.later(2100);
		await mirror.flush();
		assert.equal(await workspace.status('A'), 'BLOCKED');
		assert.equal(workspace.records('working_tasks')[0]?.['status'], 'BLOCKED');
		const types = (await workspace.events()).map(({ type }) => type);
		assert.ok(
			!types.includes('board.conflict') && !types.includes('task.removed') && !types.includes('task.edited'),
			types.join(),
		);
		assert.deepEqual(await codes(), []);
	});

	it('does not take an old text for an edit when a mirror slept over its lease', async () => {
		const behind = workspace.mirror();
		await workspace.claim('A', 'ann', null);
		let isAsleep = false;
		const sleeper = workspace.mirror({
			files: meddling({
				// A laptop is closed right here; others work on. Then it wakes up and renames its old text into place.
				beforeRename: async () => {
					if (!isAsleep) {
						isAsleep = true;
						workspace.later(2100);
						await workspace.move('A', 'start');
						await workspace.move('B', 'cancel');
						await behind.flush();
						assert.equal(workspace.records('working_tasks')[0]?.['status'], 'IN_PROGRESS');
					}
				},
			}),
		});
		await sleeper.flush();
		await behind.flush();
		await sleeper.flush();
		assert.deepEqual([await workspace.status('A'), await workspace.status('B')], ['IN_PROGRESS', 'CANCELLED']);
		assert.deepEqual(workspace.ids(), {
			task_backlog: [],
			task_ready_queue: [],
			working_tasks: ['A'],
			completed_tasks: ['B'],
		});
		assert.equal(workspace.records('working_tasks')[0]?.['status'], 'IN_PROGRESS');
		const types = (await workspace.events()).map(({ type }) => type);
		assert.ok(
			!types.includes('board.conflict') && !types.includes('task.removed') && !types.includes('task.edited'),
			types.join(),
		);
		assert.deepEqual(await codes(behind), []);
	});

	it('reports a disk that takes nothing, keeps the old file, and flush says so', async () => {
		const full = workspace.mirror({
			files: {
				...nodeFileSystem,
				writeAtomic: (path) =>
					Promise.reject(
						new DreamError('file.full', `Cannot write ${path}: the disk or its quota is full.`, {
							advice: 'Free some space.',
						}),
					),
			},
		});
		const before = workspace.text(ready);
		await workspace.create({ task_id: 'C', name: 'do C' });
		await assert.rejects(
			full.flush(),
			(error: unknown) => error instanceof DreamError && error.code === 'file.full',
		);
		assert.equal(workspace.text(ready), before);
		assert.deepEqual(
			(await full.check()).map(({ code, message }) => [code, message.includes('full')]),
			[['board.notWritten', true]],
		);
		await mirror.flush();
		assert.deepEqual(workspace.ids().task_ready_queue, ['A', 'B', 'C']);
	});

	it('lets a program that saves an old board undo nothing, and still takes what it changed', async () => {
		const backlog = 'task_backlog';
		await workspace.create({ task_id: 'D', name: 'later', dependencies: ['A'] });
		await mirror.flush();
		const [oldReady, oldBacklog] = [workspace.records(ready), workspace.records(backlog)];
		// Meanwhile: one task is new, one is claimed, one is done, and one became ready by that.
		await workspace.create({ task_id: 'N', name: 'new' });
		await workspace.claim('B', 'ann', null);
		await workspace.claim('A', 'ann', null);
		await workspace.move('A', 'complete');
		await mirror.flush();
		const shown = workspace.ids();
		assert.deepEqual(shown, {
			task_backlog: [],
			task_ready_queue: ['N', 'D'],
			working_tasks: ['B'],
			completed_tasks: ['A'],
		});
		workspace.write(
			ready,
			JSON.stringify(
				oldReady.map((record) => (record['task_id'] === 'A' ? { ...record, notes: 'seen' } : record)),
				null,
				2,
			),
		);
		workspace.write(backlog, JSON.stringify(oldBacklog, null, 2));
		await mirror.flush();
		assert.deepEqual(workspace.ids(), shown);
		assert.equal((await workspace.task('A'))?.task.notes, 'seen');
		assert.equal(workspace.records('completed_tasks')[0]?.['notes'], 'seen');
		assert.deepEqual(await codes(), ['record.stale 2:3'], 'the new task was put back');
		const statuses = await Promise.all(['A', 'B', 'D', 'N'].map((id) => workspace.status(id)));
		assert.deepEqual(statuses, ['COMPLETED', 'CLAIMED', 'READY', 'READY']);
		const types = (await workspace.events()).map(({ type }) => type);
		assert.ok(!types.includes('task.removed'), types.join());
	});

	it('copes with a program that rewrites a board from memory all the time', async () => {
		const watched = workspace.mirror({
			watcher: createChokidarWatcher({ onError: (message) => assert.fail(message) }),
		});
		watched.start();
		for (let round = 0; round < 10; round++) {
			const records = JSON.parse(readFileSync(workspace.path(ready), 'utf8')) as Record<string, unknown>[];
			await workspace.create({ task_id: `T${round}`, name: 'do it' });
			await sleep(round * 15);
			// It read the board a moment ago and now writes what it remembers, with a field of its own.
			writeFileSync(
				workspace.path(ready),
				JSON.stringify(
					records.map((record) => ({ ...record, seen: round })),
					null,
					4,
				),
			);
			await sleep(round % 2 === 0 ? 30 : 200);
		}
		await watched.flush();
		const expected = ['A', 'B', ...Array.from({ length: 10 }, (_, round) => `T${round}`)];
		assert.deepEqual(new Set(workspace.ids().task_ready_queue), new Set(expected));
		const tasks = await workspace.ledger.read((reader) => reader.tasks());
		assert.deepEqual(new Set(tasks.map(({ task }) => task.task_id)), new Set(expected));
		const seen = tasks.filter(({ record }) => record['seen'] !== undefined).length;
		assert.ok(seen >= 6, `what it wrote is there: ${seen}`);
	});

	it('leaves no temp file, no lease and no open handle behind', async () => {
		await workspace.create({ task_id: 'C', name: 'do C' });
		await mirror.flush();
		await mirror.close();
		assert.equal(await workspace.ledger.read((reader) => reader.lease('mirror')), undefined);
		const names = await nodeFileSystem.list(join(workspace.path(ready), '..'));
		assert.deepEqual(names.sort(), [
			'completed_tasks.json',
			'task_backlog.json',
			'task_ready_queue.json',
			'working_tasks.json',
		]);
		assert.ok(statSync(workspace.path(ready)).size > 0);
		await workspace.ledger.write(ann, (transaction) =>
			transaction.append({ type: 'swarm.stopped', message: 'still open' }),
		);
	});
});
