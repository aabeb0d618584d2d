// Owns what every Git must do when it makes commits of single files and branches of ours: exactly those, and nothing of the person's.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommittedFile, Git } from '../../src/core/ports.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import type { TestRepository } from '../support/testRepository.ts';
import { makeRepository } from '../support/testRepository.ts';
import type { CreateGit } from './portsContractGitSnapshot.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = (path: string, text: string, mode = '100644'): CommittedFile => ({ path, content: bytes(text), mode });

/** Runs the contract of commits of single files, of branches, and of looks at a worktree. */
export function gitCommitsContract(name: string, create: CreateGit): void {
	describe(`${name} keeps the Git contract: commits of files and branches`, () => {
		const folders = useTemporaryFolders();
		let repository: TestRepository;
		let git: Git;
		const open = (files: Record<string, string>) => {
			repository = makeRepository(join(folders.make(), 'repo'), folders.make(), files);
			git = create(repository.folder, repository.environment);
		};
		beforeEach(() => open({ a: 'one\n', d: 'a file\n', 'sub/b': 'two\n' }));
		const head = () => repository.git('rev-parse', 'HEAD');

		it('commits exactly the given files on a commit, with their modes and bytes', async () => {
			repository.write('mine', 'not committed\n');
			const before = repository.state();
			const commit = await git.commitFiles(
				head(),
				[
					file('a', 'ONE\r\n'),
					{ path: 'd', mode: '' },
					file('d/x', 'in place of a file\n', '100755'),
					file('link', 'a', '120000'),
					{ path: 'not/there', mode: '' },
					{ path: 'ü "q"', content: Uint8Array.from([0, 255, 13, 10]), mode: '100644' },
				],
				'made\n\nTask-Id: 1',
			);
			assert.deepEqual(repository.filesAt(commit), {
				a: 'ONE\r\n',
				'd/x': 'in place of a file\n',
				link: 'a',
				'sub/b': 'two\n',
				'ü "q"': '\u0000\u00ff\r\n',
			});
			assert.equal(repository.git('rev-parse', `${commit}^`), head());
			assert.equal(repository.git('log', '-1', '--format=%B', commit).trim(), 'made\n\nTask-Id: 1');
			assert.deepEqual(
				await Promise.all(['d/x', 'link', 'sub', 'd', 'nothing'].map((path) => git.modeAt(commit, path))),
				['100755', '120000', '040000', '040000', ''],
			);
			assert.deepEqual(repository.state(), before);
		});

		it('commits nothing new for no files, and refuses what is no commit', async () => {
			const commit = await git.commitFiles(head(), [], 'same');
			assert.deepEqual(repository.filesAt(commit), repository.filesAt(head()));
			await assert.rejects(git.commitFiles('HEAD', [], 'x'), { code: 'git.unknownCommit' });
			await assert.rejects(git.modeAt('main', 'a'), { code: 'git.unknownCommit' });
		});

		it('knows HEAD, and that there is none', async () => {
			assert.equal(await git.head(), head());
			open({});
			assert.equal(await git.head(), undefined);
		});

		it('makes branches below dreamos/ once, and never writes another one', async () => {
			const commit = await git.commitFiles(head(), [file('a', 'A\n')], 'made');
			assert.equal(await git.branchAt('dreamos/task-1'), undefined);
			assert.equal(await git.createBranch('dreamos/task-1', commit), true);
			assert.equal(await git.branchAt('dreamos/task-1'), commit);
			assert.equal(await git.createBranch('dreamos/task-1', head()), false);
			assert.equal(await git.branchAt('dreamos/task-1'), commit);
			for (const branch of [
				'main',
				'dreamos/../main',
				'dreamos/a/b',
				'dreamos/',
				'--force',
				'dreamos/A',
				'dreamos/a\nb',
			]) {
				await assert.rejects(git.createBranch(branch, commit), { code: 'git.badReference' }, branch);
			}
			assert.equal(repository.git('branch', '--show-current'), 'main');
		});

		it('says which files of the open tree differ from HEAD, and leaves its index as it is', async () => {
			repository.write('.gitignore', 'ignored\n');
			repository.commit();
			assert.deepEqual(await git.openChanges(), []);
			repository.write('a', 'another size\n');
			repository.write('deep/new ü', 'n\n');
			repository.write('ignored', 'i\n');
			repository.git('mv', 'd', 'moved');
			const index = readFileSync(join(repository.folder, '.git/index'));
			assert.deepEqual(await git.openChanges(), ['a', 'd', 'deep/new ü', 'moved']);
			assert.deepEqual(readFileSync(join(repository.folder, '.git/index')), index);
		});

		it('says which files of a worktree differ from its checkout, whatever its agent did to git there', async () => {
			repository.write('.gitignore', 'ignored\n');
			const base = repository.commit();
			const tree = join(folders.make(), 'tree');
			await git.addWorktree(tree, base);
			assert.deepEqual(await git.touchedFiles(tree), []);
			writeFileSync(join(tree, 'a'), 'another size\n');
			writeFileSync(join(tree, 'new ü'), 'n\n');
			writeFileSync(join(tree, 'ignored'), 'i\n');
			rmSync(join(tree, 'd'));
			const expected = ['a', 'd', 'new ü'];
			assert.deepEqual(await git.touchedFiles(tree), expected);
			repository.gitIn(tree, 'add', '--all');
			repository.gitIn(tree, 'commit', '--quiet', '-m', 'by the agent');
			assert.deepEqual(await git.touchedFiles(tree), expected, 'also what it committed');
			rmSync(join(tree, '.git'));
			assert.deepEqual(await git.touchedFiles(tree), ['a', 'd', 'new ü']);
			assert.deepEqual(await git.touchedFiles(join(tree, 'sub')), [], 'no worktree of ours');
		});
	});
}
