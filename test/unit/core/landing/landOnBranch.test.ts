// Checks landing on a branch: one commit that names the task, on top of the person's commit, with nothing of theirs that is not committed,
// and without touching working tree, index, HEAD or hooks.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { branchMessage, branchName } from '../../../../src/core/landing/landOnBranch.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import { buildAgent, buildRun } from '../../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit } from '../../../support/temporaryRepository.ts';
import { TemporarySwarm } from '../../../support/temporarySwarm.ts';

const ten = Array.from({ length: 10 }, (_, index) => `line ${index}\n`).join('');

describe('landing on a branch', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': ten, 'old.txt': 'old\n', 'gone.txt': 'gone\n', 'runtime/.gitignore': '*\n' },
			{ agents: [buildAgent('Agent-1')] },
		);
		swarm.settings = { ...swarm.settings, 'landing.mode': 'branch' };
	});
	afterEach(() => swarm.dispose());
	const git = (...words: string[]) => runGit(swarm.folder, ...words).trim();
	const write = (path: string, content: string) => writeFileSync(join(swarm.folder, path), content);
	const state = () => [
		git('status', '--porcelain'),
		git('rev-parse', 'HEAD'),
		git('symbolic-ref', 'HEAD'),
		git('ls-files', '--stage'),
		git('stash', 'list'),
	];
	const change = [
		"sed -i 's/line 1/agent 1/' a.txt",
		'mkdir -p sub && mv old.txt sub/new.txt && rm gone.txt && echo created > created.txt && chmod +x created.txt',
	];

	it('makes one commit of the change alone, with trailers, and leaves everything of the person as it is', async () => {
		const hook = join(swarm.folder, '.git/hooks');
		mkdirSync(hook, { recursive: true });
		for (const name of ['pre-commit', 'commit-msg', 'post-commit', 'reference-transaction', 'post-checkout']) {
			writeFileSync(join(hook, name), '#!/bin/sh\ntouch "$(git rev-parse --show-toplevel)/hook-ran"\n');
			chmodSync(join(hook, name), 0o755);
		}
		write('a.txt', ten.replace('line 8', 'mine 8'));
		write('mine.txt', 'never committed\n');
		const before = state();
		await swarm.add('Fix #12', change, { name: 'Fix the greeting' });
		await swarm.workUntilIdle();
		const task = await swarm.task('Fix #12');
		assert.deepEqual([task.status, task.result?.['branch']], ['COMPLETED', 'dreamos/fix-12']);
		assert.deepEqual(state(), before);
		assert.equal(existsSync(join(swarm.folder, 'hook-ran')), false, 'no hook ran');
		assert.equal(swarm.shown('a.txt'), ten.replace('line 8', 'mine 8'));
		assert.equal(git('rev-parse', 'dreamos/fix-12^'), git('rev-parse', 'HEAD'));
		assert.equal(git('show', 'dreamos/fix-12:a.txt'), ten.replace('line 1', 'agent 1').trim());
		assert.equal(
			git('diff', '--name-status', '-M', 'HEAD', 'dreamos/fix-12'),
			'M\ta.txt\nA\tcreated.txt\nD\tgone.txt\nR100\told.txt\tsub/new.txt',
		);
		assert.match(git('ls-tree', 'dreamos/fix-12', 'created.txt'), /^100755/u);
		const [run] = await swarm.runs('Fix #12');
		const message = git('log', '-1', '--format=%B', 'dreamos/fix-12');
		assert.match(message, /^Fix the greeting\n/u);
		assert.equal(
			git('log', '-1', '--format=%(trailers:only,unfold)', 'dreamos/fix-12'),
			`Task-Id: Fix #12\nRun-Id: ${run?.run_id}\nAgent: Agent-1`,
		);
		const landed = (await swarm.events('Fix #12')).find(({ type }) => type === 'landing.finished');
		assert.match(landed?.message ?? '', /on the branch dreamos\/fix-12: 4 files/u);
	});

	it('takes the next name where one of that name is there, and never writes over it', async () => {
		git('branch', 'dreamos/a');
		const theirs = git('rev-parse', 'dreamos/a');
		await swarm.add('A', ['echo A > created.txt']);
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).result?.['branch'], 'dreamos/a-2');
		assert.equal(git('rev-parse', 'dreamos/a'), theirs);
	});

	it('says what does not fit where a change builds on what is not committed, and keeps it', async () => {
		write('a.txt', ten.replace('line 1', 'mine 1'));
		await swarm.add('A', ["sed -i 's/mine 1/mine and agent 1/' a.txt"]);
		await swarm.workUntilIdle();
		const task = await swarm.task('A');
		assert.equal(task.status, 'BLOCKED');
		assert.match(
			task.block_reason?.text ?? '',
			/does not fit the last commit .*a\.txt was changed on both sides in one place \(line 2\)/u,
		);
		assert.equal(git('branch', '--list', 'dreamos/*'), '');
		assert.equal(swarm.shown('a.txt'), ten.replace('line 1', 'mine 1'));
	});

	it('names branches and commits so that nothing in a task means anything to git or a shell', () => {
		assert.equal(branchName('TASK-1'), 'dreamos/task-1');
		assert.equal(branchName('../../$(rm -rf ~); --force'), 'dreamos/rm-rf-force');
		assert.equal(branchName('日本'), 'dreamos/task');
		assert.equal(branchName('Ünïcode', 3), 'dreamos/unicode-3');
		const task = newTask({ task_id: 'X\nAgent: nobody', name: 'first line\nSigned-off-by: nobody' });
		const message = branchMessage(task, buildRun('run-1'));
		assert.equal(message.match(/^Signed-off-by|^Agent: nobody/gmu), null, message);
	});
});
