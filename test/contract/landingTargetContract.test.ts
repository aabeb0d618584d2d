// Runs the contract of landing targets on plain files, and what only they can be tested for: a disk that fails half-way.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDreamError } from '../../src/base/errors.ts';
import { createFileLandingTarget } from '../../src/node/fileLandingTarget.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import { landingTargetContract } from './landingTargetContract.ts';

describe('landing on files', () => {
	const folders = useTemporaryFolders();
	const make = () => {
		const root = folders.make();
		const topFolder = join(root, 'repository');
		mkdirSync(topFolder);
		const stagingFolder = join(root, 'staging');
		return { topFolder, stagingFolder, target: createFileLandingTarget({ topFolder, stagingFolder }) };
	};

	landingTargetContract('The file target', async () => {
		const { topFolder, target } = make();
		return { target, folder: topFolder };
	});

	it('leaves nothing aside, whether it lands or not', async () => {
		const { topFolder, stagingFolder, target } = make();
		const create = {
			kind: 'create',
			path: 'a',
			content: new Uint8Array([1]),
			mode: '100644',
			expected: { kind: 'none' },
		} as const;
		await target.apply([create], 'Test');
		assert.equal(existsSync(stagingFolder), false);
		await assert.rejects(target.apply([create], 'Test'));
		assert.equal(existsSync(stagingFolder), false);
		assert.deepEqual(readdirSync(topFolder), ['a']);
	});

	it('puts everything back when a folder refuses half-way, and says which file', async function () {
		if (process.platform === 'win32' || process.getuid?.() === 0) {
			// Nothing is refused to root; the same way back is taken by a file in place of a folder below.
			this.skip();
		}
		const { topFolder, target } = make();
		mkdirSync(join(topFolder, 'locked'));
		writeFileSync(join(topFolder, 'a.txt'), 'a\n');
		chmodSync(join(topFolder, 'locked'), 0o555);
		const edit = {
			kind: 'edit',
			path: 'a.txt',
			content: new Uint8Array([1]),
			mode: '100644',
			expected: await target.read('a.txt'),
		} as const;
		const create = {
			kind: 'create',
			path: 'locked/b',
			content: new Uint8Array([1]),
			mode: '100644',
			expected: { kind: 'none' },
		} as const;
		await assert.rejects(target.apply([edit, create], 'Test'), (error: unknown) => {
			assert.ok(isDreamError(error, 'landing.failed'));
			assert.match(error.message, /locked\/b/u);
			return true;
		});
		assert.equal(readFileSync(join(topFolder, 'a.txt'), 'utf8'), 'a\n');
	});

	it('puts everything back when a step cannot be done', async () => {
		const { topFolder, target } = make();
		for (const path of ['edit.txt', 'delete.txt', 'rename.txt']) {
			writeFileSync(join(topFolder, path), `${path}\n`);
		}
		const content = new Uint8Array([1]);
		const mode = '100644';
		const none = { kind: 'none' } as const;
		await assert.rejects(
			target.apply(
				[
					{ kind: 'create', path: 'made/new.txt', content, mode, expected: none },
					{ kind: 'edit', path: 'edit.txt', content, mode, expected: await target.read('edit.txt') },
					{ kind: 'delete', path: 'delete.txt', mode: '', expected: await target.read('delete.txt') },
					{
						kind: 'rename',
						path: 'renamed/x.txt',
						previousPath: 'rename.txt',
						content,
						mode,
						expected: await target.read('rename.txt'),
					},
					// A step without content: nothing was put aside that could be moved here.
					{ kind: 'create', path: 'broken.txt', mode, expected: none },
				],
				'Test',
			),
			(error: unknown) => isDreamError(error, 'landing.failed'),
		);
		assert.deepEqual(readdirSync(topFolder).toSorted(), ['delete.txt', 'edit.txt', 'rename.txt']);
		for (const path of ['edit.txt', 'delete.txt', 'rename.txt']) {
			assert.equal(readFileSync(join(topFolder, path), 'utf8'), `${path}\n`);
		}
	});
});
