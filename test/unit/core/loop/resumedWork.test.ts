// Checks where an interrupted agent is found to have worked, however workspace and repository lie to each other.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { LedgerReader } from '../../../../src/core/ledger.ts';
import { findResumedWork } from '../../../../src/core/loop/resumedWork.ts';
import { nodeFileSystem } from '../../../../src/node/nodeFileSystem.ts';
import { buildAgent, buildRun } from '../../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

describe('findResumedWork', () => {
	const folders = useTemporaryFolders();

	async function found(workspacePath: string, cwd: readonly string[]): Promise<string | undefined> {
		const worktreesFolder = folders.make();
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
		const reader = { runs: async () => [run] } as Partial<LedgerReader> as LedgerReader;
		const resumed = await findResumedWork(
			{ files: nodeFileSystem, bounds: { workspacePath }, worktreesFolder, read: (work) => work(reader) },
			'A',
			buildAgent('Agent-1'),
		);
		return resumed?.folder.slice(worktreesFolder.length + 1);
	}

	it('finds its worktree: at the top, in a sub-folder, and where the workspace is around the repository', async () => {
		assert.equal(await found('', ['run-1']), 'run-1');
		assert.equal(await found('packages/app', ['run-1', 'packages', 'app']), 'run-1');
		assert.equal(await found('../..', ['run-1']), 'run-1');
	});

	it('takes up nothing but a worktree of ours', async () => {
		assert.equal(await found('', ['somebody']), undefined);
		assert.equal(await found('', ['deeper', 'run-1']), undefined);
	});
});
