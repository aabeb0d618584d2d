// Owns what every Git must do when it copies the open working tree: the whole content, and nothing of the person's touched.

import assert from 'node:assert/strict';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../../src/core/ports.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import type { TestRepository } from '../support/testRepository.ts';
import { makeRepository } from '../support/testRepository.ts';

export type CreateGit = (workspaceFolder: string, environment: NodeJS.ProcessEnv) => Git;

export const hostileNames = [
	'a b.txt',
	' lead',
	'it\'s "quoted".txt',
	'back\\slash',
	'new\nline.txt',
	'tab\there',
	'日本/ü😀.txt',
	'-rf',
	':(exclude)x',
	'*.txt',
	'[x]',
	'!bang',
	'#hash',
	'$HOME',
];

/** Runs the contract of `snapshot`. */
export function gitSnapshotContract(name: string, create: CreateGit): void {
	describe(`${name} keeps the Git contract: snapshot`, function () {
		const folders = useTemporaryFolders();
		let repository: TestRepository;
		let git: Git;

		const open = (
			files: Record<string, string> = { a: 'one\n', 'deep/b': 'two\n', 'runtime/board.json': '[]\n' },
		) => {
			const home = folders.make();
			repository = makeRepository(join(folders.make(), 'work space ü'), home, files);
			git = create(repository.folder, repository.environment);
		};
		/** Takes a snapshot and asserts that nothing of the person's changed. */
		const snapshot = async (excluded: readonly string[] = ['runtime']) => {
			const before = repository.state();
			const commit = await git.snapshot('copy', excluded);
			assert.deepEqual(repository.state(), before);
			return commit;
		};
		beforeEach(() => open());

		it('is HEAD when nothing differs', async () => {
			assert.equal(await snapshot(), repository.git('rev-parse', 'HEAD'));
		});

		it('holds edited, staged, deleted, renamed and untracked files, not ignored ones, and is by us', async () => {
			repository.write('.gitignore', 'ignored\n');
			repository.write('a', 'edited\n');
			repository.write('staged', 'staged\n');
			repository.git('add', 'staged');
			repository.write('staged', 'edited after\n');
			repository.write('untracked/deep', 'new\n');
			repository.write('ignored', 'secret\n');
			repository.git('mv', 'deep/b', 'moved');
			const commit = await snapshot();
			assert.deepEqual(repository.filesAt(commit), {
				'.gitignore': 'ignored\n',
				a: 'edited\n',
				moved: 'two\n',
				'runtime/board.json': '[]\n',
				staged: 'edited after\n',
				'untracked/deep': 'new\n',
			});
			assert.equal(repository.git('rev-parse', `${commit}^`), repository.git('rev-parse', 'HEAD'));
			assert.equal(
				repository.git('log', '-1', '--format=%an <%ae> %cn <%ce> %s', commit),
				'Dream.OS <dreamos@localhost> Dream.OS <dreamos@localhost> copy',
			);
		});

		it('leaves the excluded folder as in HEAD: edited, deleted, staged and untracked files', async () => {
			repository.write('runtime/second.json', '2\n');
			repository.commit();
			repository.write('runtime/board.json', 'edited\n');
			repository.remove('runtime/second.json');
			repository.write('runtime/staged.json', 'staged\n');
			repository.git('add', 'runtime');
			repository.write('runtime/untracked.db', 'untracked\n');
			assert.equal(await snapshot(), repository.git('rev-parse', 'HEAD'));
			repository.write('a', 'edited\n');
			const files = repository.filesAt(await snapshot());
			assert.deepEqual(Object.keys(files), ['a', 'deep/b', 'runtime/board.json', 'runtime/second.json']);
			assert.equal(files['runtime/board.json'], '[]\n');
		});

		it('leaves an untracked or ignored excluded folder out, and takes names that only look like it', async () => {
			open({ a: '' });
			repository.write('runtime/x', 'x');
			repository.write('runtime2/y', 'y');
			repository.write('deep/runtime/z', 'z');
			assert.deepEqual(Object.keys(repository.filesAt(await snapshot())), ['a', 'deep/runtime/z', 'runtime2/y']);
			repository.write('.gitignore', '/runtime/\n');
			assert.deepEqual(Object.keys(repository.filesAt(await snapshot())), [
				'.gitignore',
				'a',
				'deep/runtime/z',
				'runtime2/y',
			]);
		});

		it('works before the first commit', async () => {
			open({});
			repository.write('a', 'one\n');
			repository.write('runtime/x', 'x');
			repository.write('runtime/staged', 'x');
			repository.git('add', 'runtime/staged');
			const commit = await snapshot();
			assert.deepEqual(repository.filesAt(commit), { a: 'one\n' });
			assert.equal(repository.git('rev-list', '--count', commit), '1');
		});

		it('works in a repository without any file', async () => {
			open({});
			assert.deepEqual(repository.filesAt(await snapshot()), {});
		});

		it('keeps hostile names, bytes, modes and links', async () => {
			for (const path of hostileNames) {
				repository.write(path, path);
			}
			repository.write('bytes', Uint8Array.from([0, 255, 13, 10, 0]));
			repository.write('run.sh', '#!/bin/sh\n');
			chmodSync(join(repository.folder, 'run.sh'), 0o755);
			symlinkSync('../outside/anything', join(repository.folder, 'link'));
			const commit = await snapshot();
			const files = repository.filesAt(commit);
			for (const path of hostileNames) {
				assert.equal(files[path], Buffer.from(path).toString('latin1'), JSON.stringify(path));
			}
			assert.equal(files['bytes'], '\0\xFF\r\n\0');
			assert.match(repository.git('ls-tree', commit, 'run.sh', 'link'), /^120000.*\n100755/u);
		});

		it('runs no hook and signs nothing', async () => {
			const proof = join(repository.folder, 'proof');
			for (const hook of [
				'pre-commit',
				'post-commit',
				'post-index-change',
				'reference-transaction',
				'post-checkout',
			]) {
				repository.write(`.git/hooks/${hook}`, `#!/bin/sh\necho ${hook} >> '${proof}'\nexit 1\n`);
				chmodSync(join(repository.folder, '.git/hooks', hook), 0o755);
			}
			repository.git('config', 'commit.gpgSign', 'true');
			repository.git('config', 'gpg.program', '/bin/false');
			repository.write('a', 'edited\n');
			const commit = await snapshot();
			await git.setReference('refs/dreamos/x', commit);
			assert.equal(existsSync(proof), false);
		});

		it('reads no excluded file, not even to forget it', async () => {
			repository.write('runtime/secret', 'a secret');
			await snapshot();
			const object = repository.git('hash-object', 'runtime/secret');
			assert.throws(() => repository.git('cat-file', '-e', object));
		});

		it("is not changed by settings of the person's: monitor, split index, logs of references, encoding", async () => {
			// git takes the setting for a shell line: no spaces.
			const monitor = join(folders.make(), 'monitor');
			writeFileSync(monitor, `#!/bin/sh\ntouch ${monitor}-ran\n`, { mode: 0o755 });
			repository.git('config', 'core.splitIndex', 'true');
			repository.git('update-index', '--split-index');
			repository.git('config', 'core.logAllRefUpdates', 'always');
			repository.git('config', 'i18n.commitEncoding', 'ISO-8859-1');
			repository.write('a', 'edited\n');
			// A fifth of all files makes git write another shared index.
			['x', 'y', 'z'].forEach((path) => repository.write(path, path));
			const gitFiles = () => readdirSync(join(repository.folder, '.git')).sort();
			const before = [...gitFiles(), readFileSync(join(repository.folder, '.git/index')).toString('hex')];
			repository.git('config', 'core.fsmonitor', monitor);
			const commit = await git.snapshot('grüße', ['runtime']);
			await git.setReference('refs/dreamos/x', commit);
			repository.git('config', '--unset', 'core.fsmonitor');
			assert.equal(existsSync(`${monitor}-ran`), false);
			assert.deepEqual(
				[...gitFiles(), readFileSync(join(repository.folder, '.git/index')).toString('hex')],
				before,
			);
			assert.equal(existsSync(join(repository.folder, '.git/logs/refs/dreamos')), false);
			assert.ok(!repository.git('cat-file', 'commit', commit).includes('encoding'));
			assert.equal(repository.filesAt(commit)['a'], 'edited\n');
		});

		it('does one thing at a time in a repository, also for two users of it', async function () {
			if (process.platform === 'win32') {
				this.skip();
			}
			const log = join(folders.make(), 'log');
			const bin = folders.make();
			const real = repository.git('--exec-path');
			writeFileSync(
				join(bin, 'git'),
				`#!/bin/sh\necho + >> '${log}'\n'${real}/git' "$@"; code=$?\necho - >> '${log}'\nexit $code\n`,
				{ mode: 0o755 },
			);
			const logged = { ...repository.environment, PATH: `${bin}:${repository.environment['PATH'] ?? ''}` };
			const users = [create(repository.folder, logged), create(repository.folder, logged)];
			await Promise.all(users.map((user) => user.topFolder()));
			writeFileSync(log, '');
			repository.write('a', 'edited\n');
			const head = repository.git('rev-parse', 'HEAD');
			await Promise.all(
				users.flatMap((user, index) => [
					user.snapshot('copy', []),
					user.setReference(`refs/dreamos/${index}`, head),
					user.addWorktree(join(folders.make(), 'tree'), head),
				]),
			);
			assert.match(readFileSync(log, 'utf8').replaceAll('\n', ''), /^(?:\+-){10,}$/u);
		});

		it('does not wait for a lock on the index, and leaves it there', async () => {
			repository.write('.git/index.lock', '');
			repository.write('a', 'edited\n');
			const commit = await snapshot();
			assert.equal(repository.filesAt(commit)['a'], 'edited\n');
			assert.ok(existsSync(join(repository.folder, '.git/index.lock')));
		});

		it('sees a change of the same size within the tick in which the index was written', async () => {
			repository.write('a', 'two\n');
			// What the index knows of the file, and its own time, are equal to the file's: only reading it can tell.
			const index = join(repository.folder, '.git/index');
			const now = Math.floor(Date.now() / 1_000) - 5;
			utimesSync(join(repository.folder, 'a'), now, now);
			repository.git('update-index', '--refresh', '--again');
			repository.git('add', 'a');
			utimesSync(index, now, now);
			repository.write('a', 'owt\n');
			utimesSync(join(repository.folder, 'a'), now, now);
			// Without this git could tell by the time of the last change of the file's data about itself.
			repository.git('config', 'core.trustctime', 'false');
			assert.equal(statSync(join(repository.folder, 'a')).mtimeMs, statSync(index).mtimeMs);
			assert.equal(repository.filesAt(await snapshot())['a'], 'owt\n');
		});

		it('takes a merge that stands half-way as it is in the files', async () => {
			repository.git('checkout', '--quiet', '-b', 'other');
			repository.write('a', 'theirs\n');
			repository.commit();
			repository.git('checkout', '--quiet', 'main');
			repository.write('a', 'ours\n');
			repository.commit();
			assert.throws(() => repository.git('merge', 'other'));
			assert.match(repository.filesAt(await snapshot())['a'] ?? '', /<<<<<<< HEAD/u);
		});

		it('works on a detached HEAD, and in a subfolder as the workspace', async () => {
			open({ a: '', 'app/b': '', 'app/runtime/x': 'tracked\n', 'runtime/y': 'tracked\n' });
			repository.git('checkout', '--quiet', '--detach');
			git = create(join(repository.folder, 'app'), repository.environment);
			repository.write('a', 'outside the workspace\n');
			repository.write('app/runtime/x', 'hidden\n');
			repository.write('runtime/y', "another's\n");
			const files = repository.filesAt(await snapshot());
			assert.deepEqual(files, {
				a: 'outside the workspace\n',
				'app/b': '',
				'app/runtime/x': 'tracked\n',
				'runtime/y': "another's\n",
			});
		});

		it('is not broken by a submodule, dirty or not, nor by repositories lying about', async () => {
			const home = folders.make();
			const library = makeRepository(join(folders.make(), 'library'), home, { lib: '1\n' });
			repository.git('submodule', '--quiet', 'add', library.folder, 'sub');
			repository.commit();
			repository.write('sub/lib', 'dirty\n');
			makeRepository(join(repository.folder, 'cloned'), home, { inner: '' });
			makeRepository(join(repository.folder, 'unborn'), home);
			repository.write('unborn/x', 'x');
			repository.write('a', 'edited\n');
			const commit = await snapshot();
			assert.equal(repository.filesAt(commit)['a'], 'edited\n');
			assert.equal(repository.filesAt(commit)['sub'], '(no file)');
		});

		it('works in a linked worktree of the person, with an index of its own', async () => {
			const linked = join(folders.make(), 'linked');
			repository.git('worktree', 'add', '--quiet', linked, '-b', 'linked');
			git = create(linked, repository.environment);
			writeFileSync(join(linked, 'a'), 'edited there\n');
			const commit = await snapshot();
			assert.equal(repository.filesAt(commit)['a'], 'edited there\n');
		});

		it('takes files outside the cone of a sparse checkout, and deletes none of those left out', async () => {
			open({ a: '', 'in/x': '', 'out/y': 'kept\n' });
			repository.git('sparse-checkout', 'set', 'in');
			repository.write('out/fresh', 'fresh\n');
			assert.deepEqual(Object.keys(repository.filesAt(await snapshot())), ['a', 'in/x', 'out/fresh', 'out/y']);
		});

		it('honours the line end rules of the repository', async () => {
			repository.write('.gitattributes', '*.txt text\n');
			repository.write('x.txt', 'one\r\ntwo\r\n');
			repository.write('x.bin', 'one\r\n');
			const files = repository.filesAt(await snapshot());
			assert.deepEqual([files['x.txt'], files['x.bin']], ['one\ntwo\n', 'one\r\n']);
		});

		it('leaves no file of its own in the repository or the temp folder', async () => {
			const { TMPDIR } = process.env;
			process.env['TMPDIR'] = folders.make();
			try {
				repository.write('a', 'edited\n');
				await snapshot();
				assert.deepEqual(readdirSync(process.env['TMPDIR']), []);
			} finally {
				if (TMPDIR === undefined) {
					delete process.env['TMPDIR'];
				} else {
					process.env['TMPDIR'] = TMPDIR;
				}
			}
		});

		it('gives the same tree from many at once', async () => {
			repository.write('a', 'edited\n');
			const commits = await Promise.all(Array.from({ length: 6 }, () => git.snapshot('copy', ['runtime'])));
			assert.equal(new Set(commits.map((commit) => repository.git('rev-parse', `${commit}^{tree}`))).size, 1);
		});

		it('keeps a message of many lines, and a long one', async () => {
			repository.write('a', 'edited\n');
			const message = `-m first\n\n"quoted" ü\n${'long '.repeat(60_000)}`;
			const commit = await git.snapshot(message, []);
			assert.equal(repository.git('log', '-1', '--format=%B', commit).trim(), message.trim());
		});

		it('is not led astray by a folder named like the index', async () => {
			mkdirSync(join(repository.folder, 'index'));
			repository.write('index/x', 'x');
			assert.equal(repository.filesAt(await snapshot())['index/x'], 'x');
		});
	});
}
