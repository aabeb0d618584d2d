// Checks a disk that fills up in the middle of a checkpoint: it is told, the work stays, nothing half written is offered or left, and
// everybody goes on.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { canMount, runOnTinyDisk } from '../../support/tinyDisk.ts';

interface Found {
	readonly status: string;
	readonly reason: string;
	readonly told: readonly { readonly message: string; readonly code: string }[];
	readonly offered: number;
	readonly latest: string | null;
	readonly halves: readonly string[];
	readonly indexes: readonly string[];
	readonly landed?: string;
}

interface Said {
	readonly ignored: Found;
	readonly full: Found;
	readonly modest: Found;
	readonly kept: boolean;
	readonly rescued: boolean;
	readonly isGone: boolean;
}

describe('a full disk in the middle of a checkpoint', () => {
	const folders = useTemporaryFolders();

	it('is told, costs no work, leaves nothing half written, and everybody goes on', async function () {
		// Four swarms one after the other, each with programs to start.
		this.timeout(480_000);
		if (!canMount()) {
			this.skip();
		}
		const root = folders.make();
		mkdirSync(join(root, 'objects'));
		const program = fileURLToPath(new URL('../../support/checkpointFullDisk.child.ts', import.meta.url));
		const said = JSON.parse(await runOnTinyDisk(join(root, 'objects'), '4m', program, root)) as Said;
		const { ignored, full, modest } = said;
		for (const each of [ignored, full]) {
			const [failure, ...others] = each.told;
			assert.deepEqual([failure?.code, others.length], ['file.full', 0], JSON.stringify(said));
			assert.match(failure?.message ?? '', /disk or its quota is full.+The run goes on\./u);
			assert.deepEqual([each.offered, each.latest], [0, null]);
			assert.deepEqual([each.halves, each.indexes], [[], []]);
		}
		assert.deepEqual([ignored.status, ignored.landed], ['COMPLETED', 'b\n'], 'its change had room');
		assert.equal(full.status, 'BLOCKED');
		assert.match(full.reason, /disk or its quota is full/u);
		assert.equal(said.kept, true, 'the worktree keeps what could not be saved');
		assert.deepEqual([modest.status, modest.landed, modest.told], ['COMPLETED', 'c\n', []]);
		assert.deepEqual([said.rescued, said.isGone], [true, true], 'the next host saves it once there is room');
	});
});
