// Checks that temporary indexes of killed programs go, and nothing else.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sweepIndexFolders } from '../../../src/node/gitIndex.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('sweepIndexFolders', () => {
	const folders = useTemporaryFolders();

	it('removes what was left long ago, not what is used, and nothing of anybody else', async () => {
		const parent = folders.make();
		const now = Date.now();
		for (const [name, age] of Object.entries({
			'dreamos-index-old': 2,
			'dreamos-index-new': 0,
			'other-index-old': 2,
		})) {
			mkdirSync(join(parent, name));
			writeFileSync(join(parent, name, 'index'), '');
			utimesSync(join(parent, name), now / 1000, now / 1000 - age * 3600);
		}
		await sweepIndexFolders(parent, now);
		assert.deepEqual(readdirSync(parent).toSorted(), ['dreamos-index-new', 'other-index-old']);
		await sweepIndexFolders(join(parent, 'none'), now);
	});
});
