// Checks what an open folder does by itself: nothing while nothing changes, and following what others do to it.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../../../src/base/async.ts';
import type { Actor } from '../../../src/core/actor.ts';
import { runtimePaths } from '../../../src/core/paths.ts';
import type { OpenWorkspace, WorkspaceOptions } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { openTerminalWorkspace } from '../../support/terminalWorkspace.ts';

const ann: Actor = { kind: 'cli', id: 'ann' };

describe('a folder that is followed', () => {
	const folders = useTemporaryFolders();
	const opened: OpenWorkspace[] = [];
	const open = async (folder: string, follows: WorkspaceOptions['follows'] = 'everything') => {
		const workspace = await openTerminalWorkspace(folder, { follows });
		opened.push(workspace);
		return workspace;
	};
	const writeBacklog = (folder: string, ids: readonly string[]) => {
		mkdirSync(join(folder, runtimePaths.boards), { recursive: true });
		const records = ids.map((id) => ({ id, title: id, status: 'todo' }));
		writeFileSync(join(folder, runtimePaths.boards, 'task_backlog.json'), JSON.stringify(records));
	};
	/** Resolves with the first picture that fits. */
	const untilShown = (workspace: OpenWorkspace, fits: (workspace: OpenWorkspace) => boolean) =>
		new Promise<void>((resolve) => {
			const look = () => fits(workspace) && resolve();
			workspace.model.onDidChange(look);
			look();
		});
	afterEach(async () => {
		await Promise.all(opened.splice(0).map((workspace) => workspace.close()));
	});

	for (const kind of ['foreign', 'none', 'ours'] as const) {
		it(`comes to rest while nothing changes (${kind})`, async () => {
			const folder = folders.make();
			if (kind === 'foreign') {
				writeBacklog(folder, ['A']);
			}
			if (kind === 'ours') {
				await (await open(folder, 'nothing')).dream.perform('workspace.initialize', {}, ann);
			}
			const workspace = await open(folder);
			assert.equal(workspace.state(), kind);
			let pictures = 0;
			workspace.model.onDidChange(() => {
				pictures += 1;
			});
			await sleep(600);
			const before = pictures;
			await sleep(600);
			assert.equal(pictures - before, 0, `${pictures} pictures of a folder nobody touched`);
		});
	}

	it('shows foreign boards as they are edited', async () => {
		const folder = folders.make();
		writeBacklog(folder, ['A']);
		const workspace = await open(folder);
		await untilShown(workspace, ({ model }) => model.current.tasks.size === 1);
		await sleep(300);
		for (const count of [2, 3]) {
			writeBacklog(folder, ['A', 'B', 'C'].slice(0, count));
			await untilShown(workspace, ({ model }) => model.current.tasks.size === count);
		}
	});

	it('notices that another program sets it up, also where nothing was', async () => {
		const folder = folders.make();
		const workspace = await open(folder);
		await sleep(300);
		const other = await open(folder, 'nothing');
		await other.dream.perform('workspace.initialize', {}, ann);
		await other.dream.perform('task.create', { task_id: 'A', name: 'a' }, ann);
		await untilShown(workspace, ({ model }) => model.current.tasks.has('A'));
		assert.equal(workspace.state(), 'ours');
	});
});
