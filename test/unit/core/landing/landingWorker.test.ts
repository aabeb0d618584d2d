// Checks the queue of landings: who takes what, what a death in the middle leaves, and that a stale command changes nothing.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DreamError, isDreamError } from '../../../../src/base/errors.ts';
import type { LandingTarget } from '../../../../src/core/landing/landingTarget.ts';
import { LandingWorker, landCommand } from '../../../../src/core/landing/landingWorker.ts';
import { requestLanding } from '../../../../src/core/landing/requestLanding.ts';
import { runReference } from '../../../../src/core/landing/runReferences.ts';
import type { Run } from '../../../../src/core/run/run.ts';
import { leaseNames } from '../../../../src/core/swarmFacts.ts';
import { advanceTask, claimTask } from '../../../../src/core/task/advanceTask.ts';
import { createFileLandingTarget } from '../../../../src/node/fileLandingTarget.ts';
import { systemClock } from '../../../../src/node/systemClock.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit, writeFiles } from '../../../support/temporaryRepository.ts';
import { TemporarySwarm, person } from '../../../support/temporarySwarm.ts';

describe('landing', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let staging: string;
	const workers: LandingWorker[] = [];
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' });
		staging = folders.make();
	});
	afterEach(async () => {
		for (const worker of workers.splice(0)) {
			worker.dispose();
			await worker.idle();
		}
		await swarm.dispose();
	});

	const files = () => createFileLandingTarget({ topFolder: swarm.folder, stagingFolder: staging });
	const parts = (target: LandingTarget = files()) => ({
		clock: systemClock,
		git: swarm.git,
		target,
		bounds: { workspacePath: '' },
		log: swarm.log,
		read: swarm.ledger.read.bind(swarm.ledger),
		write: <T>(work: Parameters<typeof swarm.ledger.write<T>>[1]) =>
			swarm.ledger.write({ kind: 'system', id: 'test' }, work),
		onDidChange: swarm.ledger.onDidChange,
	});
	const work = (side: 'host' | 'editor', taker: string, target?: LandingTarget) => {
		const worker = new LandingWorker({ ...parts(target), side, taker });
		workers.push(worker);
		return worker;
	};
	const attachWindow = (name: string, lifetime = 60_000) =>
		swarm.ledger.write(person, (transaction) =>
			transaction.acquireLease(`${leaseNames.editorPrefix}${name}`, name, lifetime, systemClock.now()),
		);

	/** A task whose change (a.txt says "agent") waits to land. */
	async function waiting(
		id: string,
		{ hasEditor = false, content = 'agent\n' } = {},
	): Promise<{ readonly run: Run; readonly command: string }> {
		await swarm.add(id, []);
		const worktree = `${folders.make()}/tree`;
		const base = await swarm.git.snapshot('base', ['runtime']);
		await swarm.git.addWorktree(worktree, base);
		writeFiles(worktree, { 'a.txt': content });
		const result = await swarm.git.commitWorktree(worktree, base, 'result');
		await swarm.git.removeWorktree(worktree);
		return swarm.ledger.write(person, async (transaction) => {
			const { run } = await claimTask(transaction, {
				taskId: id,
				worker: 'Agent-1',
				driver: 'command',
				hostId: 'host-1',
				now: Date.now(),
			});
			await advanceTask(transaction, { taskId: id, move: 'start' });
			await advanceTask(transaction, {
				taskId: id,
				move: 'validate',
				runPatch: { base_commit: base, result_commit: result },
			});
			const current = (await transaction.run(run.run_id)) ?? run;
			return { run: current, command: await requestLanding(transaction, current, { hasEditor }) };
		});
	}
	const commandOf = (id: string) => swarm.ledger.read((reader) => reader.command(id));

	it('lands on the side it is meant for: a window takes what is a window’s, the host the rest', async () => {
		await attachWindow('w1');
		const forEditor = await waiting('A', { hasEditor: true });
		work('host', 'host-1');
		await new Promise((resolve) => setTimeout(resolve, 200));
		assert.equal((await commandOf(forEditor.command))?.state, 'pending', 'a live window is waited for');
		work('editor', `${leaseNames.editorPrefix}w1`);
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.equal((await commandOf(forEditor.command))?.taken_by, 'editor:w1');
		assert.deepEqual(task.result?.files, ['a.txt']);
		assert.equal(swarm.shown('a.txt'), 'agent\n');
	});

	it('passes over windows that are gone, also after they took the command', async () => {
		const first = await waiting('A', { hasEditor: true });
		work('host', 'host-1');
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal((await commandOf(first.command))?.taken_by, 'host-1');
		workers.splice(0).forEach((worker) => worker.dispose());

		await attachWindow('w2', 300);
		const second = await waiting('B', { hasEditor: true, content: 'agent again\n' });
		await swarm.ledger.write(person, (transaction) =>
			transaction.takeCommand(second.command, `${leaseNames.editorPrefix}w2`),
		);
		const heir = work('host', 'host-2');
		await swarm.until(async () => {
			heir.poke();
			return (await swarm.task('B')).status === 'COMPLETED';
		}, 'the host takes over');
		assert.equal(swarm.shown('a.txt'), 'agent again\n');
	});

	it('can be done again after a death between applying and the verdict', async () => {
		const { command, run } = await waiting('A');
		const died = new DreamError('test.died', 'the process died here');
		const dying = { ...parts(), write: () => Promise.reject(died) };
		await swarm.ledger.write(person, (transaction) => transaction.takeCommand(command, 'host-dead'));
		const { landRun } = await import('../../../../src/core/landing/landRun.ts');
		const taken = await commandOf(command);
		assert.ok(taken !== undefined);
		await assert.rejects(landRun(dying, taken), died);
		assert.equal(swarm.shown('a.txt'), 'agent\n', 'the change is in the files');
		assert.equal((await swarm.task('A')).status, 'VALIDATING', 'and nobody knows');
		work('host', 'host-2');
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal((await swarm.runs('A'))[0]?.run_id, run.run_id);
		assert.equal(swarm.shown('a.txt'), 'agent\n');
	});

	it('can be done again after a death between taking a file away and putting the new one there', async () => {
		writeFiles(swarm.folder, { 'a.txt': 'a\nof a person\n' });
		const { command } = await waiting('A', { content: 'agent\na\nof a person\n' });
		await swarm.ledger.write(person, (transaction) => transaction.takeCommand(command, 'host-dead'));
		const taken = await commandOf(command);
		assert.ok(taken !== undefined);
		const { landRun } = await import('../../../../src/core/landing/landRun.ts');
		const target = files();
		const dying: LandingTarget = {
			read: (path) => target.read(path),
			apply: () => {
				rmSync(join(swarm.folder, 'a.txt'));
				return new Promise(() => undefined);
			},
		};
		void landRun(parts(dying), taken);
		await swarm.until(() => swarm.shown('a.txt') === undefined, 'the file is away');
		work('host', 'host-2');
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal(swarm.shown('a.txt'), 'agent\na\nof a person\n');
	});

	it('changes nothing for a run that lost its task', async () => {
		const { command } = await waiting('A');
		await swarm.ledger.write(person, (transaction) => advanceTask(transaction, { taskId: 'A', move: 'cancel' }));
		work('host', 'host-1');
		await swarm.until(async () => (await commandOf(command))?.state === 'failed', 'the command is refused');
		assert.equal(swarm.shown('a.txt'), 'a\n');
		assert.equal((await swarm.task('A')).status, 'CANCELLED');
		assert.ok((await swarm.events('A')).some(({ type }) => type === 'run.fenced'));
	});

	it('lands in order, one at a time; what no longer fits is blocked and kept', async () => {
		const first = await waiting('A', { content: 'from A\n' });
		const second = await waiting('B', { content: 'from B\n' });
		let active = 0;
		const target = files();
		work('host', 'host-1', {
			read: (path) => target.read(path),
			apply: async (operations, label) => {
				active += 1;
				assert.equal(active, 1);
				await target.apply(operations, label);
				active -= 1;
			},
		});
		await swarm.statusIs('A', 'COMPLETED');
		const blocked = await swarm.statusIs('B', 'BLOCKED');
		assert.equal(blocked.block_reason?.kind, 'conflict');
		assert.equal(swarm.shown('a.txt'), 'from A\n');
		assert.deepEqual((await commandOf(second.command))?.answer?.['files'], ['a.txt']);
		await swarm.until(() => swarm.leftovers().length === 1, 'references are right');
		assert.deepEqual(swarm.leftovers(), [`refs/dreamos/rescue/${second.run.run_id}`]);
		assert.equal(runGit(swarm.folder, 'show', `refs/dreamos/rescue/${second.run.run_id}:a.txt`), 'from B\n');
		assert.equal((await commandOf(first.command))?.state, 'done');
	});

	it('plans again when a file changes under its hands, and says when that never ends', async () => {
		await waiting('A');
		const target = files();
		let changes = 0;
		work('host', 'host-1', {
			read: (path) => target.read(path),
			apply: (operations, label) => {
				changes += 1;
				if (changes < 3) {
					throw new DreamError('landing.changedMeanwhile', 'somebody types');
				}
				return target.apply(operations, label);
			},
		});
		await swarm.statusIs('A', 'COMPLETED');
		workers.splice(0).forEach((worker) => worker.dispose());
		await waiting('B', { content: 'b\n' });
		work('host', 'host-1', {
			read: (path) => target.read(path),
			apply: () => Promise.reject(new DreamError('landing.changedMeanwhile', 'somebody types for ever')),
		});
		const blocked = await swarm.statusIs('B', 'BLOCKED');
		assert.match(blocked.block_reason?.text ?? '', /somebody types for ever/u);
	});

	it('blocks with the reason when the disk refuses, and leaves the files alone', async () => {
		const { run } = await waiting('A');
		await swarm.git.setReference(runReference(run.run_id), run.result_commit ?? undefined);
		const target = files();
		work('host', 'host-1', {
			read: (path) => target.read(path),
			apply: () =>
				Promise.reject(new DreamError('landing.failed', 'The disk is full.', { advice: 'Free some space.' })),
		});
		const blocked = await swarm.statusIs('A', 'BLOCKED');
		assert.deepEqual(blocked.block_reason, { kind: 'needs_input', text: 'The disk is full. Free some space.' });
		assert.deepEqual(swarm.leftovers(), [`refs/dreamos/rescue/${run.run_id}`]);
	});

	it('lands one command for a terminal, once', async () => {
		const { command } = await waiting('A');
		await landCommand(parts(), command, 'terminal-1');
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		await assert.rejects(landCommand(parts(), command, 'terminal-2'), (error: unknown) =>
			isDreamError(error, 'landing.taken'),
		);
	});
});
