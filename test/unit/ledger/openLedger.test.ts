// Checks what opening says of every kind of file that may lie where the ledger should, and that none of them is harmed.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import type { ErrorCode } from '../../../src/base/errors.ts';
import { migrations } from '../../../src/ledger/migrations.ts';
import { loadNodeSqlite } from '../../../src/ledger/nodeSqlite.ts';
import { ann, buildTask, insertTasks } from '../../support/ledgerBuilders.ts';
import { useLedgerFiles, withDatabase } from '../../support/ledgerFile.ts';
import { asOrdinaryPerson } from '../../support/ordinaryPerson.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

/** The error has the code, names the file and says what to do next. */
const refusal = (code: ErrorCode, named: string) => (error: unknown) => {
	assert.ok(isDreamError(error), String(error));
	assert.equal(error.code, code, error.message);
	assert.ok(error.message.includes(named), error.message);
	assert.ok((error.advice ?? '').length > 10, 'no advice');
	return true;
};

/** Files in a folder, without the two SQLite keeps beside an open file. */
const ownFiles = (folder: string) => readdirSync(folder).filter((name) => !/-(?:wal|shm)$/u.test(name));

describe('openLedger', () => {
	const folders = useTemporaryFolders();
	const open = useLedgerFiles();
	const newFile = () => {
		const folder = folders.make();
		return { folder, file: join(folder, 'dreamos.db') };
	};

	async function filled(): Promise<{ readonly folder: string; readonly file: string }> {
		const place = newFile();
		const ledger = await open(place.folder);
		await ledger.write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
		ledger.dispose();
		return place;
	}

	it('makes a ledger where there is none, durable and marked as ours', async () => {
		const { folder, file } = await filled();
		const ledger = await open(folder);
		assert.equal((await ledger.read((reader) => reader.tasks())).length, 1);
		const header = readFileSync(file);
		assert.equal(header.toString('latin1', 68, 72), 'DrOS');
		withDatabase(file, (database) => {
			assert.deepEqual({ ...database.prepare('pragma journal_mode').get() }, { journal_mode: 'wal' });
			assert.deepEqual({ ...database.prepare('pragma user_version').get() }, { user_version: migrations.length });
		});
	});

	it('makes one of an empty file too: a program was ended before it wrote the first byte', async () => {
		const { folder, file } = newFile();
		writeFileSync(file, '');
		await (await open(folder)).write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
	});

	it('goes on where another program was ended while it made the ledger', async () => {
		const { folder, file } = newFile();
		withDatabase(file, (database) => database.exec('pragma user_version = 0; create table t (x); drop table t'));
		assert.ok(readFileSync(file).length > 0);
		await (await open(folder)).write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
	});

	it('takes a ledger of an unfinished migration back to the start of it', async () => {
		const { folder, file } = newFile();
		withDatabase(file, (database) => {
			database.exec(`pragma application_id = ${0x44724f53}; pragma journal_mode = wal`);
			database.exec('begin; create table half (x); rollback');
		});
		await (await open(folder)).write(ann, (transaction) => insertTasks(transaction, buildTask('a')));
	});

	it('shows a ledger of a newer version and changes nothing in it', async () => {
		const { folder, file } = await filled();
		withDatabase(file, (database) =>
			database.exec(`pragma user_version = ${migrations.length + 1}; create table later (x text) strict`),
		);
		const ledger = await open(folder);
		assert.equal((await ledger.read((reader) => reader.tasks())).length, 1);
		await assert.rejects(
			ledger.write(ann, (transaction) => transaction.setFact('f', 1)),
			refusal('ledger.newer', file),
		);
		withDatabase(file, (database) => {
			assert.deepEqual(
				{ ...database.prepare('pragma user_version').get() },
				{ user_version: migrations.length + 1 },
			);
			assert.equal(database.prepare('select count(*) as count from facts').get()?.['count'], 0);
		});
	});

	describe('refuses, and leaves every byte as it is:', () => {
		async function refused(content: Buffer | string, code: ErrorCode): Promise<void> {
			const { folder, file } = newFile();
			writeFileSync(file, content);
			for (const readOnly of [false, true]) {
				await assert.rejects(open(folder, { readOnly }), refusal(code, file));
			}
			assert.deepEqual(readFileSync(file), Buffer.from(content));
			assert.deepEqual(ownFiles(folder), ['dreamos.db']);
		}

		it('text', () => refused('[{"task_id": "a"}]\n', 'ledger.corrupt'));
		it('zeros, as a crash of the machine leaves them', () => refused(Buffer.alloc(8192), 'ledger.corrupt'));
		it('a torn header', async () => refused(readFileSync((await filled()).file).subarray(0, 60), 'ledger.corrupt'));

		it('a ledger whose pages are garbage', async () => {
			const bytes = Buffer.from(readFileSync((await filled()).file));
			bytes.fill(0xa5, 100);
			await refused(bytes, 'ledger.corrupt');
		});

		it('the file of another program', async () => {
			const { file } = newFile();
			withDatabase(file, (database) => database.exec('create table theirs (x); insert into theirs values (1)'));
			await refused(readFileSync(file), 'ledger.foreign');
		});

		it('the marked file of another program', async () => {
			const { file } = newFile();
			withDatabase(file, (database) => database.exec('pragma application_id = 77; pragma journal_mode = wal'));
			await refused(readFileSync(file), 'ledger.foreign');
		});
	});

	it('says that a folder is not a ledger, and that a ledger needs a folder', async () => {
		const { folder, file } = newFile();
		mkdirSync(file);
		await assert.rejects(open(folder), refusal('ledger.unreadable', file));
		await assert.rejects(open(join(folder, 'missing')), refusal('ledger.noFolder', join(folder, 'missing')));
		assert.equal(existsSync(join(folder, 'missing')), false);
	});

	it('refuses a network file system and names the two ways out', async () => {
		const { folder, file } = newFile();
		const detectNetworkFolder = (asked: string) => Promise.resolve(asked === folder ? 'NFS' : undefined);
		await assert.rejects(open(folder, { detectNetworkFolder }), (error) => {
			assert.ok(refusal('ledger.networkFolder', 'NFS')(error) && isDreamError(error));
			assert.match(error.advice ?? '', /on this machine.*PostgreSQL/u);
			return true;
		});
		assert.equal(existsSync(file), false);
	});

	it('says which Node is too old, and what to do', () => {
		const version = process.versions.node;
		assert.throws(() => loadNodeSqlite(() => undefined), refusal('ledger.noSqlite', version));
	});

	describe('for reading only', () => {
		it('reads, refuses writes, and makes no file', async () => {
			const { folder, file } = await filled();
			const before = ownFiles(folder);
			const ledger = await open(folder, { readOnly: true });
			assert.equal((await ledger.read((reader) => reader.tasks())).length, 1);
			await assert.rejects(
				ledger.write(ann, (transaction) => transaction.setFact('f', 1)),
				refusal('ledger.readOnly', file),
			);
			ledger.dispose();
			assert.deepEqual(ownFiles(folder), before);
		});

		it('sees what others write meanwhile', async () => {
			const { folder } = await filled();
			const [reading, writing] = [await open(folder, { readOnly: true }), await open(folder)];
			await writing.write(ann, (transaction) => insertTasks(transaction, buildTask('b')));
			assert.equal((await reading.read((reader) => reader.tasks())).length, 2);
		});

		it('says that there is none instead of making one', async () => {
			const { folder, file } = newFile();
			await assert.rejects(open(folder, { readOnly: true }), refusal('ledger.missing', file));
			writeFileSync(file, '');
			await assert.rejects(open(folder, { readOnly: true }), refusal('ledger.missing', file));
			assert.equal(readFileSync(file).length, 0);
		});
	});

	describe('where one may not write', () => {
		async function locked(work: (place: { folder: string; file: string }) => Promise<void>): Promise<void> {
			const place = await filled();
			const before = readFileSync(place.file);
			chmodSync(place.file, 0o444);
			chmodSync(place.folder, 0o555);
			await asOrdinaryPerson(place.folder, () => work(place));
			chmodSync(place.folder, 0o755);
			assert.deepEqual(readFileSync(place.file), before);
		}

		it('refuses to open for writing, and says so', () =>
			locked(({ folder, file }) => assert.rejects(open(folder), refusal('ledger.readOnly', file))));

		it('still reads, though SQLite cannot make its helper files there', () =>
			locked(async ({ folder }) => {
				const ledger = await open(folder, { readOnly: true });
				assert.deepEqual(
					(await ledger.read((reader) => reader.tasks())).map(({ task }) => task.task_id),
					['a'],
				);
				ledger.dispose();
			}));

		it('refuses to make one in a read-only folder', async () => {
			const { folder, file } = newFile();
			chmodSync(folder, 0o555);
			await asOrdinaryPerson(folder, () => assert.rejects(open(folder), refusal('ledger.readOnly', file)));
		});
	});
});
