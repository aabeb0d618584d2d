// Owns what every Git must do when it reads a worktree back: its files count, whatever the agent did with git meanwhile.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asOrdinaryPerson } from '../support/ordinaryPerson.ts';
import { makeRepository } from '../support/testRepository.ts';
import { useWorktreeBench } from './portsContractGitBench.ts';
import type { CreateGit } from './portsContractGitSnapshot.ts';

/** Runs the contract of `commitWorktree`. */
export function gitCommitContract(name: string, create: CreateGit): void {
	describe(`${name} keeps the Git contract: commitWorktree`, () => {
		const use = useWorktreeBench(create);
		beforeEach(() => use.bench().add());

		it('is the base when the files are the same', async () => {
			const bench = use.bench();
			assert.equal(await bench.commit(), bench.base);
			bench.write('a', 'changed\n');
			bench.write('a', 'one\n');
			bench.write('ignored/x', 'x');
			assert.equal(await bench.commit(), bench.base);
		});

		it('holds edits, new files, deletions, modes and links on the base, not ignored files', async () => {
			const bench = use.bench();
			bench.write('a', 'edited\n');
			bench.write('fresh/x', 'x\n');
			bench.write('ignored/x', 'x\n');
			unlinkSync(bench.at('deep/b'));
			bench.write('run', '#!/bin/sh\n');
			chmodSync(bench.at('run'), 0o755);
			symlinkSync('a', bench.at('link'));
			const result = await bench.commit();
			assert.deepEqual(bench.repository.filesAt(result), {
				'.gitignore': 'ignored/\n',
				a: 'edited\n',
				'fresh/x': 'x\n',
				link: 'a',
				run: '#!/bin/sh\n',
			});
			assert.equal(bench.repository.git('rev-parse', `${result}^`), bench.base);
			assert.match(bench.repository.git('ls-tree', result, 'run'), /^100755/u);
			assert.equal(bench.repository.git('log', '-1', '--format=%an %s', result), 'Dream.OS result');
		});

		it('does not care what the agent did with git: commits, staging, branches, a detached HEAD, stash', async () => {
			const bench = use.bench();
			bench.write('a', 'first\n');
			bench.gitInTree('checkout', '--quiet', '-b', 'agent/branch');
			bench.gitInTree('commit', '--quiet', '-am', "agent's own");
			bench.write('a', 'second\n');
			bench.gitInTree('add', 'a');
			bench.write('fresh', 'untracked\n');
			bench.gitInTree('rm', '--quiet', '--cached', 'deep/b');
			const result = await bench.commit();
			assert.equal(bench.repository.git('rev-parse', `${result}^`), bench.base);
			assert.deepEqual(bench.repository.filesAt(result), {
				'.gitignore': 'ignored/\n',
				a: 'second\n',
				'deep/b': 'two\n',
				fresh: 'untracked\n',
			});
			assert.equal(bench.gitInTree('log', '-1', '--format=%s'), "agent's own");
			// The branch is the agent's doing; what we promise is that we did not touch it.
			bench.before = bench.repository.state();
		});

		it('sees what was hidden from the index, and minds no lock and no broken index', async () => {
			const bench = use.bench();
			bench.gitInTree('update-index', '--assume-unchanged', 'a');
			bench.gitInTree('update-index', '--skip-worktree', 'deep/b');
			bench.write('a', 'hidden edit\n');
			bench.write('deep/b', 'hidden too\n');
			const gitFolder = bench.gitInTree('rev-parse', '--path-format=absolute', '--git-dir');
			writeFileSync(join(gitFolder, 'index.lock'), '');
			assert.equal((await bench.committed())['a'], 'hidden edit\n');
			writeFileSync(join(gitFolder, 'index'), 'garbage');
			const files = await bench.committed();
			assert.deepEqual([files['a'], files['deep/b']], ['hidden edit\n', 'hidden too\n']);
		});

		it('takes the files when the agent broke, replaced or redirected .git', async () => {
			const bench = use.bench();
			bench.write('a', 'edited\n');
			const expected = { '.gitignore': 'ignored/\n', a: 'edited\n', 'deep/b': 'two\n' };
			unlinkSync(bench.at('.git'));
			assert.deepEqual(await bench.committed(), expected);
			const other = makeRepository(use.folders.make(), use.folders.make(), { other: '' });
			writeFileSync(bench.at('.git'), `gitdir: ${other.folder}/.git\n`);
			assert.deepEqual(await bench.committed(), expected);
			unlinkSync(bench.at('.git'));
			bench.gitInTree('init', '--quiet');
			bench.gitInTree('config', 'core.fsmonitor', `touch '${bench.at('proof')}'; false`);
			assert.deepEqual(await bench.committed(), expected);
			assert.equal(existsSync(bench.at('proof')), false, "the agent's configuration ran a program");
			rmSync(bench.at('.git'), { recursive: true });
			bench.repository.git('worktree', 'prune');
			assert.deepEqual(await bench.committed(), expected, 'git has forgotten the worktree');
		});

		it('takes files of repositories the agent made inside, and not those of other worktrees', async () => {
			const bench = use.bench();
			bench.write('.gitignore', 'ignored/\nnode_modules/\n');
			for (const [inner, isCommitted] of [
				['app', true],
				['fresh', false],
			] as const) {
				bench.write(`${inner}/x`, `${inner}\n`);
				bench.write(`${inner}/own-ignored`, '');
				bench.write(`${inner}/.gitignore`, 'own-ignored\n');
				bench.write(`${inner}/node_modules/y`, 'y');
				bench.repository.gitIn(bench.at(inner), 'init', '--quiet');
				if (isCommitted) {
					bench.repository.gitIn(bench.at(inner), 'add', 'x');
					bench.repository.gitIn(bench.at(inner), 'commit', '--quiet', '-m', 'inner');
				}
			}
			bench.write('app/deeper/z', 'z\n');
			bench.repository.gitIn(bench.at('app/deeper'), 'init', '--quiet');
			bench.write('app/cloned/c', 'c\n');
			bench.repository.gitIn(bench.at('app/cloned'), 'init', '--quiet');
			bench.repository.gitIn(bench.at('app/cloned'), 'add', '--all');
			bench.repository.gitIn(bench.at('app/cloned'), 'commit', '--quiet', '-m', 'cloned');
			bench.gitInTree('worktree', 'add', '--quiet', '--detach', '.trees/other');
			assert.deepEqual(await bench.committed(), {
				'.gitignore': 'ignored/\nnode_modules/\n',
				a: 'one\n',
				'app/.gitignore': 'own-ignored\n',
				'app/cloned/c': 'c\n',
				'app/deeper/z': 'z\n',
				'app/x': 'app\n',
				'deep/b': 'two\n',
				'fresh/.gitignore': 'own-ignored\n',
				'fresh/x': 'fresh\n',
			});
			bench.repository.git('worktree', 'remove', '--force', bench.at('.trees/other'));
		});

		it('says that the worktree is gone', async () => {
			const bench = use.bench();
			rmSync(bench.worktree, { recursive: true });
			await assert.rejects(bench.commit(), { code: 'git.worktreeMissing' });
		});

		it('says which file cannot be read, instead of leaving it out', async () => {
			const bench = use.bench();
			bench.write('secret', 'x');
			chmodSync(bench.at('secret'), 0);
			await asOrdinaryPerson(bench.everything, () =>
				assert.rejects(bench.commit(), { code: 'git.unreadableFiles' }),
			);
			unlinkSync(bench.at('secret'));
			mkdirSync(bench.at('closed'));
			bench.write('closed/x', 'x');
			chmodSync(bench.at('closed'), 0);
			await asOrdinaryPerson(bench.everything, () =>
				assert.rejects(bench.commit(), { code: 'git.unreadableFiles' }),
			);
			chmodSync(bench.at('closed'), 0o755);
		});

		it('never holds what was copied in, also where the agent takes it off .gitignore or puts it into git by force', async () => {
			const bench = use.bench();
			const secrets = ['ignored/.env', 'ignored/kit/[a]*.key', 'ignored/kit/deep/.env'];
			for (const path of secrets) {
				bench.repository.write(path, 'secret\n');
			}
			bench.before = bench.repository.state();
			const { copied } = await bench.git.copyIgnored(['ignored/**'], bench.worktree);
			assert.deepEqual(copied.toSorted(), secrets);
			// Copied once more, nothing is forgotten of the first time.
			assert.deepEqual((await bench.git.copyIgnored(['ignored/.env'], bench.worktree)).copied, []);
			bench.gitInTree('add', '--force', 'ignored/.env');
			bench.gitInTree('commit', '--quiet', '-m', 'by force');
			bench.write('.gitignore', '');
			bench.write('ignored/kit/afresh', 'work\n');
			bench.gitInTree('init', '--quiet', 'ignored/kit');
			const wanted = { '.gitignore': '', a: 'one\n', 'deep/b': 'two\n', 'ignored/kit/afresh': 'work\n' };
			assert.deepEqual(await bench.committed(), wanted);
			const state = await bench.git.commitState(bench.worktree, {
				base: bench.base,
				message: () => 'state',
				ignoredBytes: 0,
			});
			assert.deepEqual(bench.repository.filesAt(state), wanted);
			assert.deepEqual(await bench.git.touchedFiles(bench.worktree), ['.gitignore', 'ignored/kit/']);
		});

		it('keeps a submodule as it was', async () => {
			const bench = use.bench();
			const library = makeRepository(join(use.folders.make(), 'library'), use.folders.make(), { lib: '1\n' });
			bench.repository.git('submodule', '--quiet', 'add', library.folder, 'sub');
			bench.base = bench.repository.commit();
			bench.repository.git('config', 'submodule.recurse', 'true');
			bench.before = bench.repository.state();
			const second = join(use.folders.make(), 'second');
			await bench.git.addWorktree(second, bench.base);
			assert.equal(await bench.git.commitWorktree(second, bench.base, 'result'), bench.base);
			writeFileSync(join(second, 'a'), 'edited\n');
			const result = await bench.git.commitWorktree(second, bench.base, 'result');
			assert.match(bench.repository.git('ls-tree', result, 'sub'), /^160000 commit/u);
			assert.deepEqual(
				(await bench.git.changes(bench.base, result, [])).map(({ path }) => path),
				['a'],
			);
			await bench.git.removeWorktree(second);
		});

		it('deletes nothing a sparse checkout left out', async () => {
			const bench = use.bench();
			bench.repository.write('out/y', 'kept\n');
			bench.base = bench.repository.commit();
			bench.repository.git('sparse-checkout', 'set', 'deep');
			bench.before = bench.repository.state();
			const second = join(use.folders.make(), 'second');
			await bench.git.addWorktree(second, bench.base);
			assert.equal(existsSync(join(second, 'out')), false, 'not sparse: the test shows nothing');
			mkdirSync(join(second, 'out'));
			writeFileSync(join(second, 'out', 'fresh'), 'fresh\n');
			const files = bench.repository.filesAt(await bench.git.commitWorktree(second, bench.base, 'result'));
			assert.deepEqual(Object.keys(files), ['.gitignore', 'a', 'deep/b', 'out/fresh', 'out/y']);
			rmSync(join(second, '.git'));
			bench.repository.git('worktree', 'prune');
			await assert.rejects(bench.git.commitWorktree(second, bench.base, 'result'), {
				code: 'git.worktreeBroken',
			});
		});
	});
}
