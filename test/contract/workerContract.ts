// Owns what holds for whoever works on a task, an agent or a person: where the work is done, what proves it, how it lands, and that
// nothing of it is lost when it is stopped.

import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../../src/core/agent/agent.ts';
import type { WorktreeRow } from '../../src/core/worktree/worktreeInventory.ts';
import type { Run } from '../../src/core/run/run.ts';
import type { Task } from '../../src/core/task/task.ts';
import { PersonDesk, write } from '../support/personDesk.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import { runGit } from '../support/temporaryRepository.ts';
import type { TemporarySwarm } from '../support/temporarySwarm.ts';

/** What shall become of one file. */
export interface Change {
	readonly path: string;
	/** One line, without its end. */
	readonly text: string;
}

/** Somebody who works on tasks. */
export interface Worker {
	readonly name: string;
	/** Of the run. */
	readonly driver: string;
	/** The agents that are needed for it. */
	readonly agents: readonly Agent[];
	/** What a task says, so that the worker makes the change; with `stays` it goes on after that until it is stopped. */
	task(change: Change, stays: boolean): Partial<Task>;
	/** Begins with what is ready; makes the change, unless the task says it. */
	begin(desk: PersonDesk, taskId: string, change: Change): Promise<void>;
	/** Says that the work is done, where the worker does not do so by itself. */
	finish(desk: PersonDesk, run: Run): Promise<void>;
}

export function workerContract(worker: Worker): void {
	describe(`${worker.name} keeps the contract of a worker:`, function () {
		this.slow(10_000);
		const folders = useTemporaryFolders();
		let desk: PersonDesk;
		let swarm: TemporarySwarm;
		beforeEach(async () => {
			desk = await PersonDesk.open(folders.make());
			({ swarm } = desk);
			await swarm.ledger.write({ kind: 'human', id: 'ann' }, async (transaction) => {
				for (const agent of worker.agents) {
					await transaction.putAgent(agent);
				}
			});
		});
		afterEach(() => desk.close());
		const change: Change = { path: 'a.txt', text: 'mine' };
		const add = (fields: Partial<Task>, stays = false) =>
			swarm.add('A', [], { params: {}, max_attempts: 1, ...worker.task(change, stays), ...fields });
		const run = async (): Promise<Run> => {
			const [first] = await swarm.runs('A');
			assert.ok(first !== undefined);
			return first;
		};
		/** Begins, and waits until the change is made in the worktree. */
		const beginAndWrite = async () => {
			await worker.begin(desk, 'A', change);
			const made = () => swarm.runs('A').then(([first]) => join(first?.worktree ?? '/nowhere', change.path));
			await swarm.until(
				async () => existsSync(await made()) && readFileSync(await made(), 'utf8') === 'mine\n',
				'the change is made in the worktree',
			);
			return await run();
		};

		it('works in a worktree of its own on what is open, is proved by the gates, and its change lands', async () => {
			write(swarm.folder, 'open.txt', 'not committed\n');
			await add({ validation: { commands: ['grep -q committed open.txt', 'grep -q mine a.txt'] } });
			await worker.begin(desk, 'A', change);
			await worker.finish(desk, await run());
			const task = await swarm.statusIs('A', 'COMPLETED');
			assert.equal(swarm.shown('a.txt'), 'mine\n');
			assert.equal(swarm.shown('open.txt'), 'not committed\n');
			const done = await run();
			assert.deepEqual(
				[done.driver, done.state, done.files, done.gates.map(({ exit_code: code }) => code)],
				[worker.driver, 'completed', ['a.txt'], [0, 0]],
			);
			assert.equal(task.result?.commit, done.result_commit);
			await desk.perform('task.revert', { task_id: 'A' });
			assert.equal(swarm.shown('a.txt'), 'one\ntwo\nthree\n');
		});

		it('lands nothing that its gates refuse, and keeps it', async () => {
			await add({ validation: { commands: ['echo gate-says-no; exit 7'] } });
			await worker.begin(desk, 'A', change);
			await worker.finish(desk, await run());
			await swarm.until(async () => (await run()).gates.length > 0, 'the gate has run');
			await swarm.until(
				async () => ['FAILED', 'IN_PROGRESS'].includes((await swarm.task('A')).status),
				'the gate counts',
			);
			const refused = await run();
			assert.equal(refused.gates[0]?.exit_code, 7);
			assert.equal(swarm.shown('a.txt'), 'one\ntwo\nthree\n');
			assert.equal(await keptText(refused), 'mine\n');
		});

		it('touches nothing of the open workspace while it works, and is shown where it works', async () => {
			await add({}, true);
			const working = await beginAndWrite();
			assert.equal(swarm.shown('a.txt'), 'one\ntwo\nthree\n');
			assert.equal((await swarm.task('A')).status, 'IN_PROGRESS');
			const rows = await desk.perform<WorktreeRow[]>('worktree.list');
			const row = rows.find(({ run_id: id }) => id === working.run_id);
			assert.deepEqual([row?.state, row?.folder], ['working', working.worktree]);
			await desk.perform('task.release', { task_id: 'A' });
		});

		it('is stopped by giving the task up, and what it had done is kept', async () => {
			await add({}, true);
			const stopped = await beginAndWrite();
			await desk.perform('task.cancel', { task_id: 'A', reason: 'not now' });
			assert.equal((await swarm.task('A')).status, 'CANCELLED');
			await swarm.until(async () => (await run()).state === 'cancelled', 'the run is over');
			await swarm.until(async () => (await keptText(stopped)) === 'mine\n', 'the work is kept');
			assert.equal(swarm.shown('a.txt'), 'one\ntwo\nthree\n');
		});

		/** What is kept of the change, under its rescue reference or where it was made. */
		const keptText = async ({ run_id: id, worktree }: Run): Promise<string | undefined> => {
			const reference = `refs/dreamos/rescue/${id}`;
			const names = runGit(swarm.folder, 'for-each-ref', '--format=%(refname)', reference);
			if (names.trim() === reference) {
				return runGit(swarm.folder, 'show', `${reference}:${change.path}`);
			}
			const file = join(worktree ?? '/nowhere', change.path);
			return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
		};
	});
}
