// Checks the list of worktrees and getting them back, on real repositories in the states crashes and people leave them in.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rescueReference } from '../../../../src/core/landing/runReferences.ts';
import type { Run } from '../../../../src/core/run/run.ts';
import { factKeys } from '../../../../src/core/swarmFacts.ts';
import { advanceTask, claimTask } from '../../../../src/core/task/advanceTask.ts';
import type { ReclaimWish } from '../../../../src/core/worktree/reclaimWorktrees.ts';
import { reclaimWorktrees } from '../../../../src/core/worktree/reclaimWorktrees.ts';
import { listWorktreeRows } from '../../../../src/core/worktree/worktreeInventory.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { createProcessRunner } from '../../../../src/node/processRunner.ts';
import { killAllWith, processesWith } from '../../../support/livingProcesses.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit, writeFiles } from '../../../support/temporaryRepository.ts';
import { TemporarySwarm, person } from '../../../support/temporarySwarm.ts';

describe('the list of worktrees', () => {
	const folders = useTemporaryFolders();
	const mark = `sleep 74.${process.pid}`;
	let swarm: TemporarySwarm;
	let base: string;
	let isHostRunning: boolean;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
		base = await swarm.git.snapshot('base', ['runtime']);
		isHostRunning = true;
	});
	afterEach(async () => {
		await swarm.dispose();
		killAllWith(mark);
	});

	const parts = () => ({
		git: swarm.git,
		files: nodeFileSystem,
		processes: createProcessRunner(),
		log: swarm.log,
		read: swarm.ledger.read.bind(swarm.ledger),
		worktreesFolder: swarm.worktrees,
		isHostRunning,
	});
	const rows = async () =>
		(await listWorktreeRows(parts())).map(({ id, state, task_id: task }) => [id, state, task].join(' '));
	const reclaim = (wish: ReclaimWish) => reclaimWorktrees(parts(), wish);
	const at = (name: string) => join(swarm.worktrees, name);
	const add = (name: string) => swarm.git.addWorktree(at(name), base);
	const leftovers = () => swarm.leftovers().filter((line) => !line.startsWith('refs/'));

	/** A run in work, with its worktree. */
	async function working(taskId: string): Promise<Run> {
		await swarm.add(taskId, []);
		const run = await swarm.ledger.write({ kind: 'host', id: 'host-1' }, async (transaction) => {
			const claim = await claimTask(transaction, {
				taskId,
				worker: 'Agent-1',
				driver: 'command',
				hostId: 'host-1',
				now: Date.now(),
			});
			await transaction.updateRun(claim.run, { state: 'preparing', worktree: at(claim.run.run_id) });
			await advanceTask(transaction, { taskId, move: 'start', runPatch: { base_commit: base } });
			return claim.run;
		});
		await add(run.run_id);
		return run;
	}

	it('shows whose each is: in work, made ahead, and left over in any state', async () => {
		const run = await working('A');
		await add('pool-1');
		const over = await working('B');
		await swarm.ledger.write(person, (transaction) => advanceTask(transaction, { taskId: 'B', move: 'complete' }));
		mkdirSync(at('run-folder-only'));
		await add('run-git-only');
		rmSync(at('run-git-only'), { recursive: true });
		mkdirSync(at('somebody'));
		const earlier = join(folders.make(), 'worktrees', 'run-earlier');
		await swarm.git.addWorktree(earlier, base);
		// Of another workspace of the same repository, and of the person.
		await swarm.git.addWorktree(join(folders.make(), 'other', 'run-other'), base);
		const own = join(folders.make(), 'run-own');
		runGit(swarm.folder, 'worktree', 'add', '--quiet', '--detach', own);
		const [first, second, ...rest] = await rows();
		assert.deepEqual([first, second], [`${run.run_id} working A`, 'pool-1 pool ']);
		assert.deepEqual(
			rest.toSorted(),
			[
				`${over.run_id} abandoned B`,
				'run-earlier abandoned ',
				'run-folder-only abandoned ',
				'run-git-only abandoned ',
			].toSorted(),
		);
	});

	it('tells age and size: as the host measured it, or by looking', async () => {
		const run = await working('A');
		await swarm.ledger.write(person, (transaction) =>
			transaction.setFact(factKeys.worktrees, { 'pool-1': 12, [run.run_id]: 0 }),
		);
		await add('pool-1');
		const [worked, pooled] = await listWorktreeRows(parts());
		assert.equal(worked?.created_at, run.opened_at);
		assert.ok((worked?.bytes ?? 0) > 0, 'one that was measured while it was made is looked at');
		assert.equal(pooled?.bytes, 12);
		assert.ok(Math.abs(Date.parse(pooled?.created_at ?? '') - Date.now()) < 60_000);
	});

	it('knows who works in the folder an interrupted run left, and whose work it is once that one is gone too', async () => {
		const first = await working('A');
		const second = await swarm.ledger.write({ kind: 'host', id: 'host-1' }, async (transaction) => {
			await advanceTask(transaction, { taskId: 'A', move: 'release', runState: 'lost' });
			const { run } = await claimTask(transaction, {
				taskId: 'A',
				worker: 'Agent-1',
				driver: 'command',
				hostId: 'host-1',
				now: Date.now(),
			});
			await transaction.updateRun(run, { state: 'preparing', worktree: at(first.run_id) });
			await advanceTask(transaction, { taskId: 'A', move: 'start', runPatch: { base_commit: base } });
			return run;
		});
		assert.deepEqual(await rows(), [`${first.run_id} working A`]);
		await assert.rejects(reclaim({ id: first.run_id }), { code: 'worktrees.inUse' });
		assert.deepEqual((await reclaim('abandoned')).reclaimed, []);
		writeFiles(at(first.run_id), { 'new.txt': 'work\n' });
		isHostRunning = false;
		const { reclaimed } = await reclaim('abandoned');
		assert.deepEqual(
			reclaimed.map(({ id, rescued }) => [id, rescued]),
			[[first.run_id, rescueReference(second.run_id)]],
		);
		assert.deepEqual(leftovers(), []);
	});

	it('refuses to reclaim what somebody works in, and what is not there', async () => {
		const run = await working('A');
		await assert.rejects(reclaim({ id: run.run_id }), { code: 'worktrees.inUse' });
		await assert.rejects(reclaim({ id: 'run-none' }), { code: 'worktrees.unknown' });
		assert.deepEqual((await reclaim('abandoned')).reclaimed, []);
		assert.ok(existsSync(at(run.run_id)));
	});

	it('keeps work that is nowhere else under a rescue reference, names it, and ends what still runs there', async () => {
		const run = await working('A');
		writeFiles(at(run.run_id), { 'new.txt': 'work\n' });
		const running = await createProcessRunner().spawn({
			command: mark,
			folder: at(run.run_id),
			environment: { DREAMOS_RUN_ID: run.run_id },
			onErrorOutput: () => undefined,
		});
		isHostRunning = false;
		const { reclaimed } = await reclaim({ id: run.run_id });
		await running.exited;
		assert.deepEqual(processesWith(mark), []);
		assert.deepEqual(
			reclaimed.map(({ id, rescued }) => [id, rescued]),
			[[run.run_id, rescueReference(run.run_id)]],
		);
		assert.equal(runGit(swarm.folder, 'show', `${rescueReference(run.run_id)}:new.txt`), 'work\n');
		assert.deepEqual(leftovers(), []);
	});

	it('keeps the work of a run nobody knows, which git has forgotten too', async () => {
		await add('run-lost');
		writeFiles(at('run-lost'), { 'new.txt': 'work\n' });
		renameSync(at('run-lost'), at('run-away'));
		runGit(swarm.folder, 'worktree', 'prune');
		renameSync(at('run-away'), at('run-lost'));
		assert.deepEqual(await rows(), ['run-lost abandoned ']);
		assert.equal((await reclaim('abandoned')).reclaimed[0]?.rescued, rescueReference('run-lost'));
		assert.equal(runGit(swarm.folder, 'show', `${rescueReference('run-lost')}:new.txt`), 'work\n');
	});

	it('keeps what cannot be saved where it is, and says so', async () => {
		await add('run-1');
		writeFiles(at('run-1'), { 'new.txt': 'work\n' });
		const git = { ...swarm.git, commitWorktree: () => Promise.reject(new Error('the disk is full')) };
		const { reclaimed, kept } = await reclaimWorktrees({ ...parts(), git }, 'abandoned');
		assert.deepEqual(reclaimed, []);
		assert.match(kept[0]?.reason ?? '', /run-1 holds work that could not be saved; it stays in/u);
		await assert.rejects(reclaimWorktrees({ ...parts(), git }, { id: 'run-1' }), { code: 'worktrees.notSafe' });
		assert.ok(existsSync(at('run-1/new.txt')));
	});

	it('gets back the pool, and what a crash left of taking one: moved, and not yet told to git', async () => {
		await add('pool-1');
		await reclaim({ id: 'pool-1' });
		assert.deepEqual(leftovers(), []);
		await add('pool-2');
		renameSync(at('pool-2'), at('run-2'));
		isHostRunning = false;
		assert.deepEqual((await rows()).toSorted(), ['pool-2 abandoned ', 'run-2 abandoned ']);
		await reclaim('abandoned');
		assert.deepEqual(leftovers(), []);
		await add('pool-3');
		const registration = join(swarm.folder, '.git/worktrees/pool-3');
		renameSync(at('pool-3'), at('run-3'));
		writeFileSync(join(registration, 'gitdir'), `${at('run-3')}/.git\n`);
		await reclaim('abandoned');
		assert.deepEqual(leftovers(), []);
	});
});
