// Owns what every Git must do with a worktree that was made ahead, and with the files one gets beyond its commit.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { useWorktreeBench } from './portsContractGitBench.ts';
import type { CreateGit } from './portsContractGitSnapshot.ts';

/** Runs the contract of taking worktrees that were made ahead. */
export function gitPoolContract(name: string, create: CreateGit): void {
	describe(`${name} keeps the Git contract: worktrees made ahead`, () => {
		const use = useWorktreeBench(create);

		describe('takeWorktree', () => {
			const pooledPlace = () => join(dirname(use.bench().worktree), 'pool-1');
			const take = async (commit: string, make: () => void = () => undefined) => {
				const bench = use.bench();
				await bench.git.addWorktree(pooledPlace(), bench.base);
				make();
				await bench.git.takeWorktree(pooledPlace(), bench.worktree, commit);
			};
			/** Everything about a worktree that its user could tell from another. */
			const looks = (folder: string) => {
				const bench = use.bench();
				const files = readdirSync(folder, { recursive: true, withFileTypes: true })
					.filter((entry) => entry.name !== '.git')
					.map((entry) => {
						const place = join(entry.parentPath, entry.name);
						const content = entry.isFile() ? readFileSync(place, 'latin1') : '';
						return [place.slice(folder.length), statSync(place).mode, content].join(' ');
					});
				const git = (...words: string[]) => bench.repository.gitIn(folder, ...words);
				const own = readdirSync(git('rev-parse', '--path-format=absolute', '--git-dir'));
				return {
					files: files.toSorted(),
					own: own.toSorted(),
					head: git('rev-parse', 'HEAD'),
					status: git('status', '--porcelain', '--ignored'),
					index: git('ls-files', '--stage', '-t'),
				};
			};
			const asNew = async (commit: string) => {
				const bench = use.bench();
				const fresh = join(dirname(bench.worktree), 'fresh');
				await bench.git.addWorktree(fresh, commit);
				const expected = looks(fresh);
				await bench.git.removeWorktree(fresh);
				return expected;
			};

			it('moves one to another folder and commit, and nobody can tell it from a new one', async () => {
				const bench = use.bench();
				bench.repository.write('a', 'edited\n');
				bench.repository.write('fresh/c', 'three\n');
				bench.repository.remove('deep');
				const commit = await bench.git.snapshot('copy', []);
				bench.before = bench.repository.state();
				await take(commit);
				assert.deepEqual(looks(bench.worktree), await asNew(commit));
				assert.equal(existsSync(pooledPlace()), false);
				assert.deepEqual(await bench.git.listWorktrees(), [{ folder: bench.worktree, commit, isOurs: true }]);
				assert.equal(await bench.git.commitWorktree(bench.worktree, commit, 'result'), commit);
				await bench.git.removeWorktree(bench.worktree);
				assert.deepEqual(bench.registrations, []);
			});

			it('leaves nothing of what somebody put there meanwhile, ignored files and edits included', async () => {
				const bench = use.bench();
				await take(bench.base, () => {
					const pooled = pooledPlace();
					mkdirSync(join(pooled, 'ignored'));
					writeFileSync(join(pooled, 'ignored/secret'), 'secret');
					mkdirSync(join(pooled, 'nested/.git'), { recursive: true });
					writeFileSync(join(pooled, 'untracked'), 'untracked');
					writeFileSync(join(pooled, 'a'), 'edited');
					writeFileSync(join(pooled, '.git'), 'gitdir: /somewhere/else');
				});
				assert.deepEqual(looks(bench.worktree), await asNew(bench.base));
			});

			it('refuses one that a new one would differ from, and changes nothing', async () => {
				const bench = use.bench();
				bench.repository.write('.gitattributes', '*.txt eol=crlf\n');
				const commit = await bench.git.snapshot('copy', []);
				bench.before = bench.repository.state();
				await assert.rejects(take(commit), { code: 'git.worktreeStale' });
				assert.deepEqual([existsSync(pooledPlace()), existsSync(bench.worktree)], [true, false]);
				await bench.git.removeWorktree(pooledPlace());
				bench.repository.git('sparse-checkout', 'set', '--no-cone', '/a');
				bench.repository.git('sparse-checkout', 'disable');
				await bench.git.addWorktree(pooledPlace(), bench.base);
				bench.repository.git('sparse-checkout', 'set', '--no-cone', '/a');
				bench.before = bench.repository.state();
				await assert.rejects(bench.git.takeWorktree(pooledPlace(), bench.worktree, bench.base), {
					code: 'git.worktreeStale',
				});
			});

			it('refuses one that was never finished, or that is not there', async () => {
				const bench = use.bench();
				bench.repository.git('worktree', 'add', '--quiet', '--detach', pooledPlace());
				for (const place of [pooledPlace(), `${pooledPlace()}0`]) {
					await assert.rejects(bench.git.takeWorktree(place, bench.worktree, bench.base), {
						code: 'git.worktreeStale',
					});
				}
				bench.repository.git('worktree', 'remove', pooledPlace());
			});

			it('leaves nothing behind when it fails after the move', async () => {
				const bench = use.bench();
				await assert.rejects(
					take(bench.base, () => {
						const [registration = ''] = bench.registrations;
						bench.repository.write(`.git/worktrees/${registration}/index.lock`, '');
					}),
					{ code: 'git.locked' },
				);
				assert.deepEqual([existsSync(pooledPlace()), existsSync(bench.worktree)], [false, false]);
				assert.deepEqual(bench.registrations, []);
			});
		});

		describe('copyIgnored', () => {
			it('copies what git ignores and the patterns name, over nothing that is there, through no link', async () => {
				const bench = use.bench();
				bench.repository.write('.gitignore', '.env*\n*.local\nignored/\nlinked/\n');
				bench.repository.write('.env', 'secret\n');
				bench.repository.write('deep/x.local', 'x\n');
				bench.repository.write('deep/other', 'tracked\n');
				bench.repository.write('linked/y.local', 'y\n');
				bench.base = await bench.git.snapshot('copy', []);
				bench.before = bench.repository.state();
				await bench.add();
				const outside = use.folders.make();
				symlinkSync(outside, bench.at('linked'));
				const copy = (...patterns: string[]) => bench.git.copyIgnored(patterns, bench.worktree);
				assert.deepEqual(await copy('.env', '**/*.local', 'deep/other', 'nothing*'), {
					copied: ['.env', 'deep/x.local'],
					notIgnored: [],
				});
				assert.equal(readFileSync(bench.at('.env'), 'utf8'), 'secret\n');
				assert.deepEqual(readdirSync(outside), []);
				writeFileSync(bench.at('.env'), 'mine\n');
				assert.deepEqual((await copy('.env')).copied, []);
				assert.equal(readFileSync(bench.at('.env'), 'utf8'), 'mine\n');
			});

			it('names what the worktree would take for a change', async () => {
				const bench = use.bench();
				await bench.add();
				bench.repository.write('.gitignore', '.env\n');
				bench.repository.write('.env', 'secret\n');
				bench.before = bench.repository.state();
				assert.deepEqual(await bench.git.copyIgnored(['.env'], bench.worktree), {
					copied: [],
					notIgnored: ['.env'],
				});
				assert.equal(existsSync(bench.at('.env')), false);
			});
		});
	});
}
