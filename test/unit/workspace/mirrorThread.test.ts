// Checks that boards mirrored in a thread of their own are as good as those mirrored beside everything else, also when it ends.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nullLogger } from '../../../src/base/log.ts';
import type { BoardProblem } from '../../../src/core/board/boardProblem.ts';
import { boardPath } from '../../../src/core/paths.ts';
import { MirrorThread } from '../../../src/workspace/mirrorThread.ts';
import { openWorkspace } from '../../../src/workspace/openWorkspace.ts';
import type { OpenWorkspace } from '../../../src/workspace/workspaceOptions.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

const script = join(import.meta.dirname, '../../../src/workspace/mirrorProgram.ts');

async function until(what: string, isSo: () => boolean): Promise<void> {
	for (const end = performance.now() + 50_000; !isSo(); await delay(20)) {
		assert.ok(performance.now() < end, what);
	}
}

describe('boards mirrored in a thread', () => {
	const folders = useTemporaryFolders();
	const opened: OpenWorkspace[] = [];
	afterEach(async () => {
		for (const workspace of opened.splice(0)) {
			await workspace.close();
		}
	});
	const open = async (folder: string) => {
		const workspace = await openWorkspace({
			folder,
			log: nullLogger,
			startedFrom: 'editor',
			editorSettings: () => ({}),
			hostScript: '/none',
			mirrorScript: script,
			follows: 'everything',
		});
		opened.push(workspace);
		return workspace;
	};
	const board = (folder: string) => join(folder, boardPath('task_ready_queue'));

	it('show the ledger, take edits over and tell what is wrong', async () => {
		const folder = folders.make();
		const workspace = await open(folder);
		await workspace.dream.perform('workspace.initialize', {}, ann);
		await workspace.dream.perform('task.create', { task_id: 'A', name: 'do A' }, ann);
		await workspace.flushBoards();
		const text = readFileSync(board(folder), 'utf8');
		assert.match(text, /"do A"/u);
		writeFileSync(board(folder), text.replace('"do A"', '"do it by hand"').replace('"MEDIUM"', '"soon"'));
		await until('the edit is in the picture', () => {
			const shown = workspace.model.current.tasks.get('A');
			return shown?.task.name === 'do it by hand';
		});
		await until('the problem is told', () => workspace.model.current.problems.length === 1);
		const { problems } = (await workspace.dream.perform('boards.check', {}, ann)) as {
			problems: readonly BoardProblem[];
		};
		assert.deepEqual(
			problems.map(({ code }) => code),
			['task.unknownPriority'],
		);
		writeFileSync(board(folder), 'torn [');
		await until('the file that cannot be read is told', () =>
			workspace.model.current.problems.some(({ code }) => code === 'board.unreadable'),
		);
		await workspace.dream.perform('boards.accept', { board: 'task_ready_queue' }, ann);
		assert.match(readFileSync(board(folder), 'utf8'), /do it by hand/u);
		await assert.rejects(
			workspace.dream.perform('boards.accept', { board: 'archive/completed_tasks-2020-01' }, ann),
			{ name: 'DreamError', code: 'board.unknown', advice: /archive/u },
			'a refusal keeps its code and advice on its way',
		);
	});

	it('go on when the thread has ended, and say so to whoever waits', async () => {
		const folder = folders.make();
		const workspace = await open(folder);
		await workspace.dream.perform('workspace.initialize', {}, ann);
		await workspace.flushBoards();
		const said: string[] = [];
		const log = { ...nullLogger, error: (message: string) => said.push(message) };
		const broken = new MirrorThread({ script: join(folder, 'missing.ts'), folder, log });
		await assert.rejects(broken.flush(), { code: 'mirror.ended' });
		assert.match(said.join(), /ended and is started again: .*missing\.ts/su);
		await broken.close();

		const thread = new MirrorThread({ script, folder, log });
		await thread.flush();
		const { worker } = thread as unknown as { worker: { terminate(): Promise<number> } };
		const waiting = assert.rejects(thread.flush(), { code: 'mirror.ended' });
		await worker.terminate();
		await waiting;
		await workspace.dream.perform('task.create', { task_id: 'B', name: 'do B' }, ann);
		await thread.flush();
		assert.match(readFileSync(board(folder), 'utf8'), /"do B"/u);
		await thread.close();
	});
});
