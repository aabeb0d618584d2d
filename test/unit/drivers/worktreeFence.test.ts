// Owns the cases of paths that stay inside a worktree, or only look so, on a real file system.

import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { WorktreeFence } from '../../../src/drivers/worktreeFence.ts';
import { createWorktreeFence } from '../../../src/drivers/worktreeFence.ts';

describe('The fence of a worktree', () => {
	let root: string;
	let worktree: string;
	let fence: WorktreeFence;

	before(async () => {
		root = await realpath(await mkdtemp(path.join(tmpdir(), 'dreamos-fence-')));
		worktree = path.join(root, 'tree');
		await mkdir(path.join(worktree, 'src/deep'), { recursive: true });
		await mkdir(path.join(root, 'outside'));
		await writeFile(path.join(worktree, 'src/a.txt'), 'a');
		await writeFile(path.join(root, 'outside/secret'), 's');
		await symlink(path.join(root, 'outside'), path.join(worktree, 'out'));
		await symlink('src', path.join(worktree, 'inside'));
		await symlink(path.join(root, 'outside/not-there'), path.join(worktree, 'dangling'));
		await symlink('loop', path.join(worktree, 'loop'));
		await symlink(worktree, path.join(root, 'alias'));
		fence = createWorktreeFence(worktree);
	});
	after(() => rm(root, { recursive: true, force: true }));

	const cases: readonly [name: string, given: (tree: string) => string, expected: string | undefined][] = [
		['a file, absolute', (tree) => `${tree}/src/a.txt`, 'src/a.txt'],
		['a file, relative', () => 'src/a.txt', 'src/a.txt'],
		['the worktree itself', (tree) => tree, '.'],
		['a file that is not there yet, in folders that are not', () => 'new/folder/b.txt', 'new/folder/b.txt'],
		['a link that stays inside', () => 'inside/a.txt', 'src/a.txt'],
		['.. that stays inside', () => 'src/../src/a.txt', 'src/a.txt'],
		['another name of the worktree', (tree) => `${path.dirname(tree)}/alias/src/a.txt`, 'src/a.txt'],
		['names with dots', () => '..config/...', '..config/...'],
		['.. that leads out', () => '../outside/secret', undefined],
		['.. behind something that is not there', () => 'new/../../outside/secret', undefined],
		['an absolute path outside', () => '/etc/passwd', undefined],
		['a neighbour whose name begins alike', (tree) => `${tree}-2/a.txt`, undefined],
		['a link that leads out', () => 'out/secret', undefined],
		['a new file behind a link that leads out', () => 'out/new.txt', undefined],
		['a link to nothing, which would be written through', () => 'dangling', undefined],
		['a link to itself', () => 'loop', undefined],
		['.. behind a link, which is not where it looks', () => 'out/../tree-secret', undefined],
		['a file below a file', () => 'src/a.txt/b', undefined],
		['the home folder', () => '~/x', undefined],
		['git’s own file', () => '.git', undefined],
		['git’s own folder, whatever its letters', () => 'src/.GIT/hooks/x', undefined],
		['nothing', () => '', undefined],
		['a NUL', () => 'a\0b', undefined],
	];
	for (const [name, given, expected] of cases) {
		it(`${expected === undefined ? 'refuses' : 'resolves'} ${name}`, async () => {
			const expectedPath = expected === undefined ? undefined : path.join(worktree, expected);
			const real = await fence.resolve(given(worktree));
			const { place, names } = await fence.place(given(worktree));
			assert.deepEqual([place === 'inside', names[0]], [expected !== undefined, expected ?? names[0]]);
			assert.equal(real, expectedPath === undefined ? undefined : path.resolve(expectedPath));
		});
	}

	it('refuses everything once the worktree is gone', async () => {
		assert.equal(await createWorktreeFence(path.join(root, 'gone')).resolve('a.txt'), undefined);
	});

	it('places what lies outside where its links lead, and what nobody can follow nowhere', async () => {
		const at = async (name: string) => {
			const { place, names } = await fence.place(name);
			return `${place} ${names.join(' ')}`;
		};
		assert.equal(await at('out/secret'), `outside ${root}/outside/secret`);
		assert.equal(await at('../outside/new'), `outside ${root}/outside/new`);
		const home = await realpath(homedir());
		assert.equal(await at('~/no-such-folder/x'), `outside ${home}/no-such-folder/x ~/no-such-folder/x`);
		for (const name of ['dangling', 'loop', '.git', 'src/.GIT/hooks/x', '../outside/.git/config', '~other/x', '']) {
			assert.equal(await at(name), `unknown ${name}`);
		}
	});

	it('shows paths short inside and whole outside', () => {
		assert.equal(fence.show(path.join(worktree, 'src/a.txt')), 'src/a.txt');
		assert.equal(fence.show('src/a.txt'), 'src/a.txt');
		assert.equal(fence.show('/etc/passwd'), '/etc/passwd');
		assert.equal(fence.show(worktree), '.');
		assert.equal(fence.shorten(`Edit ${worktree}/a and ${worktree}-2/b`), `Edit a and ${worktree}-2/b`);
	});
});
