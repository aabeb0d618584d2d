// Checks going back to a checkpoint as a person does it: what would change is told first, the next worktree begins with it, it can be
// taken back until an attempt has begun, and nothing is restored under somebody's hands.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointList } from '../../../../src/core/actions/checkpointActions.ts';
import { checkpointMessage } from '../../../../src/core/checkpoint/checkpoint.ts';
import { checkpointReference } from '../../../../src/core/checkpoint/checkpointReference.ts';
import type { RestoredCheckpoint } from '../../../../src/core/checkpoint/restoreCheckpoint.ts';
import { rescueReference } from '../../../../src/core/landing/runReferences.ts';
import type { WorkPlace } from '../../../../src/core/person/workOnTask.ts';
import type { Run, RunState } from '../../../../src/core/run/run.ts';
import { advanceTask, claimTask } from '../../../../src/core/task/advanceTask.ts';
import { PersonDesk } from '../../../support/personDesk.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { runGit, writeFiles } from '../../../support/temporaryRepository.ts';

describe('restoring a checkpoint', () => {
	const folders = useTemporaryFolders();
	let desk: PersonDesk;
	beforeEach(async () => {
		desk = await PersonDesk.open(folders.make());
	});
	afterEach(() => desk.close());

	/** An attempt that made two checkpoints and ended in this way; its work is kept as of the second one, and more. */
	async function attempted(state: RunState & ('failed' | 'lost')): Promise<Run> {
		const { swarm } = desk;
		await swarm.add('A', []);
		const host = { kind: 'host', id: 'host-old' } as const;
		const claimed = await swarm.ledger.write(host, async (transaction) => {
			const { run } = await claimTask(transaction, {
				taskId: 'A',
				worker: 'Agent-1',
				driver: 'acp',
				hostId: 'host-old',
				now: Date.now(),
			});
			return run;
		});
		const base = await swarm.git.snapshot('base', ['runtime']);
		const folder = join(swarm.worktrees, claimed.run_id);
		await swarm.git.addWorktree(folder, base);
		await swarm.ledger.write(host, (transaction) =>
			advanceTask(transaction, { taskId: 'A', move: 'start', runPatch: { base_commit: base } }),
		);
		for (const number of [1, 2]) {
			writeFiles(folder, { 'a.txt': `turn ${number}\n`, [`new-${number}.txt`]: 'new\n' });
			const story = {
				task_id: 'A',
				worker: 'Agent-1',
				attempt: 1,
				base,
				at: new Date().toISOString(),
				session_id: null,
				summary: `Said in turn ${number}.`,
				pinned: [],
				decisions: [],
				did: [],
				plan: '',
				plan_position: null,
				usage: '',
				left_out: [],
			};
			const message = () => checkpointMessage(claimed.run_id, number, story);
			const commit = await swarm.git.commitState(folder, { base, message, ignoredBytes: 0 });
			await swarm.git.setReference(checkpointReference(claimed.run_id, number), commit);
		}
		writeFiles(folder, { 'later.txt': 'later\n' });
		const kept = await swarm.git.commitWorktree(folder, base, 'rescued');
		await swarm.git.setReference(rescueReference(claimed.run_id), kept);
		await swarm.git.removeWorktree(folder);
		await swarm.ledger.write(host, (transaction) =>
			advanceTask(transaction, { taskId: 'A', move: 'release', runState: state, runPatch: { worktree: null } }),
		);
		return claimed;
	}
	const restore = (id: string, more: object = {}) =>
		desk.perform<RestoredCheckpoint>('checkpoint.restore', { checkpoint: id, ...more });
	const rescued = (run: Run) => runGit(desk.swarm.folder, 'rev-parse', rescueReference(run.run_id)).trim();

	it('tells first what would change, with what each checkpoint takes, and changes nothing', async () => {
		const run = await attempted('failed');
		const list = await desk.perform<CheckpointList>('checkpoint.list', { run_id: run.run_id });
		assert.deepEqual(
			list.checkpoints.map(({ id, file_count: files }) => [id, files]),
			[
				[`${run.run_id}/1`, 2],
				[`${run.run_id}/2`, 3],
			],
		);
		assert.ok(list.checkpoints.every(({ bytes = 0 }) => bytes > 0 && bytes <= list.bytes));
		assert.ok(list.bytes < list.limit_bytes);
		const before = rescued(run);
		const preview = await restore(`${run.run_id}/1`, { dry_run: true });
		assert.deepEqual(
			preview.changes.map(({ path, kind }) => [path, kind]),
			[
				['a.txt', 'edited'],
				['later.txt', 'deleted'],
				['new-2.txt', 'deleted'],
			],
		);
		assert.deepEqual([preview.before, preview.is_done], [before, false]);
		assert.equal(rescued(run), before);
	});

	for (const state of ['failed', 'lost'] as const) {
		it(`begins the next worktree with it after an attempt that ${state === 'lost' ? 'was lost' : 'failed'}`, async () => {
			const run = await attempted(state);
			await restore(`${run.run_id}/1`);
			const { folder } = await desk.perform<WorkPlace>('task.work', { task_id: 'A' });
			assert.equal(readFileSync(join(folder, 'a.txt'), 'utf8'), 'turn 1\n');
			assert.deepEqual(
				['new-1.txt', 'new-2.txt', 'later.txt'].map((name) => existsSync(join(folder, name))),
				[true, false, false],
			);
			await assert.rejects(restore(`${run.run_id}/2`), { code: 'checkpoint.inUse' });
			await assert.rejects(desk.perform('checkpoint.undo', { run_id: run.run_id }), { code: 'checkpoint.inUse' });
		});
	}

	it('can be taken back, step by step, and is refused when there is nothing to take back', async () => {
		const run = await attempted('failed');
		const before = rescued(run);
		const { set_aside: aside } = await restore(`${run.run_id}/2`);
		assert.equal(aside, `${run.run_id}/3`, 'what was there is a checkpoint itself');
		const second = rescued(run);
		await restore(`${run.run_id}/1`);
		const undo = () => desk.perform('checkpoint.undo', { run_id: run.run_id });
		await undo();
		assert.equal(rescued(run), second);
		await undo();
		assert.equal(rescued(run), before);
		await assert.rejects(undo(), { code: 'checkpoint.notRestored' });
		// As the next attempt would have begun: anew, with nothing of the failed one.
		const { folder } = await desk.perform<WorkPlace>('task.work', { task_id: 'A' });
		assert.equal(existsSync(join(folder, 'new-1.txt')), false);
	});

	it('cannot be taken back once an attempt has begun with it', async () => {
		const run = await attempted('failed');
		await restore(`${run.run_id}/1`);
		await desk.perform('task.work', { task_id: 'A' });
		await desk.perform('task.release', { task_id: 'A' });
		await assert.rejects(desk.perform('checkpoint.undo', { run_id: run.run_id }), {
			code: 'checkpoint.notRestored',
		});
	});
});
