// Checks that everybody may work on the boards at the same time: a script that rewrites a file from what it read, git that checks
// out and merges, a person who types for a while and saves, and commands that move tasks. Nothing acknowledged is lost.

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../../../src/base/async.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { boardPath, runtimePaths } from '../../../src/core/paths.ts';
import type { BoardName } from '../../../src/core/task/taskStatus.ts';
import { boardNames } from '../../../src/core/task/taskStatus.ts';
import type { BoardMirror } from '../../../src/ledger/boardMirror.ts';
import { createChokidarWatcher } from '../../../src/node/chokidarWatcher.ts';
import { BoardWorkspace, idOf } from '../../support/boardWorkspace.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { runGit } from '../../support/temporaryRepository.ts';

/** Reads the ready queue, thinks, and writes back what it remembers, with its own record changed and one of its own added. */
const script = `
const { readFileSync, writeFileSync } = require('node:fs');
const file = process.argv[1];
let beat = 0;
let isOver = false;
process.on('SIGTERM', () => { isOver = true; });
const round = () => {
	if (isOver) { process.stdout.write(String(beat)); return; }
	let records;
	try { records = JSON.parse(readFileSync(file, 'utf8')); } catch { setTimeout(round, 100); return; }
	setTimeout(() => {
		const own = records.find(({ task_id }) => task_id === 'SCRIPT');
		if (own !== undefined) {
			beat++;
			own.beat = beat;
			if (beat % 4 === 0) { records.push({ task_id: 'SCRIPT-' + beat, name: 'made by a script', status: 'PENDING' }); }
			writeFileSync(file, JSON.stringify(records, undefined, 4));
		}
		setTimeout(round, 260);
	}, 40);
};
round();
`;

