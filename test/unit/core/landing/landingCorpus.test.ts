// Owns the proof that a landing by files is git's own three-way merge, byte for byte, over the golden corpus.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { excludedPaths } from '../../../../src/core/landing/landingPath.ts';
import { planLanding } from '../../../../src/core/landing/planLanding.ts';
import { renamedSince } from '../../../../src/core/landing/renamedSince.ts';
import { createFileLandingTarget } from '../../../../src/node/fileLandingTarget.ts';
import { createGit } from '../../../../src/node/git.ts';
import { landingCorpus } from '../../../support/landingCorpus.ts';
import type { PreparedPair } from '../../../support/landingOracle.ts';
import { listTree, preparePair } from '../../../support/landingOracle.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';

describe('landing by files, beside git', function () {
	this.timeout(120_000);
	const folders = useTemporaryFolders();

	async function land({ folder, base, result }: PreparedPair, root: string) {
		const git = createGit({ workspaceFolder: folder });
		const target = createFileLandingTarget({ topFolder: folder, stagingFolder: join(root, 'staging') });
		const plan = await planLanding(git, target, {
			changes: await git.changes(base, result, excludedPaths),
			base,
			result,
			bounds: { workspacePath: '' },
			renamedHere: () => renamedSince(git, base),
		});
		await target.apply(plan.operations, 'Test');
		return plan.conflicts;
	}

	it('has at least 60 pairs, each of its own name', () => {
		assert.ok(landingCorpus.length >= 60, String(landingCorpus.length));
		assert.equal(new Set(landingCorpus.map(({ name }) => name)).size, landingCorpus.length);
	});

	for (const pair of landingCorpus) {
		it(pair.name, async function () {
			if (process.platform === 'win32') {
				this.skip();
			}
			const root = folders.make();
			const prepared = preparePair(root, pair);
			assert.equal(prepared.merged === undefined ? 'conflicts' : 'merges', pair.git, 'git says otherwise');
			const before = listTree(prepared.folder);
			const conflicts = await land(prepared, root);
			assert.equal(conflicts.length > 0 ? 'conflicts' : 'merges', pair.git, JSON.stringify(conflicts));
			assert.deepEqual(listTree(prepared.folder), prepared.merged ?? before);
			if (prepared.merged !== undefined) {
				assert.deepEqual(await land(prepared, root), [], 'done again it is the same');
				assert.deepEqual(listTree(prepared.folder), prepared.merged, 'done again it is the same');
			}
			rmSync(root, { recursive: true });
		});
	}

	it('would notice a byte that is not as git has it', () => {
		const [pair] = landingCorpus;
		assert.ok(pair !== undefined);
		const { folder, merged } = preparePair(folders.make(), pair);
		writeFileSync(join(folder, 'a'), 'one');
		assert.notDeepEqual(listTree(folder), merged);
	});
});
