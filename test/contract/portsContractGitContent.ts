// Owns what every Git must do when it reads and names things: the repository, changes, files, merges, hidden references.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDreamError } from '../../src/base/errors.ts';
import type { Git } from '../../src/core/ports.ts';
import { asOrdinaryPerson } from '../support/ordinaryPerson.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import type { TestRepository } from '../support/testRepository.ts';
import { makeRepository, testGitEnvironment } from '../support/testRepository.ts';
import type { CreateGit } from './portsContractGitSnapshot.ts';

/** Runs the contract of everything but snapshots and worktrees. */
export function gitContentContract(name: string, create: CreateGit): void {
	describe(`${name} keeps the Git contract: reading and naming`, function () {
		const folders = useTemporaryFolders();
		let repository: TestRepository;
		let git: Git;

		const open = (files: Record<string, string> = { a: 'one\n' }) => {
			repository = makeRepository(join(folders.make(), 'repo'), folders.make(), files);
			git = create(repository.folder, repository.environment);
		};
		beforeEach(() => open());
		const head = () => repository.git('rev-parse', 'HEAD');

		describe('topFolder', () => {
			it('is the top of the repository, also for a workspace below it and through a link', async () => {
				assert.equal(await git.topFolder(), repository.folder);
				repository.write('packages/app/x', '');
				assert.equal(
					await create(join(repository.folder, 'packages/app'), repository.environment).topFolder(),
					repository.folder,
				);
				const link = join(folders.make(), 'link');
				symlinkSync(repository.folder, link);
				assert.equal(await create(link, repository.environment).topFolder(), repository.folder);
			});

			it('types a folder without repository, a bare one, and one that does not exist', async () => {
				const plain = folders.make();
				await assert.rejects(create(plain, repository.environment).topFolder(), (error) => {
					assert.ok(isDreamError(error, 'git.notARepository'));
					assert.equal(error.details['folder'], plain);
					assert.match(error.advice ?? '', /Initialise/u);
					return true;
				});
				execFileSync('git', ['init', '--bare', '--quiet', plain], { env: repository.environment });
				await assert.rejects(create(plain, repository.environment).topFolder(), { code: 'git.notARepository' });
				await assert.rejects(create(join(plain, 'none'), repository.environment).topFolder(), {
					code: 'file.notFound',
				});
			});

			it('types a machine without git', async () => {
				const without = { ...repository.environment, PATH: folders.make() };
				await assert.rejects(create(repository.folder, without).topFolder(), (error) => {
					assert.ok(isDreamError(error, 'git.missing'));
					assert.match(error.advice ?? '', /git-scm\.com/u);
					return true;
				});
			});

			it('types a git that is too old', async () => {
				const bin = folders.make();
				writeFileSync(join(bin, 'git'), '#!/bin/sh\necho "git version 2.17.1 (Apple Git-1)"\n', {
					mode: 0o755,
				});
				const old = { ...repository.environment, PATH: `${bin}:${repository.environment['PATH'] ?? ''}` };
				await assert.rejects(create(repository.folder, old).topFolder(), {
					code: 'git.tooOld',
					message: /2\.17\.1/u,
				});
			});

			it('types a repository of somebody else', async function () {
				const home = repository.environment['HOME'] ?? '';
				if (process.getuid?.() !== 0) {
					this.skip();
				}
				chmodSync(join(repository.folder, '..'), 0o755);
				// Only the home folder is given away: the repository stays root's.
				await asOrdinaryPerson(home, () =>
					assert.rejects(create(repository.folder, repository.environment).topFolder(), (error) => {
						assert.ok(isDreamError(error, 'git.notTrusted'));
						assert.ok(error.advice?.includes(`safe.directory '${repository.folder}`));
						return true;
					}),
				);
			});

			it('is not misled by variables that point at another repository', async () => {
				const other = makeRepository(folders.make(), folders.make(), { other: '' });
				const misled = {
					...repository.environment,
					GIT_DIR: join(other.folder, '.git'),
					GIT_INDEX_FILE: '/nowhere',
				};
				assert.equal(await create(repository.folder, misled).topFolder(), repository.folder);
			});

			it('finds the repository that is made after the first question', async () => {
				const plain = folders.make();
				const late = create(plain, repository.environment);
				await assert.rejects(late.topFolder(), { code: 'git.notARepository' });
				execFileSync('git', ['init', '--quiet', plain], { env: repository.environment });
				assert.equal(await late.topFolder(), realpathSync(plain));
			});
		});

		describe('initialize', () => {
			it('makes a repository without a commit, and leaves one that is there alone', async () => {
				const plain = folders.make();
				const fresh = create(plain, repository.environment);
				await fresh.initialize();
				assert.equal(await fresh.topFolder(), plain);
				assert.throws(() => repository.gitIn(plain, 'rev-parse', 'HEAD'));
				const before = repository.state();
				mkdirSync(join(repository.folder, 'below'));
				await create(join(repository.folder, 'below'), repository.environment).initialize();
				assert.equal(existsSync(join(repository.folder, 'below/.git')), false);
				assert.deepEqual(repository.state(), before);
			});
		});

		describe('mergeText', () => {
			const lines = (...items: string[]) => items.map((item) => `${item}\n`).join('');
			const base = lines('one', 'two', 'three', 'four', 'five', 'six');

			it('joins changes in different places', async () => {
				const ours = base.replace('one', 'ONE');
				const theirs = base.replace('six', 'SIX');
				assert.deepEqual(await git.mergeText(base, ours, theirs), {
					text: lines('ONE', 'two', 'three', 'four', 'five', 'SIX'),
					conflicts: 0,
				});
				assert.deepEqual(await git.mergeText(base, theirs, theirs), { text: theirs, conflicts: 0 });
			});

			it('marks what both changed, with the base between, and counts', async () => {
				const merged = await git.mergeText(
					base,
					base.replace('three', 'ours'),
					base.replace('three', 'theirs'),
				);
				assert.equal(merged.conflicts, 1);
				assert.equal(
					merged.text,
					lines(
						'one',
						'two',
						'<<<<<<< workspace',
						'ours',
						'||||||| base',
						'three',
						'=======',
						'theirs',
						'>>>>>>> agent',
					).concat(lines('four', 'five', 'six')),
				);
				const many = Array.from({ length: 3 }, (_value, index) => lines(`x${index}`, 'a', 'b', 'c', 'd')).join(
					'',
				);
				assert.equal(
					(await git.mergeText(many, many.replaceAll('x', 'o'), many.replaceAll('x', 't'))).conflicts,
					3,
				);
			});

			it('keeps line ends, a missing one at the end, other scripts, empty texts', async () => {
				const windows = (text: string) => text.replaceAll('\n', '\r\n');
				const merged = await git.mergeText(
					windows(base),
					windows(base.replace('one', 'ÖNE 😀')),
					windows(base.replace('six', 'SIX')),
				);
				assert.deepEqual(merged, {
					text: windows(base.replace('one', 'ÖNE 😀').replace('six', 'SIX')),
					conflicts: 0,
				});
				assert.deepEqual(await git.mergeText('a', 'a', 'b'), { text: 'b', conflicts: 0 });
				assert.deepEqual(await git.mergeText('', '', 'b'), { text: 'b', conflicts: 0 });
				assert.deepEqual(await git.mergeText('a\n', '', 'a\n'), { text: '', conflicts: 0 });
				const conflict = await git.mergeText(windows('a\n'), windows('b\n'), windows('c\n'));
				assert.ok(!/(?<!\r)\n/u.test(conflict.text), JSON.stringify(conflict.text));
			});

			it("takes other line ends of a checkout for no change, and follows the workspace's", async () => {
				const windows = (text: string) => text.replaceAll('\n', '\r\n');
				assert.deepEqual(
					await git.mergeText(base, windows(base.replace('one', 'ONE')), base.replace('six', 'SIX')),
					{
						text: windows(lines('ONE', 'two', 'three', 'four', 'five', 'SIX')),
						conflicts: 0,
					},
				);
				assert.deepEqual(await git.mergeText(windows(base), base, windows(base.replace('six', 'SIX'))), {
					text: base.replace('six', 'SIX'),
					conflicts: 0,
				});
				// The agent changed them on purpose.
				assert.deepEqual(await git.mergeText(base, base, windows(base)), { text: windows(base), conflicts: 0 });
			});

			it('types what is no text', async () => {
				await assert.rejects(git.mergeText('a', 'b\0', 'c'), { code: 'git.binaryText' });
			});

			it('needs no repository', async () => {
				const plain = create(folders.make(), repository.environment);
				assert.equal((await plain.mergeText('a\n', 'a\n', 'b\n')).text, 'b\n');
			});
		});

		describe('references', () => {
			it('keep a commit alive, move, list by prefix, and are forgotten', async () => {
				const first = head();
				repository.write('a', 'two\n');
				const second = await git.snapshot('hidden', []);
				await git.setReference('refs/dreamos/runs/run-1', first);
				await git.setReference('refs/dreamos/runs/run-2', first);
				await git.setReference('refs/dreamos/rescue/run-1', first);
				await git.setReference('refs/dreamos/runs/run-2', second);
				assert.deepEqual(await git.listReferences('refs/dreamos/runs/'), [
					{ name: 'refs/dreamos/runs/run-1', commit: first },
					{ name: 'refs/dreamos/runs/run-2', commit: second },
				]);
				assert.equal((await git.listReferences('refs/dreamos')).length, 3);
				assert.deepEqual(await git.listReferences('refs/dreamos/run'), []);
				repository.git('gc', '--quiet', '--prune=now');
				assert.equal(repository.git('cat-file', '-t', second), 'commit');
				await git.setReference('refs/dreamos/runs/run-2', undefined);
				await git.setReference('refs/dreamos/runs/run-2', undefined);
				assert.equal((await git.listReferences('refs/dreamos/')).length, 2);
			});

			it('refuse every name that is not below refs/dreamos/', async () => {
				const before = repository.state();
				const names = [
					'refs/heads/main',
					'HEAD',
					'refs/dreamos',
					'refs/dreamos/',
					'refs/dreamos/../heads/main',
					'refs/dreamosx/a',
				];
				for (const bad of [
					...names,
					'refs/dreamos/a b',
					'refs/dreamos/a\ndelete refs/heads/main',
					'refs/dreamos/a.lock',
					'',
				]) {
					await assert.rejects(git.setReference(bad, head()), { code: 'git.badReference' }, bad);
					await assert.rejects(git.setReference(bad, undefined), { code: 'git.badReference' }, bad);
				}
				await assert.rejects(git.listReferences('refs/heads/'), { code: 'git.badReference' });
				await assert.rejects(git.setReference('refs/dreamos/a', 'main'), { code: 'git.unknownCommit' });
				assert.deepEqual(repository.state(), before);
			});

			it("wait for another command's lock, then name its file and leave it", async () => {
				const lock = join(repository.folder, '.git/refs/dreamos/runs/run-1.lock');
				repository.write('.git/refs/dreamos/runs/run-1.lock', '');
				const waiting = git.setReference('refs/dreamos/runs/run-1', head());
				await delay(400);
				rmSync(lock);
				await waiting;
				repository.write('.git/refs/dreamos/runs/run-1.lock', '');
				await assert.rejects(git.setReference('refs/dreamos/runs/run-1', head()), (error) => {
					assert.ok(isDreamError(error, 'git.locked'));
					assert.equal(error.details['file'], lock);
					assert.ok(error.message.includes(lock));
					return true;
				});
				assert.ok(existsSync(lock));
			});
		});

		it('asks nobody: a repository without configuration, name or terminal', async () => {
			const bare = testGitEnvironment(folders.make());
			const anonymous = create(repository.folder, bare);
			repository.write('a', 'two\n');
			assert.match(await anonymous.snapshot('copy', []), /^[0-9a-f]{40}$/u);
		});
	});
}
