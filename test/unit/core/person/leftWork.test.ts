// Checks that nothing a person left unfinished is lost, whatever ends the run and whoever completes the task.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkPlace } from '../../../../src/core/person/workOnTask.ts';
import { PersonDesk, write } from '../../../support/personDesk.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit } from '../../../support/temporaryRepository.ts';
import type { TemporarySwarm } from '../../../support/temporarySwarm.ts';

describe('what a person left unfinished', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let at: PersonDesk;
	beforeEach(async () => {
		at = await PersonDesk.open(folders.make());
		({ swarm } = at);
	});
	afterEach(() => at.close());
	const perform = <Answer extends object>(id: string, input: object = {}) => at.perform<Answer>(id, input);
	const fails = (id: string, input: object, code: string) =>
		assert.rejects(perform(id, input), { name: 'DreamError', code });

	it('keeps a person’s work when its task is released and a host starts', async () => {
		await swarm.add('A', [], { assigned_agent: 'Nobody' });
		const { folder, run } = await perform<WorkPlace>('task.work', { task_id: 'A' });
		write(folder, 'a.txt', 'mine\n');
		let host = await swarm.lead();
		await swarm.leader();
		await host.stop();
		assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'mine\n', 'a host leaves it alone');
		await perform('task.release', { task_id: 'A' });
		host = await swarm.lead();
		await swarm.until(() => !existsSync(folder), 'the worktree is swept');
		await host.stop();
		assert.equal(runGit(swarm.folder, 'show', `refs/dreamos/rescue/${run.run_id}:a.txt`), 'mine\n');
	});

	it('keeps what a person left when others complete the task, and has the person go on with it', async () => {
		await swarm.add('A', ['echo agent > agent.txt'], { assigned_agent: 'Nobody' });
		const { folder, run } = await perform<WorkPlace>('task.work', { task_id: 'A' });
		write(folder, 'a.txt', 'mine\n');
		const { left } = await perform<{ left: object }>('task.cancel', { task_id: 'A', reason: 'later' });
		const kept = `refs/dreamos/rescue/${run.run_id}`;
		assert.deepEqual(left, { folder, kept });
		await perform('task.retry', { task_id: 'A' });
		await perform('task.edit', { task_id: 'A', assigned_agent: '' });
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		assert.equal(swarm.shown('agent.txt'), 'agent\n');
		await (await swarm.lead()).stop();
		assert.equal(runGit(swarm.folder, 'show', `${kept}:a.txt`), 'mine\n');
		assert.match((await swarm.events('A')).find(({ type }) => type === 'run.left')?.message ?? '', /ann/u);
	});

	for (const move of ['release', 'block', 'cancel', 'fail']) {
		it(`goes on where the person stopped, with or without a host in between: ${move}`, async () => {
			await swarm.add('A', [], { assigned_agent: 'Nobody' });
			let { folder } = await perform<WorkPlace>('task.work', { task_id: 'A' });
			for (const hasHost of [false, true]) {
				write(folder, `${hasHost}.txt`, 'mine\n');
				await perform(`task.${move}`, { task_id: 'A', reason: 'later' });
				if (move === 'cancel' || move === 'fail') {
					await perform('task.retry', { task_id: 'A' });
				}
				if (hasHost) {
					await (await swarm.lead()).stop();
				}
				const again = await perform<WorkPlace>('task.work', { task_id: 'A' });
				assert.equal(existsSync(folder), false, 'there is one worktree');
				folder = again.folder;
				assert.equal(readFileSync(join(folder, `${hasHost}.txt`), 'utf8'), 'mine\n');
			}
			const [run] = (await swarm.runs('A')).slice(-1);
			await perform('run.submit', { run_id: run?.run_id });
			assert.deepEqual([swarm.shown('false.txt'), swarm.shown('true.txt')], ['mine\n', 'mine\n']);
			await (await swarm.lead()).stop();
			assert.deepEqual(swarm.leftovers(), [], 'what was gone on with is not kept');
		});
	}

	it('keeps what was written after checks failed', async () => {
		await swarm.add('A', [], { assigned_agent: 'Nobody', validation: { commands: ['false'] } });
		const { folder, run } = await perform<WorkPlace>('task.work', { task_id: 'A' });
		write(folder, 'a.txt', 'early\n');
		await perform('run.submit', { run_id: run.run_id });
		write(folder, 'a.txt', 'late\n');
		await perform('task.release', { task_id: 'A' });
		await (await swarm.lead()).stop();
		assert.equal(runGit(swarm.folder, 'show', `refs/dreamos/rescue/${run.run_id}:a.txt`), 'late\n');
	});

	it('does not complete by a word what a person put up for review', async () => {
		at.mode = 'review';
		await swarm.add('A', []);
		const { folder, run } = await perform<WorkPlace>('task.work', { task_id: 'A' });
		write(folder, 'a.txt', 'mine\n');
		await perform('run.submit', { run_id: run.run_id });
		await fails('task.complete', { task_id: 'A' }, 'task.changeWaits');
		await perform('run.accept', { run_id: run.run_id });
		assert.equal(swarm.shown('a.txt'), 'mine\n');
	});

	it('is made anew from what was submitted last, when the person deleted the worktree', async () => {
		await swarm.add('A', [], { validation: { commands: ['grep -q good a.txt'] } });
		const { folder, run } = await perform<WorkPlace>('task.work', { task_id: 'A' });
		write(folder, 'a.txt', 'bad\n');
		await perform('run.submit', { run_id: run.run_id });
		rmSync(folder, { recursive: true });
		for (const id of ['run.submit', 'run.giveBack']) {
			await fails(id, { run_id: run.run_id }, 'run.worktreeGone');
		}
		const again = await perform<WorkPlace>('task.work', { task_id: 'A' });
		assert.deepEqual([again.folder, readFileSync(join(folder, 'a.txt'), 'utf8')], [folder, 'bad\n']);
	});
});