describe('boards that everybody edits at once', () => {
	const folders = useTemporaryFolders();
	let workspace: BoardWorkspace;
	let mirror: BoardMirror;
	const children: ChildProcess[] = [];
	const git = (...words: string[]) => runGit(workspace.folder, ...words);

	beforeEach(async () => {
		workspace = await BoardWorkspace.make(folders.make());
		git('init', '--quiet', '--initial-branch=main');
		mirror = workspace.mirror({
			watcher: createChokidarWatcher({ onError: (message) => assert.fail(message) }),
		});
		mirror.start();
	});
	afterEach(async () => {
		for (const child of children.splice(0)) {
			child.kill('SIGKILL');
		}
		await workspace.close();
	});

	const commit = (message: string) => {
		git('add', '--all', '--', runtimePaths.boards);
		git('commit', '--quiet', '--allow-empty', '--message', message);
	};
	/** As a person does when git says that a file changed meanwhile: commit it and try once more. */
	const gitDespiteChanges = async (...words: string[]) => {
		for (let attempt = 0; ; attempt++) {
			try {
				git(...words);
				return;
			} catch (error) {
				if (attempt > 8) {
					throw error;
				}
				commit('what stood in the way');
				await sleep(10);
			}
		}
	};
	const startScript = (board: BoardName): ChildProcess => {
		const child = spawn(process.execPath, ['-e', script, workspace.path(board)], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		children.push(child);
		return child;
	};
	const record = (board: BoardName, id: string): JsonObject | undefined =>
		workspace.records(board).find((each) => idOf(each) === id);

	it('lose nothing and end up equal to the ledger', async () => {
		for (const id of ['SCRIPT', 'PERSON', 'READY-1', 'READY-2']) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
		for (const id of ['GIT', 'LATER']) {
			await workspace.create({ task_id: id, name: `do ${id}`, isShelved: true });
		}
		await mirror.flush();
		commit('begin');
		const child = startScript('task_ready_queue');
		let written = '';
		child.stdout?.on('data', (chunk: Buffer) => (written += chunk.toString()));

		const acknowledged: string[] = [];
		let isOver = false;
		const commands = async () => {
			for (let number = 0; !isOver; number++) {
				const id = `COMMAND-${number}`;
				await workspace.create({ task_id: id, name: 'by a command' });
				await workspace.claim(id, 'ann', null);
				await workspace.move(id, 'complete');
				acknowledged.push(id);
				await sleep(150);
			}
		};
		// What is open in an editor is a copy: it is saved whole, a second after it was read.
		const typing = async () => {
			for (let number = 1; !isOver; number++) {
				const buffer = workspace.records('task_ready_queue');
				await sleep(1000);
				const edited = buffer.map((each) =>
					idOf(each) === 'PERSON' ? { ...each, notes: `typed ${number}` } : each,
				);
				writeFileSync(workspace.path('task_ready_queue'), JSON.stringify(edited, undefined, 2));
				await sleep(300);
			}
		};
		const working = [commands(), typing()];

		await sleep(1000);
		await gitDespiteChanges('checkout', '--quiet', '-b', 'side');
		const backlog = join(workspace.folder, boardPath('task_backlog'));
		const renamed = workspace
			.records('task_backlog')
			.map((each) => (idOf(each) === 'GIT' ? { ...each, mood: 'merged' } : each));
		writeFileSync(backlog, JSON.stringify(renamed, undefined, 2));
		commit('a mood');
		await sleep(600);
		await gitDespiteChanges('checkout', '--quiet', 'main');
		await sleep(600);
		await gitDespiteChanges('merge', '--quiet', '-X', 'theirs', '--no-edit', 'side');
		await sleep(600);
		await gitDespiteChanges('checkout', '--quiet', 'main~1', '--', boardPath('task_backlog'));
		await sleep(400);
		await gitDespiteChanges('checkout', '--quiet', 'side', '--', boardPath('task_backlog'));
		await sleep(1000);
		isOver = true;
		await Promise.all(working);
		child.kill('SIGTERM');
		await once(child, 'exit');
		await mirror.flush();
		await sleep(1200);
		await mirror.flush();

		const tasks = await workspace.ledger.read((reader) => reader.tasks());
		const statusOf = new Map(tasks.map(({ task }) => [task.task_id, task.status]));
		assert.ok(acknowledged.length > 5);
		assert.deepEqual(
			acknowledged.filter((id) => statusOf.get(id) !== 'COMPLETED'),
			[],
			'what a command was told is done stays done',
		);
		for (const id of ['SCRIPT', 'PERSON', 'READY-1', 'READY-2', 'GIT', 'LATER']) {
			assert.ok(statusOf.has(id), `${id} is gone`);
		}
		assert.ok(Number(written) > 10, `the script wrote ${written} times`);
		assert.equal(record('task_backlog', 'GIT')?.['mood'], 'merged');
		assert.match(String((await workspace.task('PERSON'))?.task.notes), /^typed \d+$/u);
		const beat = Number((await workspace.task('SCRIPT'))?.record['beat']);
		assert.ok(Number(written) - beat < 3, `beat ${beat} of ${written}`);
		for (const board of boardNames) {
			const ids = tasks.filter((stored) => stored.board === board).map(({ task }) => task.task_id);
			assert.deepEqual(workspace.records(board).map(idOf).toSorted(), ids.toSorted(), board);
		}
		const problems = await mirror.check();
		assert.deepEqual(
			problems.filter(({ severity }) => severity === 'error'),
			[],
		);
	});

	it('take an old version that comes back for what it is, also long after', async () => {
		for (const id of ['A', 'B', 'C']) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
		await mirror.flush();
		commit('begin');
		workspace.later();
		await workspace.claim('A', 'ann', null);
		await workspace.move('A', 'complete');
		await workspace.create({ task_id: 'NEW', name: 'made since' });
		await mirror.flush();
		commit('A is done');
		workspace.later();
		git('checkout', '--quiet', 'HEAD~1');
		await mirror.flush();
		await sleep(100);
		await mirror.flush();
		assert.equal(await workspace.status('A'), 'COMPLETED', 'a checkout undoes no work');
		assert.equal(await workspace.status('NEW'), 'READY', 'nor does it remove what it does not know');
		assert.deepEqual(workspace.ids().completed_tasks, ['A']);
		assert.deepEqual(workspace.ids().task_ready_queue.toSorted(), ['B', 'C', 'NEW']);
		const told = (await mirror.check()).filter(({ code }) => code === 'record.stale');
		assert.ok(told.length > 0, 'it is said that something old came back');
		git('checkout', '--quiet', '--force', 'main');
		await mirror.flush();
		assert.equal(await workspace.status('A'), 'COMPLETED');
		// Planted: without an old version in sight the same edits are meant.
		workspace.later();
		workspace.edit('task_ready_queue', (records) => records.filter((each) => idOf(each) !== 'NEW'));
		await mirror.flush();
		assert.equal(await workspace.status('NEW'), undefined);
	});

	it('does not take a commit from before a task was made for its removal', async () => {
		for (const id of ['A', 'B', 'C', 'D', 'E']) {
			await workspace.create({ task_id: id, name: `do ${id}` });
		}
		await mirror.flush();
		commit('begin');
		workspace.later();
		await workspace.create({ task_id: 'NEW', name: 'made since' });
		await mirror.flush();
		commit('with NEW');
		workspace.later();
		git('checkout', '--quiet', 'HEAD~1');
		await mirror.flush();
		assert.equal(await workspace.status('NEW'), 'READY');
		assert.ok(workspace.ids().task_ready_queue.includes('NEW'));
		assert.match((await mirror.check()).map(({ message }) => message).join('\n'), /NEW was put back/u);
	});

	it('knows an old version also where somebody has left a second record of the task', async () => {
		await workspace.create({ task_id: 'A', name: 'do A' });
		await mirror.flush();
		commit('begin');
		await workspace.claim('A', 'ann', null);
		await workspace.move('A', 'complete');
		await mirror.flush();
		workspace.later();
		workspace.edit('task_backlog', (records) => [...records, { task_id: 'A', name: 'again' }]);
		await mirror.flush();
		assert.equal(await workspace.status('A'), 'COMPLETED');
		workspace.later();
		git('checkout', '--quiet', 'HEAD', '--', runtimePaths.boards);
		await mirror.flush();
		assert.equal(await workspace.status('A'), 'COMPLETED');
	});
});
