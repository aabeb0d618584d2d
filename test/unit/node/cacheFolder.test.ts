// Checks where worktrees live: per system, per workspace, as the setting says.

import assert from 'node:assert/strict';
import { systemCacheFolder, worktreesFolder } from '../../../src/node/cacheFolder.ts';

const home = '/home/ann';

describe('systemCacheFolder', () => {
	it('is what each system provides', () => {
		assert.equal(systemCacheFolder({ platform: 'linux', environment: {}, home }), '/home/ann/.cache');
		assert.equal(
			systemCacheFolder({ platform: 'linux', environment: { XDG_CACHE_HOME: '/big/cache' }, home }),
			'/big/cache',
		);
		assert.equal(systemCacheFolder({ platform: 'darwin', environment: {}, home }), '/home/ann/Library/Caches');
		assert.equal(systemCacheFolder({ platform: 'win32', environment: {}, home }), '/home/ann/AppData/Local');
	});

	it('ignores a relative XDG_CACHE_HOME, as the specification says', () => {
		assert.equal(
			systemCacheFolder({ platform: 'linux', environment: { XDG_CACHE_HOME: 'cache' }, home }),
			'/home/ann/.cache',
		);
	});
});

describe('worktreesFolder', () => {
	const folderOf = (workspaceFolder: string, setting?: string) =>
		worktreesFolder({
			workspaceFolder,
			platform: 'linux',
			environment: {},
			home,
			...(setting === undefined ? {} : { setting }),
		});

	it('names the workspace and never shares a folder between two', () => {
		assert.match(folderOf('/a/shop'), /^\/home\/ann\/\.cache\/dreamos\/worktrees\/shop-[0-9a-f]{10}$/u);
		assert.notEqual(folderOf('/a/shop'), folderOf('/b/shop'));
		assert.equal(folderOf('/a/shop'), folderOf('/a/other/../shop/'));
	});

	it('makes a safe name of any folder', () => {
		assert.match(folderOf('/a/..grüße 日本 "x"\n'), /\/grüße-日本-x-[0-9a-f]{10}$/u);
		assert.match(folderOf('/'), /\/workspace-[0-9a-f]{10}$/u);
		assert.match(folderOf(`/a/${'long'.repeat(50)}`), /\/(?:long){8}-[0-9a-f]{10}$/u);
	});

	it('honours the setting: absolute, from the home folder, from the workspace', () => {
		assert.match(folderOf('/a/shop', '/big/disk'), /^\/big\/disk\/shop-/u);
		assert.match(folderOf('/a/shop', '~/trees'), /^\/home\/ann\/trees\/shop-/u);
		assert.match(folderOf('/a/shop', '../trees'), /^\/a\/trees\/shop-/u);
		assert.match(folderOf('/a/shop', '  '), /^\/home\/ann\/\.cache\//u);
	});
});
