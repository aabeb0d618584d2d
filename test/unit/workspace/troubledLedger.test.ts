// Checks what a door does with a ledger in trouble: one of a newer version is shown and left alone with all that belongs to it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isDreamError } from '../../../src/base/errors.ts';
import type { Logger } from '../../../src/base/log.ts';
import { migrations } from '../../../src/ledger/migrations.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { BoardWorkspace, contentsOf } from '../../support/boardWorkspace.ts';
import { withDatabase } from '../../support/ledgerFile.ts';
import { writeFiles } from '../../support/temporaryRepository.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const ann = { kind: 'human', id: 'ann' } as const;
const command = join(import.meta.dirname, '../../../src/cli.ts');
const run = promisify(execFile);

describe('a workspace', function () {
	this.timeout(120_000);
	const folders = useTemporaryFolders();
	const opened: OpenWorkspace[] = [];
	const said: string[] = [];
	const log: Logger = {
		debug: () => undefined,
		info: () => undefined,
		warn: (message) => void said.push(message),
		error: (message) => void said.push(message),
	};

	afterEach(async () => {
		for (const workspace of opened.splice(0)) {
			await workspace.close();
		}
		said.length = 0;
	});

	async function open(folder: string, follows: 'nothing' | 'everything' = 'nothing'): Promise<OpenWorkspace> {
		const workspace = await openWorkspace({ folder, log, startedFrom: 'terminal', hostScript: '/none', follows });
		opened.push(workspace);
		return workspace;
	}

	/** A folder with a ledger, its boards, and one task. */
	async function filled(): Promise<{
		readonly folder: string;
		readonly boards: BoardWorkspace;
		readonly ledger: string;
	}> {
		const boards = await BoardWorkspace.make(folders.make());
		await boards.create({ task_id: 'A', name: 'do A' });
		await boards.mirror().flush();
		await boards.close();
		return { folder: boards.folder, boards, ledger: join(boards.folder, 'runtime/dreamos.db') };
	}

	it('whose ledger is of a newer version is shown, says so, and changes neither ledger nor boards', async () => {
		const { folder, boards, ledger } = await filled();
		withDatabase(ledger, (database) => database.exec(`pragma user_version = ${migrations.length + 1}`));
		boards.editRecord('task_ready_queue', 'A', { name: 'typed by hand', status: 'BLOCKED' });
		const before = contentsOf(join(folder, 'runtime/agent_comms'));
		const workspace = await open(folder, 'everything');
		await workspace.flushBoards();
		const tasks = (await workspace.dream.perform('task.list', {}, ann)) as { task_id: string }[];
		assert.deepEqual(
			tasks.map(({ task_id }) => task_id),
			['A'],
		);
		const isNewer = (error: unknown) =>
			isDreamError(error, 'ledger.newer') && /Update Dream\.OS/u.test(error.advice ?? '');
		await assert.rejects(workspace.dream.perform('task.claim', { task_id: 'A' }, ann), isNewer);
		await assert.rejects(workspace.dream.perform('boards.accept', { board: 'task_ready_queue' }, ann), isNewer);
		assert.ok(said.some((line) => /written by a newer Dream\.OS; this one only shows it/u.test(line)));
		assert.deepEqual(contentsOf(join(folder, 'runtime/agent_comms')), before);
		// The same at a terminal: reading works, writing says why not.
		const words = ['--workspace', folder, '--json'];
		const listed = await run(process.execPath, [command, 'task', 'list', ...words]);
		assert.match(listed.stdout, /"task_id":"A"/u);
		assert.match(listed.stderr, /newer Dream\.OS/u);
		await assert.rejects(run(process.execPath, [command, 'task', 'claim', 'A', ...words]), (error) => {
			assert.match((error as { stderr: string }).stderr, /"code":"ledger\.newer"/u);
			return true;
		});
	});

	/** Two hundred tasks, and the root page of their table overwritten. */
	async function damaged(): Promise<{ readonly folder: string; readonly ledger: string; readonly bytes: Buffer }> {
		const { folder, boards, ledger } = await filled();
		await boards.openLedger();
		for (let index = 0; index < 200; index += 1) {
			await boards.create({ task_id: `T${index}`, name: `do ${index}`, description: 'x'.repeat(300) });
		}
		await boards.mirror().flush();
		await boards.close();
		const root = withDatabase(ledger, (database) => {
			const row = database.prepare("select rootpage from sqlite_schema where name = 'tasks'").get();
			return Number(row?.['rootpage']);
		});
		const bytes = readFileSync(ledger);
		bytes.fill(0xa5, (root - 1) * 4096, root * 4096);
		writeFileSync(ledger, bytes);
		return { folder, ledger, bytes };
	}

	const keptLedgers = (folder: string): Buffer[] =>
		readdirSync(join(folder, 'runtime/quarantine'))
			.filter((name) => /^ledger\..*\.db$/u.test(name))
			.map((name) => readFileSync(join(folder, 'runtime/quarantine', name)));

	it('whose ledger has a damaged page gets a new one from the boards, and the damaged file is kept', async () => {
		const { folder, bytes } = await damaged();
		const words = ['task', 'list', '--workspace', folder, '--json'];
		const { stdout, stderr } = await run(process.execPath, [command, ...words], { maxBuffer: 10_000_000 });
		assert.equal((JSON.parse(stdout) as object[]).length, 201);
		assert.match(stderr, /The ledger was damaged\. It is kept as runtime\/quarantine\/ledger\.\w+\.db/u);
		assert.deepEqual(keptLedgers(folder), [bytes]);
		const workspace = await open(folder);
		await workspace.dream.perform('task.claim', { task_id: 'T7' }, ann);
		assert.deepEqual(said, [], 'and all is well from then on');
	});

	it('whose ledger is damaged under an open window heals by itself, and acknowledges nothing into the old file', async () => {
		const { folder, bytes, ledger } = await damaged();
		const workspace = await open(folder, 'everything');
		const other = await open(folder);
		const created = (await workspace.dream.perform('task.create', { name: 'new', task_id: 'N' }, ann)) as object;
		assert.ok(created);
		await workspace.flushBoards();
		// Who had the damaged file open notices, and does not write where nobody reads.
		await other.dream.perform('task.claim', { task_id: 'N' }, ann).catch((error: unknown) => {
			assert.ok(isDreamError(error), String(error));
		});
		await other.refreshState();
		const tasks = (await other.dream.perform('task.list', {}, ann)) as { task_id: string }[];
		assert.equal(tasks.length, 202);
		assert.deepEqual(keptLedgers(folder), [bytes]);
		assert.notDeepEqual(readFileSync(ledger), bytes);
	});

	it('whose ledger file is no ledger at all gets a new one, and the file is kept', async () => {
		const { folder, ledger } = await filled();
		for (const suffix of ['-wal', '-shm']) {
			rmSync(ledger + suffix, { force: true });
		}
		writeFileSync(ledger, 'nonsense '.repeat(50));
		const workspace = await open(folder);
		const tasks = (await workspace.dream.perform('task.list', {}, ann)) as { task_id: string }[];
		assert.deepEqual(
			tasks.map(({ task_id }) => task_id),
			['A'],
		);
		assert.deepEqual(keptLedgers(folder), [Buffer.from('nonsense '.repeat(50))]);
	});

	it('is adopted once when two windows and a terminal adopt it at the same moment', async () => {
		const folder = folders.make();
		const boards = 'runtime/agent_comms/project_boards';
		writeFiles(folder, {
			[`${boards}/task_backlog.json`]:
				'[{"task_id": "A", "name": "first", "status": "TODO", "theirs": {"kept": 1}}]',
			[`${boards}/working_tasks.json`]: '[{"task_id": "B", "status": "WORKING", "claimed_by": "Agent 3"}]',
			[`${boards}/completed_tasks.json`]: '[{"task_id": "C", "status": "done"}]',
		});
		const windows = [await open(folder, 'everything'), await open(folder, 'everything')];
		const terminal = run(process.execPath, [command, 'init', '--yes', '--workspace', folder]);
		const adopted = await Promise.allSettled([
			...windows.map((window) => window.dream.perform('workspace.adopt', { confirm: true }, ann)),
			terminal,
		]);
		assert.ok(adopted.some(({ status }) => status === 'fulfilled'));
		for (const each of adopted) {
			// Who came too late may be told so, and nothing else.
			assert.ok(
				each.status === 'fulfilled' || /not.*(?:foreign|somebody else)|taken over/iu.test(String(each.reason)),
				JSON.stringify(each),
			);
		}
		const [first, second] = windows;
		await first?.refreshState();
		await second?.refreshState();
		await first?.flushBoards();
		for (const window of windows) {
			const tasks = (await window.dream.perform('task.list', {}, ann)) as { task_id: string }[];
			assert.deepEqual(tasks.map(({ task_id }) => task_id).sort(), ['A', 'B', 'C']);
		}
		const events = (await first?.ledger()?.read((reader) => reader.events())) ?? [];
		assert.equal(events.filter(({ type }) => type === 'workspace.adopted').length, 1);
		assert.equal(events.filter(({ type }) => type === 'task.created').length, 3);
		const shown = contentsOf(join(folder, boards));
		assert.ok([...shown.values()].join('').includes('"theirs"'));
		assert.deepEqual(await windows[1]?.dream.perform('boards.check', {}, ann), {
			ok: true,
			problems: [],
		});
	});
});
