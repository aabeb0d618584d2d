// Checks for whom a command speaks: an agent of a run by the environment its host gave it, a person everywhere else.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/node/systemClock.ts';
import { nullLogger } from '../../../src/base/log.ts';
import { findCaller } from '../../../src/workspace/caller.ts';
import { runtimePaths } from '../../../src/core/paths.ts';
import { advanceTask, claimTask } from '../../../src/core/task/advanceTask.ts';
import { openLedger } from '../../../src/ledger/openLedger.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { ann } from '../../support/temporaryLedger.ts';

const environment = {
	DREAMOS_WORKSPACE: '/work',
	DREAMOS_WORKTREE: '/trees/run-1',
	DREAMOS_AGENT_ID: 'Agent-1',
	DREAMOS_RUN_ID: 'run-1',
	DREAMOS_EPOCH: '3',
	DREAMOS_TASK_ID: 'A',
};

describe('the caller of a command', () => {
	it('is the agent in the workspace of its run, and whoever runs the program in any other', () => {
		const agent = { kind: 'agent', id: 'Agent-1' };
		assert.deepEqual(findCaller(undefined, environment, '/trees/run-1/src'), {
			folder: '/work',
			actor: agent,
			run: { run_id: 'run-1', epoch: 3, task_id: 'A' },
		});
		assert.deepEqual(findCaller('/work', environment, '/tmp').actor, agent);
		assert.equal(findCaller(undefined, environment, '/tmp/x').actor.kind, 'cli');
		assert.equal(findCaller(undefined, environment, '/tmp/x').folder, '/tmp/x');
		assert.equal(findCaller('/tmp/x', environment, '/trees/run-1').run, undefined);
		assert.equal(findCaller(undefined, environment, '/trees/run-10').folder, '/trees/run-10');
		assert.equal(findCaller(undefined, {}, '/work').actor.kind, 'cli');
	});

	describe('in a workspace', function () {
		this.timeout(120_000);
		this.slow(10_000);
		const folders = useTemporaryFolders();
		const cli = join(import.meta.dirname, '../../../src/cli.ts');

		it('is the agent also where a link leads to the workspace or the worktree', () => {
			const [home, worktree, elsewhere] = [folders.make(), folders.make(), folders.make()];
			symlinkSync(home, join(elsewhere, 'home'));
			symlinkSync(worktree, join(elsewhere, 'tree'));
			const linked = { ...environment, DREAMOS_WORKSPACE: home, DREAMOS_WORKTREE: join(elsewhere, 'tree') };
			assert.equal(findCaller(join(elsewhere, 'home'), linked, '/tmp').actor.kind, 'agent');
			assert.equal(findCaller(undefined, linked, worktree).actor.kind, 'agent');
		});

		it('an agent reports, cannot do what is for people, and is fenced when its run is over', async () => {
			const folder = folders.make();
			const worktree = join(folders.make(), 'run');
			mkdirSync(worktree);
			const run = (words: readonly string[], env: Record<string, string> = {}) =>
				spawnSync(process.execPath, [cli, ...words], {
					cwd: worktree,
					encoding: 'utf8',
					env: { ...process.env, ...env },
				});
			assert.equal(run(['init', '--yes', '--workspace', folder]).status, 0);
			assert.equal(run(['task', 'create', 'it', '--task-id', 'A', '--workspace', folder]).status, 0);
			assert.equal(run(['task', 'create', 'other', '--task-id', 'B', '--workspace', folder]).status, 0);
			const ledger = await openLedger({
				path: join(folder, runtimePaths.ledger),
				clock: systemClock,
				log: nullLogger,
			});
			try {
				const claim = { taskId: 'A', worker: 'Agent-1', driver: 'acp', hostId: 'host-1', now: Date.now() };
				const { run: claimed } = await ledger.write(ann, async (transaction) => {
					const result = await claimTask(transaction, claim);
					await advanceTask(transaction, { taskId: 'A', move: 'start' });
					return result;
				});
				const env = {
					DREAMOS_WORKSPACE: folder,
					DREAMOS_WORKTREE: worktree,
					DREAMOS_AGENT_ID: 'Agent-1',
					DREAMOS_RUN_ID: claimed.run_id,
					DREAMOS_EPOCH: String(claimed.epoch),
					DREAMOS_TASK_ID: 'A',
				};
				const key = 'sk-0123456789';
				const reported = run(['run', 'report', `half way with ${key}`], { ...env, PROBE_API_KEY: key });
				assert.equal(reported.status, 0, reported.stderr);
				const told = await ledger.read((reader) => reader.events({ task_id: 'A' }));
				assert.equal(told.at(-1)?.message, 'Agent-1: half way with [secret]');
				assert.match(run(['task', 'list'], env).stdout, /A +IN_PROGRESS/u);
				assert.match(
					run(['run', 'accept', claimed.run_id], env).stderr,
					/is for people, not for agent:Agent-1/u,
				);
				assert.equal(run(['task', 'block', 'A', '--reason', 'no key'], env).status, 0);
				const late = run(['run', 'finish', 'done'], env);
				assert.equal(late.status, 1);
				assert.match(late.stderr, /is over: blocked\. Nothing was changed\./u);
				const nobody = run(['run', 'report', 'text', '--workspace', folder]);
				assert.equal(nobody.status, 2);
				assert.match(nobody.stderr, /run_id/u);
				const events = await ledger.read((reader) => reader.events({ task_id: 'A' }));
				assert.ok(events.some(({ actor, type }) => actor === 'agent:Agent-1' && type === 'run.reported'));
			} finally {
				ledger.dispose();
			}
		});
	});
});
