// Checks what a folder is to us, and its first set-up, also when two processes do it at once.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDreamError } from '../../../../src/base/errors.ts';
import type { JsonObject } from '../../../../src/base/json.ts';
import { nullLogger } from '../../../../src/base/log.ts';
import { readAgents } from '../../../../src/core/workspace/agentRecords.ts';
import { adoptBoards, rebuildLedger } from '../../../../src/core/workspace/adoptBoards.ts';
import { initializeWorkspace } from '../../../../src/core/workspace/initializeWorkspace.ts';
import { isSetUp } from '../../../../src/core/workspace/setUp.ts';
import { lookAtWorkspace } from '../../../../src/core/workspace/lookAtWorkspace.ts';
import { openLedger } from '../../../../src/ledger/openLedger.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { systemClock } from '../../../../src/node/systemClock.ts';
import { BoardWorkspace, contentsOf } from '../../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann } from '../../../support/temporaryLedger.ts';

describe('setting up a workspace', () => {
	const folders = useTemporaryFolders();
	const open: BoardWorkspace[] = [];
	const at = (folder: string) => {
		const workspace = new BoardWorkspace(folder);
		open.push(workspace);
		return workspace;
	};
	afterEach(async () => {
		for (const workspace of open.splice(0)) {
			await workspace.close();
		}
	});
	const look = (folder: string) => lookAtWorkspace(nodeFileSystem, folder);
	const put = (folder: string, path: string, content: string) => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), content);
	};

	it('tells none, foreign and ours apart without writing anything', async () => {
		const folder = folders.make();
		assert.equal((await look(folder)).state, 'none');
		put(folder, 'runtime/anything.txt', 'x');
		const before = contentsOf(folder);
		assert.equal((await look(folder)).state, 'foreign');
		assert.deepEqual(contentsOf(folder), before);
		put(folder, 'runtime/dreamos.json', 'not even JSON');
		assert.deepEqual(await look(folder), { state: 'ours', isLedgerLost: true, version: undefined });
		put(folder, 'runtime/dreamos.db', '');
		assert.deepEqual(await look(folder), { state: 'ours', isLedgerLost: false, version: undefined });
	});

	it('creates marker, ledger, boards, agents with roles, and an ignore list', async () => {
		const workspace = at(folders.make());
		const { created } = await initializeWorkspace(workspace.tools, ann);
		const files = [...contentsOf(join(workspace.folder, 'runtime'))]
			.filter(([, content]) => content !== 'folder')
			.map(([name]) => name);
		for (const path of created) {
			assert.ok(existsSync(join(workspace.folder, path)), path);
		}
		const ours = files.filter((name) => !name.startsWith('dreamos.db-'));
		assert.deepEqual([...created].map((path) => path.slice('runtime/'.length)).sort(), ours.sort());
		assert.deepEqual(workspace.ids(), {
			task_backlog: [],
			task_ready_queue: [],
			working_tasks: [],
			completed_tasks: [],
		});
		assert.deepEqual(await look(workspace.folder), { state: 'ours', isLedgerLost: false, version: 1 });
		const agents = readAgents(readFileSync(join(workspace.folder, 'runtime/agents.json')));
		assert.deepEqual(
			[...agents.agents.keys()],
			['Agent-1', 'Agent-2', 'Agent-3', 'Agent-4', 'Agent-5', 'Agent-6', 'Agent-7', 'Agent-8'],
		);
		assert.deepEqual([...agents.agents.values()], await workspace.ledger.read((reader) => reader.agents()));
		for (const { role, driver } of agents.agents.values()) {
			assert.equal(driver, 'command');
			const text = readFileSync(join(workspace.folder, `runtime/roles/${role}.md`), 'utf8');
			assert.match(text, /^# /u);
			assert.match(text, /stop and ask/u, 'an agent may always ask');
		}
		assert.match(readFileSync(join(workspace.folder, 'runtime/.gitignore'), 'utf8'), /^dreamos\.db\*$/mu);
		assert.deepEqual(await workspace.mirror().check(), []);
	});

	it('keeps everything that is there the second time', async () => {
		const workspace = at(folders.make());
		await initializeWorkspace(workspace.tools, ann);
		put(workspace.folder, 'runtime/roles/captain.md', 'mine');
		put(workspace.folder, 'runtime/.gitignore', 'own\n');
		await workspace.create({ task_id: 'A', name: 'do it' });
		const mirror = workspace.mirror();
		await mirror.flush();
		const events = (await workspace.events()).length;
		const { created } = await initializeWorkspace(workspace.tools, ann);
		assert.deepEqual(created, []);
		assert.equal((await workspace.events()).length, events);
		assert.equal(readFileSync(join(workspace.folder, 'runtime/roles/captain.md'), 'utf8'), 'mine');
		assert.equal(
			readFileSync(join(workspace.folder, 'runtime/.gitignore'), 'utf8'),
			'own\ndreamos.db*\nlogs/\nquarantine/\n*.tmp\n',
		);
		assert.deepEqual(workspace.ids().task_ready_queue, ['A']);
	});

	it('does nothing twice when two processes begin at once', async () => {
		const folder = folders.make();
		const workspaces = [at(folder), at(folder), at(folder)];
		await Promise.all(workspaces.map(({ tools }) => initializeWorkspace(tools, ann)));
		const [first] = workspaces;
		const events = (await first?.events()) ?? [];
		assert.equal(events.filter(({ type }) => type === 'workspace.initialized').length, 1);
		assert.equal(events.filter(({ type }) => type === 'agent.changed').length, 8);
		assert.deepEqual(await first?.mirror().check(), []);
	});

	it('refuses a runtime folder of somebody else, and to adopt where there is none', async () => {
		const folder = folders.make();
		const refused = (code: string) => (error: unknown) =>
			isDreamError(error) && error.code === code && error.advice !== undefined;
		await assert.rejects(adoptBoards(at(folder).tools, ann), refused('workspace.notForeign'));
		put(folder, 'runtime/x', '');
		const before = contentsOf(folder);
		await assert.rejects(initializeWorkspace(at(folder).tools, ann), refused('workspace.foreign'));
		assert.deepEqual(contentsOf(folder), before);
	});

	it('rebuilds a lost ledger from the boards, and puts lost work of agents back', async () => {
		const workspace = at(folders.make());
		await initializeWorkspace(workspace.tools, ann);
		const mirror = workspace.mirror();
		for (const id of ['A', 'B', 'C', 'D']) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
		await workspace.create({ task_id: 'E', name: 'later', dependencies: ['A'] });
		await workspace.claim('A', 'Agent-3', 'host-1');
		await workspace.claim('B', 'ann', null);
		await workspace.claim('C', 'ann', null);
		await workspace.move('C', 'complete');
		await mirror.flush();
		writeFileSync(
			join(workspace.folder, 'runtime/agents.json'),
			JSON.stringify(
				(await workspace.ledger.read((reader) => reader.agents())).map((agent) => ({ ...agent, mood: 'fine' })),
			),
		);
		await mirror.flush();
		const records = workspace.records('completed_tasks');
		await workspace.close();
		for (const suffix of ['', '-wal', '-shm']) {
			rmSync(join(workspace.folder, `runtime/dreamos.db${suffix}`), { force: true });
		}
		assert.equal((await look(workspace.folder)).isLedgerLost, true);
		await assert.rejects(initializeWorkspace(workspace.tools, ann), (error: unknown) =>
			isDreamError(error, 'workspace.ledgerLost'),
		);

		const adoption = await rebuildLedger(workspace.tools, ann);
		assert.equal(adoption.isPerformed, true);
		assert.equal(await isSetUp(workspace.ledger), true);
		await workspace.mirror().flush();
		assert.deepEqual(workspace.ids(), {
			task_backlog: ['E'],
			task_ready_queue: ['D', 'A'],
			working_tasks: ['B'],
			completed_tasks: ['C'],
		});
		const a = await workspace.task('A');
		assert.deepEqual(
			[a?.task.status, a?.task.claimed_by, (await workspace.task('B'))?.task.claimed_by],
			['READY', null, 'ann'],
		);
		assert.deepEqual(workspace.records('completed_tasks'), records);
		assert.deepEqual(
			(await workspace.ledger.read((reader) => reader.agents())).map((agent) => agent['mood']),
			Array(8).fill('fine'),
		);
		assert.equal((await workspace.events()).at(-1)?.type, 'workspace.rebuilt');
		assert.equal((await rebuildLedger(workspace.tools, ann)).isPerformed, false, 'once only');
	});

	it('finishes what was interrupted between marker and ledger', async () => {
		const workspace = at(folders.make());
		const failing = { ...workspace.tools, openLedger: () => Promise.reject(new Error('killed')) };
		await assert.rejects(initializeWorkspace(failing, ann), /killed/u);
		assert.equal((await look(workspace.folder)).isLedgerLost, true);
		assert.equal((await rebuildLedger(workspace.tools, ann)).isPerformed, true);
		await workspace.mirror().flush();
		assert.deepEqual(workspace.ids(), {
			task_backlog: [],
			task_ready_queue: [],
			working_tasks: [],
			completed_tasks: [],
		});
		assert.equal((await workspace.ledger.read((reader) => reader.agents())).length, 8);
	});

	it('knows a ledger that was made and not set up', async () => {
		const folder = folders.make();
		const ledger = await openLedger({ path: join(folder, 'dreamos.db'), clock: systemClock, log: nullLogger });
		assert.equal(await isSetUp(ledger), false);
		ledger.dispose();
	});

	it('keeps agents that are there already, unknown fields included', async () => {
		const workspace = at(folders.make());
		put(
			workspace.folder,
			'runtime/agents.json',
			'[\n  {"id": "zoe", "driver": "acp", "command": ["zoe"], "x": 1}\n]\n',
		);
		const text = readFileSync(join(workspace.folder, 'runtime/agents.json'), 'utf8');
		await adoptBoards(workspace.tools, ann);
		await workspace.mirror().flush();
		assert.equal(readFileSync(join(workspace.folder, 'runtime/agents.json'), 'utf8'), text);
		const [agent] = await workspace.ledger.read((reader) => reader.agents());
		assert.deepEqual([agent?.id, agent?.driver, (agent as JsonObject | undefined)?.['x']], ['zoe', 'acp', 1]);
	});
});
