// Checks that a task goes from claim to landing in repositories of every shape, that the person's index, HEAD and branches stay as
// they are, and that what cannot work is said on the run.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGit } from '../../../src/node/git.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { makeRepository, runGit, writeFiles } from '../../support/temporaryRepository.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';
import { canMount, runOnTinyDisk } from '../../support/tinyDisk.ts';

describe('unusual repositories', function () {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	type Options = Parameters<typeof TemporarySwarm.create>[2];
	const open = async (
		files: Readonly<Record<string, string>> = { 'a.txt': 'a\n' },
		options?: Options,
		under = '',
	) => {
		const root = join(folders.make(), under);
		mkdirSync(root, { recursive: true });
		swarm = await TemporarySwarm.create(root, files, options);
	};
	/** What is the person's and no swarm may touch. */
	const persons = (folder = swarm.folder) => {
		const git = (...words: string[]) => runGit(folder, '--no-optional-locks', ...words);
		return {
			head: readFileSync(join(resolve(folder, git('rev-parse', '--git-dir').trim()), 'HEAD'), 'utf8'),
			branches: git('for-each-ref', 'refs/heads', 'refs/tags'),
			staged: git('ls-files', '--stage'),
			stash: git('stash', 'list'),
		};
	};
	/** A task that reads a file and makes one, twice, so that also a worktree of the pool is used. */
	const works = async (folder = swarm.folder) => {
		const before = persons(folder);
		for (const id of ['A', 'B']) {
			await swarm.add(id, [`cat a.txt > ${id}.txt`, 'git status --short > /dev/null']);
		}
		await swarm.workUntilIdle();
		for (const id of ['A', 'B']) {
			assert.equal((await swarm.task(id)).status, 'COMPLETED', swarm.lines.join('\n'));
			assert.equal(swarm.shown(`${id}.txt`), swarm.shown('a.txt'));
		}
		assert.deepEqual(persons(folder), before);
		assert.deepEqual(swarm.leftovers(), []);
	};
	const blocked = async (id: string, reason: RegExp, git?: TemporarySwarm['git']) => {
		await swarm.add(id, ['echo never > never.txt'], { max_attempts: 1 });
		await swarm.workUntilIdle(undefined, git === undefined ? {} : { git });
		const task = await swarm.task(id);
		const [run] = (await swarm.runs(id)).toReversed();
		assert.ok(['BLOCKED', 'FAILED'].includes(task.status), task.status);
		assert.match(run?.reason ?? '', reason);
		assert.equal(swarm.shown('never.txt'), undefined);
	};

	it('work without any commit', async () => {
		await open();
		rmSync(join(swarm.folder, '.git'), { recursive: true });
		runGit(swarm.folder, 'init', '--quiet');
		await works();
	});

	it('work with a detached HEAD', async () => {
		await open();
		runGit(swarm.folder, 'checkout', '--quiet', '--detach');
		await works();
	});

	it('work with a dirty tree: edited, staged, deleted and untracked files are there, and stay', async () => {
		await open({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'gone.txt': 'gone\n' });
		writeFiles(swarm.folder, { 'a.txt': 'edited\n', 'staged.txt': 'staged\n', 'new.txt': 'new\n' });
		runGit(swarm.folder, 'add', 'staged.txt');
		rmSync(join(swarm.folder, 'gone.txt'));
		await swarm.add('L', ['ls > listed.txt']);
		await works();
		assert.equal(swarm.shown('listed.txt'), 'a.txt\nb.txt\nlisted.txt\nnew.txt\nstaged.txt\n');
		assert.match(runGit(swarm.folder, 'status', '--short'), /^ M a\.txt\n D gone\.txt\nA {2}staged\.txt/u);
	});

	it('work in folders with spaces and other scripts, with files named so', async () => {
		await open({ 'a.txt': 'a\n', 'ä ö/日本 😀.txt': 'x\n' }, {}, 'wörk späce 日本');
		await swarm.add('C', ['cat "ä ö/日本 😀.txt" >> "ä ö/日本 😀.txt.copy"']);
		await works();
		assert.equal(swarm.shown('ä ö/日本 😀.txt.copy'), 'x\n');
	});

	it('work in a sub-folder of a repository', async () => {
		await open({ 'app/a.txt': 'a\n', 'other.txt': 'o\n' }, { place: 'packages/app' });
		writeFiles(swarm.folder, { 'a.txt': 'a\n' });
		await swarm.add('C', ['cat a.txt > copy.txt', 'cat ../../other.txt >> copy.txt']);
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('C')).status, 'COMPLETED', swarm.lines.join('\n'));
		assert.equal(swarm.shown('packages/app/copy.txt'), 'a\no\n');
	});

	it('work where the repository lies inside the workspace, also with a runtime folder of its own', async () => {
		await open({ 'a.txt': 'a\n', 'runtime/own.txt': 'own\n' }, { inside: 'code/app' });
		await swarm.add('C', ['echo changed > runtime/own.txt']);
		await works(join(swarm.folder, 'code/app'));
		assert.equal(swarm.shown('runtime/own.txt'), 'changed\n');
	});

	it('say which repositories there are, where the workspace holds several', async () => {
		await open({ 'a.txt': 'a\n' }, { inside: 'one' });
		mkdirSync(join(swarm.folder, 'deep/two'), { recursive: true });
		makeRepository(join(swarm.folder, 'deep/two'), { 'b.txt': 'b\n' });
		const git = createGit({ workspaceFolder: swarm.folder });
		await assert.rejects(git.topFolder(), {
			code: 'git.severalRepositories',
			message: new RegExp(`holds 2: deep/two, one\\.`, 'u'),
		});
		await blocked('N', /holds 2: deep\/two, one/u, git);
	});

	it('work with a sparse checkout', async () => {
		await open({ 'a.txt': 'a\n', 'in/x.txt': 'x\n', 'out/y.txt': 'y\n' });
		runGit(swarm.folder, 'sparse-checkout', 'set', 'in');
		await swarm.add('C', ['ls > listed.txt']);
		await works();
		assert.equal(swarm.shown('listed.txt'), 'a.txt\nin\nlisted.txt\n');
		assert.equal(swarm.shown('out/y.txt'), undefined);
	});

	it('work in a shallow clone', async () => {
		await open();
		writeFiles(swarm.folder, { 'later.txt': 'later\n' });
		runGit(swarm.folder, 'add', 'later.txt');
		runGit(swarm.folder, 'commit', '--quiet', '--message', 'later');
		const shallow = join(folders.make(), 'shallow');
		runGit(swarm.folder, 'clone', '--quiet', '--depth', '1', `file://${swarm.folder}`, shallow);
		rmSync(join(swarm.folder, '.git'), { recursive: true });
		cpSync(join(shallow, '.git'), join(swarm.folder, '.git'), { recursive: true });
		assert.equal(runGit(swarm.folder, 'rev-parse', '--is-shallow-repository').trim(), 'true');
		await works();
	});

	it('work where the repository lies elsewhere and names its tree', async () => {
		await open();
		const elsewhere = join(folders.make(), 'elsewhere.git');
		cpSync(join(swarm.folder, '.git'), elsewhere, { recursive: true });
		rmSync(join(swarm.folder, '.git'), { recursive: true });
		writeFileSync(join(swarm.folder, '.git'), `gitdir: ${elsewhere}\n`);
		runGit(swarm.folder, 'config', 'core.worktree', swarm.folder);
		await works();
	});

	it('say that there is none where the repository has no tree', async () => {
		await open();
		const bare = join(folders.make(), 'bare');
		runGit(swarm.folder, 'clone', '--quiet', '--bare', swarm.folder, bare);
		rmSync(join(swarm.folder, '.git'), { recursive: true });
		cpSync(bare, swarm.folder, { recursive: true });
		await blocked('N', /no git repository|not a git repository|bare/iu);
	});

	it('work with submodules, which are empty and say so; a commit in one is said and stays', async () => {
		await open();
		const library = folders.make();
		makeRepository(library, { 'lib.txt': 'lib\n' });
		runGit(swarm.folder, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'sub');
		runGit(swarm.folder, 'commit', '--quiet', '--message', 'sub');
		runGit(swarm.folder, 'config', 'submodule.recurse', 'true');
		await swarm.add('C', ['ls sub > listed.txt']);
		await works();
		assert.equal(swarm.shown('listed.txt'), '');
		const [run] = await swarm.runs('C');
		const log = readFileSync(join(swarm.folder, run?.log_file ?? ''), 'utf8');
		assert.match(log, /Submodules are empty in a worktree/u);
		await swarm.add('S', [
			'git -c protocol.file.allow=always submodule --quiet update --init',
			'git -C sub -c user.name=x -c user.email=x@x commit --quiet --allow-empty -m x',
		]);
		await swarm.workUntilIdle();
		const task = await swarm.task('S');
		assert.equal(task.status, 'BLOCKED');
		assert.match(task.block_reason?.text ?? '', /Commits were made in submodules \(sub\)/u);
		const [made] = await swarm.runs('S');
		assert.ok(
			existsSync(join(swarm.worktrees, made?.run_id ?? '', 'sub/.git')),
			'what cannot be kept elsewhere stays',
		);
	});

	it('work with pointers of large files where git-lfs is set up and missing, and say so', async function () {
		await open({ 'a.txt': 'a\n' });
		const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n`;
		writeFiles(swarm.folder, {
			'big.bin': pointer,
			'.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
		});
		runGit(swarm.folder, 'add', '--all');
		runGit(swarm.folder, 'commit', '--quiet', '--message', 'pointers');
		for (const [name, value] of Object.entries({
			process: 'git-lfs filter-process',
			clean: 'git-lfs clean -- %f',
			smudge: 'git-lfs smudge -- %f',
			required: 'true',
		})) {
			runGit(swarm.folder, 'config', `filter.lfs.${name}`, value);
		}
		if (hasLfs()) {
			this.skip();
		}
		await swarm.add('C', ['cat big.bin > copy.txt', 'echo more >> other.bin']);
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('C')).status, 'COMPLETED', swarm.lines.join('\n'));
		assert.equal(swarm.shown('copy.txt'), pointer);
		assert.equal(swarm.shown('big.bin'), pointer);
		assert.deepEqual(swarm.leftovers(), []);
		assert.match(swarm.lines.join('\n'), /git-lfs is set up and was not found/u);
	});

	it('work with hooks that all fail, and with the index locked', async () => {
		await open();
		for (const hook of [
			'post-checkout',
			'pre-commit',
			'post-commit',
			'reference-transaction',
			'post-index-change',
		]) {
			const place = join(swarm.folder, '.git/hooks', hook);
			mkdirSync(join(place, '..'), { recursive: true });
			writeFileSync(place, '#!/bin/sh\nexit 1\n');
			chmodSync(place, 0o755);
		}
		writeFileSync(join(swarm.folder, '.git/index.lock'), '');
		await works();
	});

	it('tell a filter that fails on the run, and go on with others', async () => {
		await open({ 'a.txt': 'a\n' }, { agents: [buildAgent('Agent-1')] });
		runGit(swarm.folder, 'config', 'filter.broken.clean', 'cat');
		runGit(swarm.folder, 'config', 'filter.broken.smudge', 'false');
		runGit(swarm.folder, 'config', 'filter.broken.required', 'true');
		writeFiles(swarm.folder, { '.gitattributes': '*.odd filter=broken\n', 'x.odd': 'x\n' });
		await blocked('F', /The smudge filter broken failed on x\.odd/u);
		rmSync(join(swarm.folder, 'x.odd'));
		await works();
	});

	it('tell a git that is missing or too old on the run', async () => {
		await open();
		const bin = folders.make();
		const environment = { ...process.env, PATH: bin };
		const git = createGit({ workspaceFolder: swarm.folder, environment });
		await blocked('M', /git was not found/u, git);
		writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.20.1\n', { mode: 0o755 });
		await blocked('O', /git 2\.20\.1 is too old; Dream\.OS needs 2\.34/u, git);
		await works();
	});

	it('tell a full disk on the run that met it, and everybody else goes on', async function () {
		await open();
		if (!canMount()) {
			this.skip();
		}
		const root = folders.make();
		mkdirSync(join(root, 'worktrees'));
		const program = fileURLToPath(new URL('../../support/worktreeFullDisk.child.ts', import.meta.url));
		const stdout = await runOnTinyDisk(join(root, 'worktrees'), '4m', program, root);
		const { ends, leftovers, fine } = JSON.parse(stdout) as {
			ends: { id: string; status: string; reason: string }[];
			leftovers: string[];
			fine: string;
		};
		assert.deepEqual(
			ends.map(({ id, status }) => [id, status]),
			[
				['filler', 'FAILED'],
				['modest', 'COMPLETED'],
				['huge', 'BLOCKED'],
			],
		);
		assert.match(ends[0]?.reason ?? '', /No space left on device/u);
		assert.match(ends[2]?.reason ?? '', /disk or its quota is full/u);
		assert.equal(fine, 'fine\n');
		assert.deepEqual(
			leftovers.filter((line) => !line.startsWith('refs/dreamos/rescue/')),
			[],
		);
	});
});

function hasLfs(): boolean {
	try {
		execFileSync('git', ['lfs', 'version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}
