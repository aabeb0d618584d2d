// Checks the assembly behind every door: set-up, a ledger that vanishes while it is open, and one that was lost before.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../../src/base/errors.ts';
import type { Actor } from '../../../src/core/actor.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { openTerminalWorkspace } from '../../support/terminalWorkspace.ts';

const ann: Actor = { kind: 'cli', id: 'ann' };
const readyQueue = 'runtime/agent_comms/project_boards/task_ready_queue.json';

describe('openWorkspace', () => {
	const folders = useTemporaryFolders();
	const opened: OpenWorkspace[] = [];
	const open = async (folder: string, trustRefusal?: () => string | undefined) => {
		const workspace = await openTerminalWorkspace(folder, {
			...(trustRefusal === undefined ? {} : { trustRefusal }),
		});
		opened.push(workspace);
		return workspace;
	};
	const dropLedger = (folder: string) => {
		const runtime = join(folder, 'runtime');
		for (const name of readdirSync(runtime).filter((each) => each.startsWith('dreamos.db'))) {
			rmSync(join(runtime, name));
		}
	};
	const refused = (code: string) => (error: unknown) => {
		assert.equal(isDreamError(error) ? error.code : error, code);
		return true;
	};
	afterEach(async () => {
		await Promise.all(opened.splice(0).map((workspace) => workspace.close()));
	});

	it('writes nothing before it is told to, then sets up', async () => {
		const folder = folders.make();
		const workspace = await open(folder);
		assert.deepEqual([workspace.state(), readdirSync(folder)], ['none', []]);
		await assert.rejects(workspace.dream.perform('task.list', {}, ann), refused('workspace.notInitialized'));
		await workspace.dream.perform('workspace.initialize', {}, ann);
		assert.equal(workspace.state(), 'ours');
		await assert.rejects(open(join(folder, 'nowhere')), refused('workspace.noFolder'));
	});

	it('writes no board from a ledger whose file is gone, and rebuilds it on the next start', async () => {
		const folder = folders.make();
		const workspace = await open(folder);
		await workspace.dream.perform('workspace.initialize', {}, ann);
		await workspace.dream.perform('task.create', { task_id: 'A', name: 'keep me' }, ann);
		await workspace.flushBoards();
		const shown = readFileSync(join(folder, readyQueue), 'utf8');
		dropLedger(folder);
		await workspace.dream.perform('task.cancel', { task_id: 'A' }, ann);
		await assert.rejects(workspace.flushBoards(), refused('workspace.ledgerLost'));
		await assert.rejects(workspace.assertLedger(), refused('workspace.ledgerLost'));
		assert.equal(readFileSync(join(folder, readyQueue), 'utf8'), shown);
		const again = await open(folder);
		const tasks = (await again.dream.perform('task.list', {}, ann)) as { task_id: string; status: string }[];
		assert.deepEqual(
			tasks.map(({ task_id, status }) => [task_id, status]),
			[['A', 'READY']],
		);
	});

	it('shows what is there but changes nothing where it is not trusted', async () => {
		const folder = folders.make();
		const trusted = await open(folder);
		await trusted.dream.perform('workspace.initialize', {}, ann);
		await trusted.dream.perform('task.create', { task_id: 'A', name: 'look at me' }, ann);
		const workspace = await open(folder, () => 'This workspace is not trusted.');
		const tasks = (await workspace.dream.perform('task.list', {}, ann)) as object[];
		assert.equal(tasks.length, 1);
		await assert.rejects(workspace.dream.perform('task.claim', { task_id: 'A' }, ann), refused('ledger.readOnly'));
		await assert.rejects(workspace.dream.perform('swarm.start', {}, ann), refused('swarm.notTrusted'));
		const check = (await workspace.dream.perform('boards.check', {}, ann)) as { ok: boolean };
		assert.equal(check.ok, true);
	});

	it('does not call boards in order where there are none', async () => {
		const workspace = await open(folders.make());
		await assert.rejects(workspace.dream.perform('boards.check', {}, ann), refused('workspace.notInitialized'));
	});

	it('says why nobody works on a task', async () => {
		const folder = folders.make();
		const workspace = await open(folder);
		await workspace.dream.perform('workspace.initialize', {}, ann);
		await workspace.dream.perform(
			'task.create',
			{ task_id: 'A', name: 'a', run: ['true'], required_capabilities: ['magic'] },
			ann,
		);
		const shown = (await workspace.dream.perform('task.show', { task_id: 'A' }, ann)) as {
			waiting_because: string;
		};
		assert.match(shown.waiting_because, /swarm|magic/u);
	});

	it('leaves boards of somebody else alone', async () => {
		const folder = folders.make();
		mkdirSync(join(folder, 'runtime/agent_comms/project_boards'), { recursive: true });
		writeFileSync(join(folder, readyQueue), '[{"task_id":"X","status":"PENDING"}]');
		const workspace = await open(folder);
		assert.equal(workspace.state(), 'foreign');
		assert.equal(((await workspace.dream.perform('task.list', {}, ann)) as object[]).length, 1);
		const shown = (await workspace.dream.perform('task.show', { task_id: 'X' }, ann)) as Record<string, unknown>;
		assert.deepEqual([shown['task_id'], shown['runs'], shown['history']], ['X', [], []]);
		await assert.rejects(workspace.dream.perform('task.show', { task_id: 'Y' }, ann), refused('task.unknown'));
		await assert.rejects(
			workspace.dream.perform('task.claim', { task_id: 'X' }, ann),
			refused('workspace.foreign'),
		);
		assert.equal(readFileSync(join(folder, readyQueue), 'utf8'), '[{"task_id":"X","status":"PENDING"}]');
	});
});
