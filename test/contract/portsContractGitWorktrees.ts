// Owns what every Git must do with worktrees: made fast and quietly, removed in any state, and nothing else.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
	chmodSync,
	existsSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { asOrdinaryPerson } from '../support/ordinaryPerson.ts';
import { makeRepository } from '../support/testRepository.ts';
import { useWorktreeBench } from './portsContractGitBench.ts';
import { processesWith, until } from '../support/livingProcesses.ts';
import type { CreateGit } from './portsContractGitSnapshot.ts';
import { hostileNames } from './portsContractGitSnapshot.ts';

/** Runs the contract of making and removing worktrees. */
export function gitWorktreesContract(name: string, create: CreateGit): void {
	describe(`${name} keeps the Git contract: worktrees`, function () {
		const use = useWorktreeBench(create);

		describe('addWorktree', () => {
			it('checks a commit out, detached, in a folder with spaces and other scripts whose parents do not exist', async () => {
				const bench = use.bench();
				await bench.add();
				assert.equal(readFileSync(bench.at('deep/b'), 'utf8'), 'two\n');
				assert.equal(bench.gitInTree('status', '--porcelain'), '');
				assert.equal(bench.gitInTree('rev-parse', 'HEAD'), bench.base);
				assert.throws(() => bench.gitInTree('symbolic-ref', 'HEAD'));
				assert.deepEqual(await bench.git.listWorktrees(), [
					{ folder: bench.worktree, commit: bench.base, isOurs: true },
				]);
			});

			it('is ended when nobody waits for it any more, and leaves nothing', async () => {
				const bench = use.bench();
				const place = use.folders.make();
				const begun = join(place, 'begun');
				// A filter that never comes to an end, and does not notice that the git it works for does.
				bench.repository.git(
					'config',
					'filter.endless.smudge',
					`touch '${begun}'; while echo x; do sleep 0.1; done`,
				);
				bench.repository.write('.gitattributes', '*.endless filter=endless\n');
				bench.repository.write('x.endless', 'x\n');
				bench.before = bench.repository.state();
				const base = await bench.git.snapshot('copy', []);
				const controller = new AbortController();
				const adding = bench.git.addWorktree(bench.worktree, base, controller.signal);
				const ended = assert.rejects(adding, { code: 'git.stopped' });
				await until(() => existsSync(begun), 'git is at it');
				controller.abort();
				await ended;
				assert.deepEqual(processesWith(begun), []);
				assert.equal(existsSync(bench.worktree), false);
				assert.deepEqual(await bench.git.listWorktrees(), []);
				await assert.rejects(bench.git.addWorktree(bench.worktree, base, controller.signal), {
					code: 'git.stopped',
				});
				// The repository is free again.
				await bench.git.addWorktree(bench.worktree, bench.base);
			});

			it('runs no hook', async () => {
				const bench = use.bench();
				const proof = join(dirname(bench.worktree), '..', 'proof');
				bench.repository.write('.git/hooks/post-checkout', `#!/bin/sh\necho ran >> '${proof}'\nexit 1\n`);
				chmodSync(join(bench.repository.folder, '.git/hooks/post-checkout'), 0o755);
				await bench.add();
				assert.equal(existsSync(proof), false);
			});

			it('works with a hidden commit, before the first commit of the person', async () => {
				const bench = use.bench();
				const fresh = makeRepository(join(use.folders.make(), 'fresh'), use.folders.make());
				const git = create(fresh.folder, fresh.environment);
				fresh.write('a', 'one\n');
				const before = fresh.state();
				const base = await git.snapshot('copy', []);
				await git.addWorktree(bench.worktree, base);
				assert.equal(readFileSync(bench.at('a'), 'utf8'), 'one\n');
				assert.equal(await git.commitWorktree(bench.worktree, base, 'result'), base);
				assert.deepEqual(fresh.state(), before);
			});

			it('checks hostile names out', async () => {
				const bench = use.bench();
				for (const path of hostileNames) {
					bench.repository.write(path, path);
				}
				bench.base = await bench.git.snapshot('copy', []);
				bench.before = bench.repository.state();
				await bench.add();
				for (const path of hostileNames) {
					assert.equal(readFileSync(bench.at(path), 'utf8'), path);
				}
				assert.equal(await bench.commit(), bench.base);
			});

			it('checks many files out, each with its own content, and knows them as unchanged', async () => {
				const bench = use.bench();
				for (let index = 0; index < 400; index++) {
					bench.repository.write(`many/${index % 7}/${index}.txt`, `file ${index}\n`);
				}
				bench.base = await bench.git.snapshot('copy', []);
				bench.before = bench.repository.state();
				await bench.add();
				for (let index = 0; index < 400; index++) {
					assert.equal(readFileSync(bench.at(`many/${index % 7}/${index}.txt`), 'utf8'), `file ${index}\n`);
				}
				assert.equal(bench.gitInTree('status', '--porcelain'), '');
				assert.equal(await bench.commit(), bench.base);
			});

			it('refuses a folder that exists and leaves it alone', async () => {
				const bench = use.bench();
				bench.write('mine', 'precious');
				await assert.rejects(bench.add(), { code: 'git.worktreeExists' });
				assert.equal(readFileSync(bench.at('mine'), 'utf8'), 'precious');
			});

			it('refuses what is no commit, and leaves nothing behind', async () => {
				const bench = use.bench();
				for (const bad of ['HEAD', '--force', '', 'f'.repeat(40)]) {
					await assert.rejects(bench.git.addWorktree(bench.worktree, bad), { code: 'git.unknownCommit' });
				}
				assert.deepEqual([existsSync(bench.worktree), bench.registrations], [false, []]);
			});

			it('leaves nothing behind when the checkout fails half-way', async () => {
				const bench = use.bench();
				bench.repository.write('.gitattributes', 'a filter=broken\n');
				bench.repository.commit();
				bench.repository.git('config', 'filter.broken.clean', 'cat');
				bench.repository.git('config', 'filter.broken.smudge', 'false');
				bench.repository.git('config', 'filter.broken.required', 'true');
				bench.before = bench.repository.state();
				await assert.rejects(bench.git.addWorktree(bench.worktree, bench.repository.git('rev-parse', 'HEAD')), {
					code: 'git.filterFailed',
				});
				assert.deepEqual([existsSync(bench.worktree), bench.registrations], [false, []]);
			});

			it('leaves nothing behind when git is killed after the checkout', async function () {
				if (process.platform === 'win32') {
					this.skip();
				}
				const bench = use.bench();
				const bin = use.folders.make();
				const real = bench.repository.git('--exec-path');
				const script = `#!/bin/sh\n'${real}/git' "$@" || exit\n[ "$1 $2" = 'worktree add' ] && kill -9 $$\nexit 0\n`;
				writeFileSync(join(bin, 'git'), script, { mode: 0o755 });
				const git = create(bench.repository.folder, {
					...bench.repository.environment,
					PATH: `${bin}:${bench.repository.environment['PATH'] ?? ''}`,
				});
				await assert.rejects(git.addWorktree(bench.worktree, bench.base), { code: 'git.failed' });
				assert.deepEqual([existsSync(bench.worktree), bench.registrations], [false, []]);
			});

			it('works again where a worktree was deleted by hand', async () => {
				const bench = use.bench();
				await bench.add();
				rmSync(bench.worktree, { recursive: true });
				await bench.add();
				assert.equal((await bench.git.listWorktrees()).length, 1);
			});

			it('makes many at once', async () => {
				const bench = use.bench();
				const several = Array.from({ length: 5 }, (_value, index) =>
					join(bench.worktree, String(index), 'same name'),
				);
				await Promise.all(several.map((folder) => bench.git.addWorktree(folder, bench.base)));
				assert.deepEqual((await bench.git.listWorktrees()).map(({ folder }) => folder).sort(), several);
				await Promise.all(several.map((folder) => bench.git.removeWorktree(folder)));
				assert.deepEqual(bench.registrations, []);
			});
		});

		describe('removeWorktree', () => {
			const assertGone = async () => {
				const bench = use.bench();
				assert.equal(existsSync(bench.worktree), false);
				assert.deepEqual(bench.registrations, []);
				assert.deepEqual(await bench.git.listWorktrees(), []);
			};

			it('removes a dirty one with its registration, and a second time does nothing', async () => {
				const bench = use.bench();
				await bench.add();
				bench.write('fresh', 'x');
				await bench.git.removeWorktree(bench.worktree);
				await assertGone();
				await bench.git.removeWorktree(bench.worktree);
			});

			it('does not mind another who removes the same one at the same time', async () => {
				const bench = use.bench();
				await bench.add();
				await Promise.all([1, 2, 3].map(() => bench.git.removeWorktree(bench.worktree)));
				await assertGone();
			});

			it('removes one whose folder was deleted, whose .git is broken or replaced, that is locked or on a branch', async () => {
				const bench = use.bench();
				const wreck: Record<string, () => void> = {
					deleted: () => rmSync(bench.worktree, { recursive: true }),
					'without .git': () => unlinkSync(bench.at('.git')),
					'with another repository in it': () => {
						unlinkSync(bench.at('.git'));
						bench.gitInTree('init', '--quiet');
					},
					'broken .git': () => writeFileSync(bench.at('.git'), 'garbage'),
					locked: () => bench.repository.git('worktree', 'lock', bench.worktree),
					'locked and deleted': () => {
						bench.repository.git('worktree', 'lock', bench.worktree);
						rmSync(bench.worktree, { recursive: true });
					},
					'on a branch': () => bench.gitInTree('checkout', '--quiet', '-b', 'agent'),
				};
				for (const [what, how] of Object.entries(wreck)) {
					await bench.add();
					how();
					await bench.git.removeWorktree(bench.worktree);
					await assertGone().catch((error: unknown) => assert.fail(`${what}: ${String(error)}`));
				}
				bench.repository.git('branch', '-D', 'agent');
			});

			it('removes one that was never finished: a folder without registration, a registration without folder', async () => {
				const bench = use.bench();
				bench.write('half', 'x');
				await bench.git.removeWorktree(bench.worktree);
				await assertGone();
				await bench.add();
				renameSync(bench.worktree, `${bench.worktree}-moved`);
				await bench.git.removeWorktree(bench.worktree);
				await assertGone();
			});

			it('takes a removal that was cut short for no work of anybody', async () => {
				const bench = use.bench();
				await bench.add();
				const [registration = ''] = bench.registrations;
				bench.repository.write(`.git/worktrees/${registration}/dreamos-removing`, '');
				rmSync(bench.at('deep'), { recursive: true });
				assert.equal(await bench.commit(), bench.base);
				await bench.git.removeWorktree(bench.worktree);
				await assertGone();
			});

			it('follows no link out of the folder', async () => {
				const bench = use.bench();
				const outside = use.folders.make();
				writeFileSync(join(outside, 'precious'), '');
				await bench.add();
				symlinkSync(outside, bench.at('link'));
				await bench.git.removeWorktree(bench.worktree);
				assert.deepEqual(readdirSync(outside), ['precious']);
			});

			it('removes read-only folders inside', async () => {
				const bench = use.bench();
				await bench.add();
				bench.write('cache/module/file', 'x');
				execFileSync('chmod', ['-R', 'a-w', bench.at('cache')]);
				await asOrdinaryPerson(bench.everything, () => bench.git.removeWorktree(bench.worktree));
				await assertGone();
			});

			it("refuses the workspace, what contains it, another repository, and the person's own worktree", async () => {
				const bench = use.bench();
				const other = makeRepository(use.folders.make(), use.folders.make(), { precious: '' });
				const own = join(use.folders.make(), 'own');
				bench.repository.git('worktree', 'add', '--quiet', own, '-b', 'own');
				bench.before = bench.repository.state();
				const link = join(use.folders.make(), 'link');
				symlinkSync(own, link);
				for (const folder of [
					bench.repository.folder,
					dirname(bench.repository.folder),
					'/',
					other.folder,
					own,
					link,
					join(bench.repository.folder, '.git'),
				]) {
					await assert.rejects(bench.git.removeWorktree(folder), { code: 'git.notAWorktree' }, folder);
				}
				assert.ok(existsSync(join(other.folder, 'precious')) && existsSync(join(own, 'a')));
				bench.repository.git('worktree', 'remove', own);
			});

			it("does not forget the person's worktree on a disk that is away", async () => {
				const bench = use.bench();
				const own = join(use.folders.make(), 'own');
				bench.repository.git('worktree', 'add', '--quiet', own, '-b', 'own');
				bench.before = bench.repository.state();
				renameSync(own, `${own}-away`);
				await bench.add();
				await bench.git.removeWorktree(bench.worktree);
				renameSync(`${own}-away`, own);
				assert.equal(bench.repository.gitIn(own, 'status', '--porcelain'), '');
			});
		});
	});
}
