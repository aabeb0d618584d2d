// Checks the ledger in trouble: locked by others, a full disk, damaged pages and rows, rows that must never change.

import assert from 'node:assert/strict';
import { openSync, readFileSync, statSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDreamError } from '../../../src/base/errors.ts';
import { withoutRecord } from '../../../src/core/task/plainTask.ts';
import { nullLogger } from '../../../src/base/log.ts';
import { loadNodeSqlite } from '../../../src/ledger/nodeSqlite.ts';
import { toLedgerError } from '../../../src/ledger/ledgerErrors.ts';
import { ann, buildRun, buildTask, insertTasks } from '../../support/ledgerBuilders.ts';
import { useLedgerFiles, withDatabase } from '../../support/ledgerFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { canMount, runOnTinyDisk } from '../../support/tinyDisk.ts';

describe('a ledger in trouble', () => {
	const folders = useTemporaryFolders();
	const open = useLedgerFiles();

	it('says who is in the way after its deadline, reads on meanwhile, and writes when the way is free', async () => {
		const folder = folders.make();
		const file = join(folder, 'dreamos.db');
		const ledger = await open(folder, { busyMilliseconds: 150 });
		const lock = lockOf(file);
		const started = performance.now();
		const refused = ledger.write(ann, (transaction) => transaction.setFact('f', 1));
		assert.equal(await ledger.read((reader) => reader.fact('f')), undefined);
		await assert.rejects(refused, (error) => isDreamError(error, 'ledger.busy') && error.message.includes(file));
		const waited = performance.now() - started;
		assert.ok(waited >= 150 && waited < 9_000, `${waited} ms`);
		const later = ledger.write(ann, (transaction) => transaction.setFact('f', 2));
		await pause(30);
		lock.release();
		await later;
		assert.equal(await ledger.read((reader) => reader.fact('f')), 2);
	});

	it('does not stop the event loop while it waits for a lock', async () => {
		const folder = folders.make();
		const ledger = await open(folder, { busyMilliseconds: 300 });
		const lock = lockOf(join(folder, 'dreamos.db'));
		let isOver = false;
		const refused = assert
			.rejects(ledger.write(ann, (transaction) => transaction.setFact('f', 1)))
			.finally(() => (isOver = true));
		const started = performance.now();
		let turns = 0;
		for (; !isOver; turns += 1) {
			await pause(1);
		}
		await refused;
		lock.release();
		const waited = performance.now() - started;
		let free = 0;
		for (const end = performance.now() + waited; performance.now() < end; free += 1) {
			await pause(1);
		}
		// Beside the same wait with nothing to do, on this machine at this moment: a loop that stood still would turn a handful of times.
		assert.ok(turns > free / 4, `${turns} turns, ${free} without a lock`);
	});

	it('makes nothing of a statement that failed, even when the work has caught it', async () => {
		const ledger = await open(folders.make());
		await ledger.write(ann, (transaction) => transaction.insertRun(buildRun('run-1', 'a')));
		const swallowed = ledger.write(ann, async (transaction) => {
			await transaction.setFact('f', 1);
			await transaction.insertRun(buildRun('run-1', 'a')).catch(() => undefined);
			await transaction.setFact('g', 1);
		});
		await assert.rejects(swallowed, (error) => isDreamError(error, 'ledger.failed'));
		assert.deepEqual(await ledger.read(async (reader) => [await reader.fact('f'), await reader.fact('g')]), [
			undefined,
			undefined,
		]);
		await ledger.write(ann, (transaction) => transaction.setFact('f', 2));
	});

	it('recognises a full disk by what SQLite itself says', () => {
		const file = join(folders.make(), 'small.db');
		const error = withDatabase(file, (database) => {
			database.exec('pragma max_page_count = 2; create table t (x)');
			try {
				database.prepare('insert into t values (zeroblob(1000000))').run();
				return undefined;
			} catch (thrown) {
				return toLedgerError(thrown, file);
			}
		});
		assert.ok(isDreamError(error, 'ledger.full') && error.message.includes(file), String(error));
	});

	it('keeps everything acknowledged on a disk that is full, and goes on when there is room', async function () {
		const folder = folders.make();
		const program = fileURLToPath(new URL('../../support/ledgerFullDisk.child.ts', import.meta.url));
		if (!canMount()) {
			// Said, not hidden: without a mount of our own only the test above speaks of full disks.
			if (this.test !== undefined) {
				this.test.title += ' (this system allows no private mount)';
			}
			this.skip();
		}
		const stdout = await runOnTinyDisk(folder, '1m', program, folder);
		const said = JSON.parse(stdout) as {
			code: string;
			named: boolean;
			acknowledged: number;
			found: number;
			after: string;
			integrity: string;
		};
		assert.equal(said.code, 'ledger.full', stdout);
		assert.ok(said.named);
		assert.ok(said.acknowledged > 0);
		assert.equal(said.found, said.acknowledged);
		assert.deepEqual([said.after, said.integrity], ['written', 'ok']);
	});

	it('says that a page is damaged, and leaves the file as it is', async () => {
		const folder = folders.make();
		const file = join(folder, 'dreamos.db');
		const first = await open(folder);
		await first.write(ann, (transaction) =>
			insertTasks(
				transaction,
				...Array.from({ length: 200 }, (_, index) => buildTask(`t${index}`, { description: 'x'.repeat(500) })),
			),
		);
		first.dispose();
		const root = withDatabase(file, (database) =>
			Number(database.prepare("select rootpage from sqlite_schema where name = 'tasks'").get()?.['rootpage']),
		);
		const handle = openSync(file, 'r+');
		writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, (root - 1) * 4096);
		closeSync(handle);
		const before = readFileSync(file);
		const ledger = await open(folder);
		const isCorrupt = (error: unknown) => isDreamError(error, 'ledger.corrupt') && error.message.includes(file);
		await assert.rejects(
			ledger.read((reader) => reader.tasks()),
			isCorrupt,
		);
		await assert.rejects(
			ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('new'))),
			isCorrupt,
		);
		assert.deepEqual(await ledger.read((reader) => reader.events({ limit: 1 })).then((events) => events.length), 1);
		ledger.dispose();
		assert.deepEqual(readFileSync(file), before);
	});

	it('shows what it can of damaged rows, and reports each once', async () => {
		const folder = folders.make();
		const reports: string[] = [];
		const ledger = await open(folder, { log: { ...nullLogger, error: (message) => reports.push(message) } });
		await ledger.write(ann, async (transaction) => {
			await insertTasks(
				transaction,
				buildTask('sound'),
				buildTask('torn'),
				buildTask('recordless'),
				buildTask('mistaken'),
			);
			await transaction.insertRun(buildRun('run-1', 'a', { files: ['x'] }));
			await transaction.setFact('f', { a: 1 });
		});
		withDatabase(join(folder, 'dreamos.db'), (database) => {
			database.exec("update tasks set task = substr(task, 1, 20) where task_id = 'torn'");
			database.exec("update tasks set task = '[]' where task_id = 'mistaken'");
			database.exec("update tasks set record = 'null' where task_id = 'recordless'");
			database.exec("update runs set files = '{', gates = '7'; update facts set value = '{'");
			database.exec("insert into agents (agent_id, record) values ('broken', '{}')");
		});
		const tasks = await ledger.read((reader) => reader.tasks());
		await ledger.read((reader) => reader.tasks());
		assert.deepEqual(
			tasks.map(({ task }) => [task.task_id, task.status, task.name]),
			[
				['sound', 'READY', 'Name of sound'],
				['torn', 'READY', 'Name of torn'],
				['recordless', 'READY', 'Name of recordless'],
				['mistaken', 'READY', 'Name of mistaken'],
			],
		);
		assert.equal(tasks[2]?.record['name'], 'Name of recordless');
		assert.deepEqual((await ledger.read((reader) => reader.run('run-1')))?.files, []);
		assert.equal(await ledger.read((reader) => reader.fact('f')), undefined);
		assert.deepEqual(await ledger.read((reader) => reader.agents()), []);
		for (const row of ['tasks torn', 'tasks mistaken', 'tasks recordless', 'runs run-1', 'agents broken']) {
			assert.equal(reports.filter((line) => line.includes(row)).length, 1, `${row} in ${reports.join('\n')}`);
		}
		assert.equal(
			reports.some((line) => line.includes('sound')),
			false,
		);
	});

	it('reads the same task without its record, also one that was stored before it had all fields', async () => {
		const folder = folders.make();
		const ledger = await open(folder);
		await ledger.write(ann, (transaction) =>
			insertTasks(transaction, buildTask('first'), buildTask('older'), buildTask('torn'), buildTask('last')),
		);
		withDatabase(join(folder, 'dreamos.db'), (database) => {
			database.exec("update tasks set task = substr(task, 1, 20) where task_id = 'torn'");
			database.exec(`update tasks set task = json_remove(task, '$.due', '$.parent'),
				record = json_set(record, '$.due', '2026-05-01') where task_id = 'older'`);
		});
		const [whole, plain] = await ledger.read(async (reader) => [await reader.tasks(), await reader.plainTasks()]);
		assert.deepEqual(plain, whole.map(withoutRecord));
		assert.equal(plain[1]?.task.due, '2026-05-01T00:00:00.000Z');
		assert.ok(plain.every((task) => !('record' in task)));
		assert.deepEqual(
			(await ledger.read((reader) => reader.plainTasks({ ids: ['last'] }))).map(({ task }) => task.task_id),
			['last'],
		);
	});

	it('lets no tool change or delete an event', async () => {
		const folder = folders.make();
		const ledger = await open(folder);
		await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
		withDatabase(join(folder, 'dreamos.db'), (database) => {
			assert.throws(() => database.exec('delete from events'), /never deleted/u);
			assert.throws(() => database.exec("update events set message = 'other'"), /never changed/u);
		});
	});

	it('keeps its write-ahead log small', async () => {
		const folder = folders.make();
		const ledger = await open(folder);
		for (let round = 0; round < 30; round += 1) {
			await ledger.write(ann, (transaction) =>
				transaction.setBoard('task_backlog', { base: String(round).repeat(500_000) }),
			);
		}
		assert.ok(statSync(join(folder, 'dreamos.db-wal')).size < 20e6);
	});
});

/** Holds the write lock as another program would. */
function lockOf(file: string): { release(): void } {
	const { DatabaseSync } = loadNodeSqlite();
	const database = new DatabaseSync(file);
	database.exec('begin immediate');
	return {
		release() {
			database.exec('commit');
			database.close();
		},
	};
}
