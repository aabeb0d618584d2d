// Owns the proof that new folders come one by one, so that an editor which watches the workspace follows the files in them.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../../../src/node/makeFolders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('makeFolders', () => {
	const folders = useTemporaryFolders();

	it('lets each level stand alone for a while, and says which was the first', async () => {
		const top = folders.make();
		const levels = [join(top, 'a'), join(top, 'a', 'b'), join(top, 'a', 'b', 'c')];
		const seen: string[][] = [];
		const first = await makeFolders(join(top, 'a', 'b', 'c'), async () => {
			const made = levels.filter((level) => existsSync(level));
			assert.deepEqual(readdirSync(made.at(-1) ?? top), []);
			seen.push(made);
		});
		assert.equal(first, levels[0]);
		assert.deepEqual(seen, [levels.slice(0, 1), levels.slice(0, 2), levels]);
	});

	it('waits for nothing when all is there', async () => {
		const top = folders.make();
		assert.equal(await makeFolders(top, () => assert.fail('waited')), undefined);
	});

	it('makes what is missing below what is there', async () => {
		const top = folders.make();
		mkdirSync(join(top, 'a'));
		assert.equal(await makeFolders(join(top, 'a', 'b', 'c')), join(top, 'a', 'b'));
	});

	it('refuses where a file, or a link to nothing, is in the place of a folder', async () => {
		const top = folders.make();
		writeFileSync(join(top, 'file'), '');
		symlinkSync(join(top, 'nowhere'), join(top, 'link'));
		await assert.rejects(makeFolders(join(top, 'file')), { code: 'EEXIST' });
		await assert.rejects(makeFolders(join(top, 'file', 'below')), { code: 'ENOTDIR' });
		await assert.rejects(makeFolders(join(top, 'link', 'below')));
	});

	it('goes on when somebody takes a folder away meanwhile', async () => {
		const top = folders.make();
		let taken = 0;
		await makeFolders(join(top, 'a', 'b'), async () => {
			if (taken++ === 0) {
				rmSync(join(top, 'a'), { recursive: true });
			}
		});
		assert.ok(existsSync(join(top, 'a', 'b')));
	});
});
