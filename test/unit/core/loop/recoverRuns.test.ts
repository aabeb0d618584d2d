// Checks what a host finds and does when an earlier one died at any point of a run.

import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requestLanding } from '../../../../src/core/landing/requestLanding.ts';
import { rescueReference, runReference } from '../../../../src/core/landing/runReferences.ts';
import { createHostLedger } from '../../../../src/core/loop/hostLedger.ts';
import { recoverRuns } from '../../../../src/core/loop/recoverRuns.ts';
import type { Run } from '../../../../src/core/run/run.ts';
import { leaseNames } from '../../../../src/core/swarmFacts.ts';
import { advanceTask, claimTask } from '../../../../src/core/task/advanceTask.ts';
import type { Task } from '../../../../src/core/task/task.ts';
import { arrivalsFolder } from '../../../../src/core/worktree/worktreeNames.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../../../src/node/processRunner.ts';
import { killAllWith, processesWith } from '../../../support/livingProcesses.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit, writeFiles } from '../../../support/temporaryRepository.ts';
import { TemporarySwarm, person } from '../../../support/temporarySwarm.ts';

describe('recoverRuns', () => {
	const folders = useTemporaryFolders();
	const mark = `sleep 73.${process.pid}`;
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
	});
	afterEach(async () => {
		await swarm.dispose();
		killAllWith(mark);
	});

	const recover = async (more: { readonly git?: TemporarySwarm['git'] } = {}) => {
		const actor = { kind: 'host', id: 'host-new' } as const;
		const lease = await swarm.ledger.write(person, (transaction) =>
			transaction.acquireLease(leaseNames.host, actor.id, 60_000, Date.now()),
		);
		const ledger = createHostLedger({
			ledger: swarm.ledger,
			actor,
			hostId: actor.id,
			epoch: lease?.epoch ?? 0,
			log: swarm.log,
			signal: new AbortController().signal,
		});
		return recoverRuns({
			ledger,
			git: swarm.git,
			files: nodeFileSystem,
			processes: createProcessRunner(),
			log: swarm.log,
			settings: () => swarm.settings,
			worktreesFolder: swarm.worktrees,
			...more,
		});
	};

	/** A run of a host that is gone, with its worktree, as far as `state`. */
	async function left(
		id: string,
		state: 'preparing' | 'working' | 'validating' | 'landing' | 'review',
		fields: Partial<Task> = {},
		patch: Partial<Pick<Run, 'worktree'>> = {},
	): Promise<Run> {
		await swarm.add(id, [], fields);
		const token = await swarm.ledger.write({ kind: 'host', id: 'host-old' }, async (transaction) => {
			const { run } = await claimTask(transaction, {
				taskId: id,
				worker: 'Agent-1',
				driver: 'command',
				hostId: 'host-old',
				now: Date.now(),
			});
			return transaction.updateRun(run, { state: 'preparing', worktree: join(swarm.worktrees, run.run_id) });
		});
		if (state === 'preparing') {
			return token;
		}
		const base = await swarm.git.snapshot('base', ['runtime']);
		const folder = join(swarm.worktrees, token.run_id);
		await swarm.git.addWorktree(folder, base);
		writeFiles(folder, { 'a.txt': `work of ${id}\n`, 'new.txt': 'untracked\n' });
		let result: string | undefined;
		if (state !== 'working') {
			result = await swarm.git.commitWorktree(folder, base, 'result');
			await swarm.git.setReference(runReference(token.run_id), result);
		}
		return swarm.ledger.write({ kind: 'host', id: 'host-old' }, async (transaction) => {
			await advanceTask(transaction, { taskId: id, move: 'start', runPatch: { base_commit: base } });
			if (result !== undefined) {
				await advanceTask(transaction, { taskId: id, move: 'validate', runPatch: { result_commit: result } });
			}
			if (state === 'review') {
				await advanceTask(transaction, { taskId: id, move: 'review', runPatch: { worktree: null } });
			}
			const run = await transaction.updateRun(token, patch);
			if (state === 'landing') {
				await requestLanding(transaction, run, { hasEditor: false });
			}
			return run;
		});
	}
	const references = () =>
		runGit(swarm.folder, 'for-each-ref', '--format=%(refname)', 'refs/dreamos/')
			.trim()
			.split('\n')
			.filter((line) => line !== '');

	it('ends the processes, keeps the work, gives the task back', async () => {
		const run = await left('A', 'working');
		const processes = createProcessRunner();
		const running = await processes.spawn({ command: mark, folder: swarm.folder, onErrorOutput: () => undefined });
		const { pid, started } = running.identity;
		await swarm.ledger.write(person, (transaction) => transaction.updateRun(run, { pid, pid_started: started }));
		assert.equal(await recover(), 1);
		await running.exited;
		assert.deepEqual(processesWith(mark), []);
		const task = await swarm.task('A');
		assert.deepEqual([task.status, task.claimed_by, task.attempts], ['READY', null, 1]);
		const [lost] = await swarm.runs('A');
		assert.deepEqual([lost?.state, lost?.worktree, lost?.pid], ['lost', null, null]);
		assert.equal(existsSync(join(swarm.worktrees, run.run_id)), false);
		assert.deepEqual(references(), [rescueReference(run.run_id)]);
		assert.equal(runGit(swarm.folder, 'show', `${rescueReference(run.run_id)}:a.txt`), 'work of A\n');
		assert.equal(runGit(swarm.folder, 'show', `${rescueReference(run.run_id)}:new.txt`), 'untracked\n');
		assert.equal(swarm.shown('a.txt'), 'a\n');
	});

	it('fails a task whose last attempt was lost, and says so', async () => {
		await left('A', 'working', { max_attempts: 1 });
		await recover();
		assert.equal((await swarm.task('A')).status, 'FAILED');
		assert.match((await swarm.runs('A'))[0]?.reason ?? '', /ended without warning/u);
	});

	it('copes with a run that had no worktree yet, or half of one', async () => {
		await left('A', 'preparing');
		const half = await left('B', 'preparing');
		writeFiles(join(swarm.worktrees, half.run_id), { 'half.txt': 'half' });
		assert.equal(await recover(), 2);
		assert.deepEqual([(await swarm.task('A')).status, (await swarm.task('B')).status], ['READY', 'READY']);
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('keeps the committed result of a run that was being checked', async () => {
		const run = await left('A', 'validating');
		await recover();
		assert.equal((await swarm.task('A')).status, 'READY');
		assert.deepEqual(references(), [rescueReference(run.run_id)]);
	});

	it('leaves runs in review and landing as they are, without their worktrees', async () => {
		const [review, landing] = [await left('A', 'review'), await left('B', 'landing')];
		assert.equal(await recover(), 0);
		assert.deepEqual([(await swarm.runs('A'))[0]?.state, (await swarm.runs('B'))[0]?.state], ['review', 'landing']);
		assert.deepEqual(
			references().toSorted(),
			[review, landing].map(({ run_id: id }) => runReference(id)).toSorted(),
		);
	});

	it('clears away what its host had begun to remove of a run that lands, folder or mere entry of git, and keeps its change', async () => {
		const gone = await left('A', 'landing', {}, { worktree: null });
		const there = await left('B', 'landing', {}, { worktree: null });
		rmSync(join(swarm.worktrees, gone.run_id), { recursive: true });
		assert.equal(await recover(), 0);
		assert.deepEqual(
			(await swarm.git.listWorktrees()).map(({ folder }) => folder),
			[],
		);
		assert.deepEqual(
			swarm.leftovers().toSorted(),
			[gone, there].map(({ run_id: id }) => runReference(id)).toSorted(),
		);
	});

	it('touches no claim of a person and nothing of a stranger in the folder', async () => {
		await swarm.add('A', []);
		await swarm.ledger.write(person, (transaction) =>
			claimTask(transaction, { taskId: 'A', worker: 'ann', driver: 'human', hostId: null, now: Date.now() }),
		);
		writeFiles(swarm.worktrees, { 'notes/mine.txt': 'mine' });
		await recover();
		assert.equal((await swarm.task('A')).status, 'CLAIMED');
		assert.ok(existsSync(join(swarm.worktrees, 'notes/mine.txt')));
	});

	it('clears away worktrees and references that no open run owns', async () => {
		const run = await left('A', 'working');
		await swarm.ledger.write(person, (transaction) => advanceTask(transaction, { taskId: 'A', move: 'complete' }));
		await swarm.git.setReference(runReference(run.run_id), run.base_commit ?? undefined);
		await recover();
		assert.equal(existsSync(join(swarm.worktrees, run.run_id)), false);
		assert.deepEqual(references(), []);
	});

	it('clears away what was on its way into a worktree, and nothing that is only named alike', async () => {
		writeFiles(swarm.worktrees, {
			[`${arrivalsFolder('run-1-a')}/landing-x/new-0`]: 'x',
			'somebody.landing/own': 'x',
		});
		await recover();
		assert.deepEqual(swarm.leftovers(), ['somebody.landing']);
	});

	it('gives tasks back even when git cannot save anything, and then leaves the work where it is', async () => {
		const run = await left('A', 'working');
		const refuse = () => Promise.reject(new Error('git is broken'));
		await recover({ git: { ...swarm.git, commitWorktree: refuse, listReferences: refuse } });
		assert.equal((await swarm.task('A')).status, 'READY');
		assert.ok(swarm.lines.some((line) => line.includes('git is broken')));
		assert.ok(existsSync(join(swarm.worktrees, run.run_id, 'new.txt')));
		await recover();
		assert.deepEqual(swarm.leftovers(), [rescueReference(run.run_id)], 'the next host saves it');
	});
});
