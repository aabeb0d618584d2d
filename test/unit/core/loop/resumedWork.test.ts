// Checks where an interrupted agent is found to have worked, however workspace and repository lie to each other.

import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import type { LedgerReader } from '../../../../src/core/ledger.ts';
import { findResumedWork } from '../../../../src/core/loop/resumedWork.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { buildAgent, buildRun } from '../../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

describe('findResumedWork', () => {
	const folders = useTemporaryFolders();

	let worktreesFolder: string;
	async function find(
		workspacePath: string,
		cwd: readonly string[],
		agent = 'Agent-1',
		events: readonly object[] = [],
	) {
		worktreesFolder = folders.make();
		const run = buildRun('run-1', {
			state: 'lost',
			worker: 'Agent-1',
			base_commit: 'a'.repeat(40),
			session: {
				kind: 'acp',
				session_id: 's',
				cwd: join(worktreesFolder, ...cwd),
				mode: null,
				options: {},
				opened_at: '',
			},
		});
		const reader = { runs: async () => [run], events: async () => events } as unknown as LedgerReader;
		return findResumedWork(
			{ files: nodeFileSystem, bounds: { workspacePath }, worktreesFolder, read: (work) => work(reader) },
			'A',
			buildAgent(agent),
		);
	}
	const found = async (workspacePath: string, cwd: readonly string[]) =>
		(await find(workspacePath, cwd))?.folder.slice(worktreesFolder.length + 1);

	it('finds its worktree: at the top, in a sub-folder, and where the workspace is around the repository', async () => {
		assert.equal(await found('', ['run-1']), 'run-1');
		assert.equal(await found('packages/app', ['run-1', 'packages', 'app']), 'run-1');
		assert.equal(await found('../..', ['run-1']), 'run-1');
	});

	it('takes up nothing but a worktree of ours: else the work goes on in a new one, by somebody who has to be told', async () => {
		for (const cwd of [['somebody'], ['deeper', 'run-1']]) {
			const resumed = await find('', cwd);
			assert.equal(resumed?.session, null);
			assert.match(basename(resumed?.folder ?? ''), /^run-/u);
			assert.notEqual(basename(resumed?.folder ?? ''), 'run-1');
		}
	});

	it('takes up no session once a person went back to a checkpoint, until an attempt has begun with that', async () => {
		const restored = { type: 'run.restored', run_id: 'run-1', data: { checkpoint: 'run-1/1' } };
		const takenBack = { ...restored, data: { takes_back: true } };
		const claimed = { type: 'task.moved', data: { move: 'claim' } };
		const isTakenUp = async (...newestFirst: object[]) =>
			(await find('', ['run-1'], 'Agent-1', newestFirst)) !== undefined;
		assert.equal(await isTakenUp(restored, claimed), false);
		assert.equal(await isTakenUp(takenBack, restored, claimed), true);
		assert.equal(await isTakenUp(claimed, restored), true);
	});

	it('lets another agent go on in a new worktree, without the session', async () => {
		const resumed = await find('', ['run-1'], 'Agent-2');
		assert.deepEqual([resumed?.run.run_id, resumed?.session], ['run-1', null]);
		assert.notEqual(basename(resumed?.folder ?? ''), 'run-1');
	});
});
