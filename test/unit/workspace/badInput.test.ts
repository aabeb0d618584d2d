// Checks what happens to bad input that comes through the board files: every case ends in a clear problem on its line, or in the task
// exactly as it was typed, and in no case is anything lost.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../../src/base/json.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { BoardWorkspace } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const ready = 'task_ready_queue';
const file = 'runtime/agent_comms/project_boards/task_ready_queue.json';

describe('bad input in a board file', function () {
	this.timeout(120_000);
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let mirror: BoardMirror;

	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		mirror = workspace.mirror();
		await workspace.create({ task_id: 'A', name: 'do A' });
		await mirror.flush();
		workspace.later();
	});
	afterEach(() => workspace.close());

	/** Types a text into the file, lets it be read, and lets the ledger change the board afterwards. */
	async function typed(text: string | Uint8Array): Promise<void> {
		workspace.write(ready, text);
		await mirror.flush();
		await workspace.create({ task_id: 'Z', name: 'came later' });
		await mirror.flush();
	}

	const problems = async (): Promise<string[]> =>
		(await mirror.check()).map(({ code, line, message, advice }) => `${line} ${code} ${message} ${advice}`);

	it('is named by file, line, field and the allowed values when a word is unknown', async () => {
		const records = [
			'{"task_id": "A", "name": "do A",',
			'"status": "SORT_OF_DONE",',
			'"priority": "soon",',
			'"tags": 7}',
		];
		await typed(`[\n${records.join('\n')}\n]\n`);
		const found = await mirror.check();
		assert.deepEqual(
			found.map((problem) => [problem.file, problem.line, problem.code, problem.task_id]),
			[
				[file, 3, 'task.unknownStatus', 'A'],
				[file, 4, 'task.unknownPriority', 'A'],
				[file, 5, 'task.badField', 'A'],
			],
		);
		const [status, priority, tags] = await problems();
		assert.match(status ?? '', /status.*SORT_OF_DONE.*PENDING, READY, .*CANCELLED/u);
		assert.match(priority ?? '', /priority.*soon.*CRITICAL, HIGH, MEDIUM, LOW/u);
		assert.match(tags ?? '', /tags.*7/u);
		// What was typed still stands where it was typed, and the rest of the task is untouched.
		assert.ok(records.every((line) => workspace.text(ready).includes(line)));
		assert.equal(await workspace.status('A'), 'READY');
	});

	it('keeps a description of 10 MB to the last character', async () => {
		const description = `${'long '.repeat(2_000_000)}end`;
		await typed(JSON.stringify([{ task_id: 'A', name: 'do A', status: 'READY', description }]));
		assert.equal((await workspace.task('A'))?.task.description, description);
		assert.equal(workspace.records(ready)[0]?.['description'], description);
		assert.deepEqual(await problems(), []);
	});

	it('keeps a value nested 1,000 levels deep, and says where one is too deep', async () => {
		const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
		await typed(`[{"task_id": "A", "name": "do A", "status": "READY", "deep": ${nested(1000)}}]`);
		assert.equal(JSON.stringify((await workspace.task('A'))?.record['deep']), nested(1000));
		assert.ok(workspace.text(ready).includes(nested(1000)));
		assert.deepEqual(await problems(), []);
		const tooDeep = `[{"task_id": "A", "deep": ${nested(100_000)}}]`;
		await typedUnreadable(tooDeep, /^1 board\.(?:tooDeep|unreadable) /u);
	});

	async function typedUnreadable(text: string | Uint8Array, problem: RegExp): Promise<void> {
		workspace.write(ready, text);
		await mirror.flush();
		await workspace.create({ task_id: 'Y', name: 'came while nobody could read it' });
		await mirror.flush();
		const found = await problems();
		assert.ok(found.length === 1 && problem.test(found[0] ?? ''), found.join('\n'));
		assert.deepEqual(readFileSync(workspace.path(ready)), Buffer.from(text), 'the file stays as it was typed');
		const copies = workspace.quarantine().filter((name) => name.startsWith(ready));
		assert.ok(
			copies.some((name) =>
				readFileSync(join(workspace.folder, 'runtime/quarantine', name)).equals(Buffer.from(text)),
			),
			'and is kept aside',
		);
		assert.equal(await workspace.status('A'), 'READY');
	}

	it('says that a key stands twice, and keeps both before it writes the file anew', async () => {
		const text = '[\n{"task_id": "A", "name": "first",\n"name": "second", "status": "READY"}\n]\n';
		workspace.write(ready, text);
		await mirror.flush();
		assert.match((await problems()).join('\n'), /^2 record\.duplicateKey .*"name".*twice/u);
		assert.equal((await workspace.task('A'))?.task.name, 'second');
		await workspace.claim('A', 'ann', null);
		await mirror.flush();
		const [copy = ''] = workspace.quarantine();
		assert.equal(readFileSync(join(workspace.folder, 'runtime/quarantine', copy), 'utf8'), text);
	});

	it('keeps a key called __proto__ and changes nobody by it', async () => {
		const key = '"__proto__": {"status": "COMPLETED", "isAdmin": true}';
		await typed(`[{"task_id": "A", "name": "do A", "status": "READY", ${key}, "constructor": 1}]`);
		assert.equal(await workspace.status('A'), 'READY');
		assert.ok(workspace.text(ready).includes('"__proto__"'));
		const record = (await workspace.task('A'))?.record ?? {};
		assert.ok(Object.hasOwn(record, '__proto__'));
		assert.equal(({} as Record<string, JsonValue>)['isAdmin'], undefined);
	});

	it('keeps half a surrogate pair, on its way through ledger and board', async () => {
		await typed(
			'[{"task_id": "A", "name": "half \\ud83d and \\udc00 half", "status": "READY", "x\\ud800": "\\udfff"}]',
		);
		assert.equal((await workspace.task('A'))?.task.name, 'half \ud83d and \udc00 half');
		await workspace.claim('A', 'ann', null);
		await mirror.flush();
		const [record] = workspace.records('working_tasks');
		assert.equal(record?.['name'], 'half \ud83d and \udc00 half');
		assert.equal(record?.['x\ud800'], '\udfff');
		assert.deepEqual(await problems(), []);
	});

	it('keeps the line ends and the mark of a file from Windows', async () => {
		await typed(
			'\uFEFF[\r\n  {\r\n    "task_id": "A",\r\n    "name": "von Hand",\r\n    "status": "READY"\r\n  }\r\n]\r\n',
		);
		const text = workspace.text(ready);
		assert.ok(text.startsWith('\uFEFF[\r\n') && text.endsWith('\r\n'));
		assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
		assert.deepEqual(
			workspace.records.call({ text: () => text.slice(1) }, ready).map((record) => record['name']),
			['von Hand', 'came later'],
		);
	});

	for (const [name, mark, isSwapped] of [
		['little', [0xff, 0xfe], false],
		['big', [0xfe, 0xff], true],
	] as const) {
		it(`says that a file is UTF-16 (${name} endian), leaves it alone, and goes on once it is UTF-8`, async () => {
			const text = '[{"task_id": "A", "name": "geändert", "status": "READY"}]';
			const body = Buffer.from(text, 'utf16le');
			const bytes = Buffer.concat([Buffer.from(mark), isSwapped ? body.swap16() : body]);
			await typedUnreadable(bytes, /^1 board\.encoding .*UTF-16.*UTF-8/u);
			workspace.write(ready, text);
			await mirror.flush();
			assert.equal((await workspace.task('A'))?.task.name, 'geändert');
			assert.deepEqual(await problems(), []);
		});
	}
});
